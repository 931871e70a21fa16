"""The arrays of a snapshot as numpy arrays over the files' bytes."""

import numpy

KINDS = {
    "server_cpu": "<f8",
    "types": "u1",
    "hosts": "<u4",
    "callers": "<u4",
    "callees": "<u4",
    "functions": "u1",
    "counts": "<f8",
    "folders": "<u4",
    "files": "<u4",
}


def read(folder):
    return {name: numpy.fromfile(folder / name, kind) for name, kind in KINDS.items()}


def numbers(array):
    return numpy.arange(len(array), dtype="u4")
