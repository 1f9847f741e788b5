"""Prints what pydicom reads, one JSON line a file: {"file", "elements": [[path, vr, value], ...]} or {"file", "error"}.
Paths of files come from standard input; --shipped adds the files that the pydicom package holds."""
import hashlib
import json
import os
import struct
import sys
import warnings

import pydicom
from pydicom.filewriter import correct_ambiguous_vr

warnings.simplefilter("ignore")
BINARY = {"OB", "OD", "OF", "OL", "OV", "OW", "UN"}


def text(vr, value):
    if vr in ("FL", "FD"):
        return struct.pack(">d", value).hex()
    if vr == "AT":
        return "%08X" % value
    original = getattr(value, "original_string", None)
    return original if isinstance(original, str) else str(value)


def show(element):
    vr, value = element.VR, element.value
    if value is None or value == "" or (hasattr(value, "__len__") and len(value) == 0):
        return ""
    if isinstance(value, bytes):
        return "%d:%s" % (len(value), hashlib.sha256(value).hexdigest())
    if isinstance(value, (list, pydicom.multival.MultiValue)):
        return "\\".join(text(vr, v) for v in value)
    return text(vr, value)


def walk(dataset, path, out):
    for tag in sorted(dataset.keys()):
        name = path + "%08X" % tag
        try:
            element = dataset[tag]
            if element.VR == "SQ":
                out.append([name, "SQ", str(len(element.value))])
                for number, item in enumerate(element.value):
                    walk(item, "%s/%d/" % (name, number + 1), out)
            else:
                out.append([name, element.VR, show(element)])
        except Exception as error:  # a value that pydicom cannot convert is not compared
            out.append([name, "??", type(error).__name__])


def files():
    yield from (line.strip() for line in sys.stdin if line.strip())
    if "--shipped" in sys.argv:
        for folder, _, names in os.walk(os.path.join(os.path.dirname(pydicom.__file__), "data")):
            for name in sorted(names):
                if name.endswith(".dcm") or name.startswith("DICOMDIR"):
                    yield os.path.join(folder, name)


for file in files():
    try:
        dataset = pydicom.dcmread(file, force=True)
        try:
            correct_ambiguous_vr(dataset, dataset.is_little_endian)
        except Exception:
            pass
        elements = []
        walk(dataset, "", elements)
        print(json.dumps({"file": file, "elements": elements}))
    except Exception as error:
        print(json.dumps({"file": file, "error": "%s: %s" % (type(error).__name__, error)}))
