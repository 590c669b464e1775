"""Archives as tests want them, good and hostile."""

import gzip
import io
import struct
import tarfile
import zipfile

CSV = b"id,date,comment\nr1,2026-03-01,The kettle leaks every single morning.\n"
OTHER = b"id,date,comment\nr2,2026-03-02,The parcel came two weeks late again.\n"


def zipped(members, *, method=zipfile.ZIP_DEFLATED):
    """Pack name -> bytes; a list of pairs may repeat a name."""
    stream = io.BytesIO()
    pairs = members.items() if isinstance(members, dict) else members
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in pairs:
            archive.writestr(name, data)
    return stream.getvalue()


def tarred(members, *, packed=True, links=()):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz" if packed else "w") as archive:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
        for name in links:
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
            archive.addfile(entry)
    return stream.getvalue()


def encrypted(data):
    """Mark every member of a zip as encrypted."""
    changed = bytearray(data)
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(sign)
        while at >= 0:
            changed[at + place] |= 1
            at = changed.find(sign, at + 1)
    return bytes(changed)


def understated(data, size):
    """Let a zip state another unpacked size than it has, everywhere."""
    changed = bytearray(data)
    for sign, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = changed.find(sign)
        while at >= 0:
            struct.pack_into("<L", changed, at + place, size)
            at = changed.find(sign, at + 1)
    return bytes(changed)


def gzipped(data):
    return gzip.compress(data, mtime=0)
