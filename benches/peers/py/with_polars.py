"""polars with two threads: calls with types and hosts beside them, apart by function."""

import os

os.environ["POLARS_MAX_THREADS"] = "2"

import polars
from polars import col

from buffers import numbers, read
from names import CLIENT, FUNCTIONS, TYPES

VERSION = f"polars {polars.__version__}"


class Cluster:
    def __init__(self, arrays):
        types = polars.Series(arrays["types"]).cat.to(polars.Enum(TYPES))
        functions = polars.Series(arrays["functions"]).cat.to(polars.Enum(FUNCTIONS))
        hosts, callees = polars.Series(arrays["hosts"]), polars.Series(arrays["callees"])
        server_cpu = arrays["server_cpu"]
        servers = polars.DataFrame({"id": numbers(server_cpu), "cpu": server_cpu})
        actors = polars.DataFrame({"id": numbers(arrays["types"]), "type": types, "host": hosts})
        calls = polars.DataFrame(
            {
                "caller": arrays["callers"],
                "callee": callees,
                "callee_type": types.gather(callees),
                "function": functions,
                "count": arrays["counts"],
            }
        )
        is_client = col("caller") == CLIENT
        client_calls = calls.filter(is_client)
        client_calls = client_calls.with_columns(host=hosts.gather(client_calls["callee"]))
        actor_calls = calls.filter(~is_client)
        actor_calls = actor_calls.with_columns(caller_type=types.gather(actor_calls["caller"]))
        actor_calls = actor_calls.partition_by("function", as_dict=True)
        updates = actor_calls.get(("update",), actor_calls[next(iter(actor_calls))].clear())
        files = polars.DataFrame(
            {
                "folder": arrays["folders"],
                "file": arrays["files"],
                "file_type": types.gather(polars.Series(arrays["files"])),
            }
        )
        self.queries = [
            out_of_bounds(servers.lazy()),
            partitions(actors.lazy()),
            folders(client_calls.lazy(), files.lazy()),
            sessions(updates.lazy()),
        ]
        # What is faster: batches pay from some size on.
        self.engine = "streaming" if actors.height >= 100_000 else "in-memory"

    def evaluate(self):
        out, there, folders, sessions = polars.collect_all(self.queries, engine=self.engine)
        return out.item() and there.item(), folders, sessions

    def pairs(self, firings):
        return [list(row) for row in firings.rows()]


def out_of_bounds(servers):
    # server.cpu.perc > 80 or server.cpu.perc < 60 => balance({Partition}, cpu);
    return servers.select(((col("cpu") > 80) | (col("cpu") < 60)).any())


def partitions(actors):
    return actors.select((col("type") == "Partition").any())


def folders(client_calls, files):
    # client.call(Folder(f).open).perc > 40 and File(x) in ref(f.files) => colocate(f, x);
    share = 100 * col("count") / col("count").sum().over("host")
    hot = client_calls.with_columns(share=share).filter(
        (col("function") == "open") & (col("callee_type") == "Folder") & (col("share") > 40)
    )
    files = files.filter(col("file_type") == "File")
    return hot.join(files, left_on="callee", right_on="folder").select("callee", "file")


def sessions(updates):
    # Session(s).call(Player(p).update).count > 100 => colocate(s, p);
    is_between = (col("caller_type") == "Session") & (col("callee_type") == "Player")
    return updates.filter(is_between & (col("count") > 100)).select("caller", "callee")


load = Cluster
