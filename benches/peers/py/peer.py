"""One engine in a process of its own: reads commands as JSON lines, and answers each with one.

usage: peer.py ENGINE FOLDER, where FOLDER holds a folder of arrays for each snapshot, 0, 1, ..

Commands: "load" makes the engine's own form of every snapshot; "firings N" lists what the rules are true of on
snapshot N; "run N" evaluates all snapshots N times. The answers to the first and the last tell seconds
of processor time (of all threads) and of wall time.
"""

import gc
import importlib
import json
import platform
import sys
import time
from pathlib import Path


def timed(work):
    cpu, wall = time.process_time(), time.perf_counter()
    result = work()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return {"cpu": cpu, "wall": wall}, result


class Peer:
    def __init__(self, engine, folder):
        # The modules of the engines: `load(arrays)`, and of what it returns `evaluate()` and `pairs()`.
        self.engine = importlib.import_module(engine)
        folders = sorted(Path(folder).iterdir(), key=lambda path: int(path.name))
        self.arrays = [self.engine.read(path) for path in folders]
        self.snapshots = []

    def answer(self, command, argument):
        match command:
            case "load":
                self.snapshots.clear()
                spent, self.snapshots = timed(lambda: [self.engine.load(a) for a in self.arrays])
                # What is loaded stays: the collector need not look at it again.
                gc.collect()
                gc.freeze()
                return spent
            case "firings":
                snapshot = self.snapshots[argument]
                balance, folders, sessions = snapshot.evaluate()
                return {
                    "balance": balance,
                    "folders": snapshot.pairs(folders),
                    "sessions": snapshot.pairs(sessions),
                }
            case "run":
                return timed(lambda: self.run(argument))[0]
        raise ValueError(f"unknown command {command}")

    def run(self, times):
        for _ in range(times):
            for snapshot in self.snapshots:
                snapshot.evaluate()


def main():
    _, engine, folder = sys.argv
    peer = Peer(engine, folder)
    version = getattr(peer.engine, "VERSION", f"CPython {platform.python_version()}")
    print(json.dumps({"version": version}), flush=True)
    for line in sys.stdin:
        command, _, argument = line.strip().partition(" ")
        print(json.dumps(peer.answer(command, int(argument or 0))), flush=True)


main()
