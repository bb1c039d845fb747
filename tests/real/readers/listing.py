"""Prints what Python's zipfile finds in a zip, as JSON: by name, the Unix mode and
the contents' SHA-256. Reading an entry, zipfile holds it against its checksum."""

import hashlib
import json
import sys
import zipfile

with zipfile.ZipFile(sys.argv[1]) as archive:
    names = archive.namelist()
    if len(set(names)) != len(names):
        sys.exit("two entries have one name")
    found = {
        entry.filename: {
            "mode": entry.external_attr >> 16,
            "sha256": hashlib.sha256(archive.read(entry)).hexdigest(),
        }
        for entry in archive.infolist()
    }
print(json.dumps(found))
