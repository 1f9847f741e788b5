#!/usr/bin/python3
"""What Orthanc's anonymisation does to every attribute of the dictionary that it does not keep, one row each: tag, then changed, emptied or removed.

Writes the table that AnonymiserOracleTests compares with. Needs Debian's orthanc and python3-pydicom; Orthanc serves on 127.0.0.1:18042 while the script runs.

    tools/dicom-dictionary/anonymised_by_orthanc.py 2021b > tests/SecondOpinion.Dicom.Tests/Anonymise/orthanc-2021b.tsv
"""
import io
import json
import subprocess
import sys
import tempfile
import time
import urllib.request

import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.datadict import DicomDictionary
from pydicom.dataelem import DataElement

VALUES = {
    "AE": "TITLE", "AS": "033Y", "CS": "CODE", "DA": "20240229", "DS": "1.5", "DT": "20240229091011", "IS": "15", "LO": "SECRET", "LT": "SECRET", "PN": "SECRET",
    "SH": "SECRET", "ST": "SECRET", "TM": "091011", "UC": "SECRET", "UI": "1.2.3.4", "UR": "http://secret", "UT": "SECRET", "US": 5, "SS": 5, "UL": 5, "SL": 5,
    "FL": 1.5, "FD": 1.5, "OB": b"SECR", "OW": b"SECR", "UN": b"SECR", "OF": b"SECR", "OD": b"SECRSECR", "OL": b"SECR", "OV": b"SECRSECR", "SV": 5, "UV": 5, "AT": 0x00100010,
}


def vr_of(entry):
    return entry.split(" or ")[0]


def everything():
    dataset = Dataset()
    for tag, (vr, _vm, _name, _retired, keyword) in DicomDictionary.items():
        group = tag >> 16
        if group < 8 or tag & 0xFFFF == 0 or group in (0x0028, 0x7FE0, 0xFFFE, 0xFFFA, 0xFFFC) or not keyword:
            continue
        kind = vr_of(vr)
        if kind == "SQ":
            item = Dataset()
            item.CodeMeaning = "SECRET"
            dataset.add(DataElement(tag, "SQ", [item]))
        elif kind in VALUES:
            dataset.add(DataElement(tag, kind, VALUES[kind]))
    dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.66"  # Raw Data: no pixels
    dataset.SpecificCharacterSet = "ISO_IR 100"
    return dataset


def call(method, path, body=None):
    request = urllib.request.Request("http://127.0.0.1:18042" + path, data=body, method=method)
    return urllib.request.urlopen(request).read()


def main(version):
    folder = tempfile.mkdtemp()
    with open(folder + "/orthanc.json", "w") as file:
        json.dump({"HttpPort": 18042, "DicomServerEnabled": False, "RemoteAccessAllowed": False, "AuthenticationEnabled": False,
                   "StorageDirectory": folder, "IndexDirectory": folder, "Plugins": []}, file)
    server = subprocess.Popen(["Orthanc", folder + "/orthanc.json"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                call("GET", "/system")
                break
            except OSError:
                time.sleep(0.2)
        before = everything()
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID, meta.TransferSyntaxUID = before.SOPClassUID, before.SOPInstanceUID, pydicom.uid.ExplicitVRLittleEndian
        before.file_meta, before.is_little_endian, before.is_implicit_VR = meta, True, False
        data = io.BytesIO()
        pydicom.dcmwrite(data, before, write_like_original=False)
        stored = json.loads(call("POST", "/instances", data.getvalue()))
        after = pydicom.dcmread(io.BytesIO(call("POST", f"/instances/{stored['ID']}/anonymize", json.dumps({"DicomVersion": version, "Force": True}).encode())))
        before = pydicom.dcmread(io.BytesIO(data.getvalue()))
        print(f"# Orthanc {json.loads(call('GET', '/system'))['Version']}, PS3.15 {version}")
        for element in before:
            found = after.get(element.tag)
            what = "removed" if found is None else "emptied" if found.is_empty or (found.VR == "SQ" and not found.value) else "kept" if found.value == element.value else "changed"
            if what != "kept":
                print(f"{int(element.tag):08X}\t{what}")
    finally:
        server.terminate()
        server.wait()


main(sys.argv[1])
