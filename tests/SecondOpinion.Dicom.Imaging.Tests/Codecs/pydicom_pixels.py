"""Writes the pixels that pydicom decodes of each file named on standard input, and of those that its package holds, as 32-bit numbers into a folder.
One JSON line a file: {"file", "pixels"} or {"file", "error"}."""
import json
import os
import sys
import warnings

import pydicom
from pydicom.pixel_data_handlers.util import convert_color_space

warnings.simplefilter("ignore")
folder = sys.argv[1]


def files():
    yield from (line.strip() for line in sys.stdin if line.strip())
    for parent, _, names in os.walk(os.path.join(os.path.dirname(pydicom.__file__), "data", "test_files")):
        for name in sorted(names):
            if name.endswith(".dcm") or parent.rstrip("/").split("/")[-1][:2] in ("CR", "CT", "MR"):
                yield os.path.join(parent, name)


for number, file in enumerate(files()):
    try:
        dataset = pydicom.dcmread(file, force=True)
        if "PixelData" not in dataset:
            continue
        array = dataset.pixel_array
        if array.dtype.kind == "f":
            continue
        if dataset.file_meta.TransferSyntaxUID.endswith(".4.50") and dataset.PhotometricInterpretation.startswith("YBR_FULL"):
            array = convert_color_space(array, dataset.PhotometricInterpretation, "RGB")  # pydicom leaves the colours of JPEG
        path = os.path.join(folder, "%d.bin" % number)
        array.astype("<i8").astype("<u4").tofile(path)
        print(json.dumps({"file": file, "pixels": path}))
    except Exception as error:
        print(json.dumps({"file": file, "error": "%s: %s" % (type(error).__name__, error)}))
