"""DuckDB with two threads: the statements of `sql/duckdb`, prepared, results as numpy arrays."""

from pathlib import Path

import duckdb

from buffers import numbers, read
from names import FUNCTIONS, TYPES

VERSION = f"DuckDB {duckdb.__version__}"
SQL = Path(__file__).parent.parent / "sql/duckdb"
RULES = ["balance", "folders", "sessions"]


class Cluster:
    def __init__(self, arrays):
        self.connection = duckdb.connect()
        self.connection.execute("set threads = 2")
        self.connection.execute(f"create type actor_type as enum {tuple(TYPES)}")
        self.connection.execute(f"create type function as enum {tuple(FUNCTIONS)}")
        raw = {
            "servers": {"id": numbers(arrays["server_cpu"]), "cpu": arrays["server_cpu"]},
            "actors": {
                "id": numbers(arrays["types"]),
                "type": arrays["types"],
                "host": arrays["hosts"],
            },
            "calls": {
                "caller": arrays["callers"],
                "callee": arrays["callees"],
                "function": arrays["functions"],
                "count": arrays["counts"],
            },
            "files": {"owner": arrays["folders"], "member": arrays["files"]},
        }
        for name, table in raw.items():
            self.connection.register(f"raw_{name}", table)
        self.connection.execute((SQL / "load.sql").read_text())
        for name in RULES:
            self.connection.execute(f"prepare {name} as {(SQL / name).with_suffix('.sql').read_text()}")

    def evaluate(self):
        balance, folders, sessions = (
            self.connection.execute(f"execute {name}").fetchnumpy() for name in RULES
        )
        return bool(balance["fires"][0]), folders, sessions

    def pairs(self, firings):
        return [list(row) for row in zip(*(column.tolist() for column in firings.values()))]


load = Cluster
