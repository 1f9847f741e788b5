"""Prints microseconds of CPU a file that pydicom needs for all files of a folder, as a JSON object by operation.
A read is one of every value: pydicom decodes a value when it is asked for."""
import io
import json
import logging
import os
import sys
import time
import warnings

import pydicom

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)


def every_value(data_set):
    for element in data_set:
        if element.VR == "SQ":
            for item in element.value:
                every_value(item)


def read(data, **options):
    data_set = pydicom.dcmread(io.BytesIO(data), force=True, **options)
    every_value(data_set)
    return data_set


def works(operation, argument):
    try:
        operation(argument)
        return True
    except Exception:  # a file that pydicom refuses is left out of the average
        return False


def measure(operation, arguments):
    arguments = [a for a in arguments if works(operation, a)]
    rounds = []
    began = time.process_time()
    while len(rounds) < 3 or (time.process_time() - began < 1.5 and len(rounds) < 9):
        start = time.process_time()
        for argument in arguments:
            operation(argument)
        rounds.append((time.process_time() - start) / len(arguments) * 1e6)
    return sorted(rounds)[len(rounds) // 2]


folder = sys.argv[1]
files = []
for name in sorted(os.listdir(folder)):
    with open(os.path.join(folder, name), "rb") as file:
        files.append(file.read())
files = [f for f in files if works(read, f)]
data_sets = [read(f) for f in files]
texts = [d.to_json() for d in data_sets if works(lambda s: s.to_json(), d)]
print(json.dumps({
    "read": measure(read, files),
    "read up to Pixel Data": measure(lambda f: read(f, stop_before_pixels=True), files),
    "to JSON": measure(lambda d: d.to_json(), data_sets),
    "from JSON": measure(pydicom.Dataset.from_json, texts),
    "write": measure(lambda d: d.save_as(io.BytesIO()), data_sets),
}))
