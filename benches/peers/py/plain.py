"""Plain Python: lists of tuples, apart by what the rules ask of them, and comprehensions over them."""

from array import array
from collections import defaultdict

from names import CLIENT, FILE, FOLDER, OPEN, PARTITION, PLAYER, SESSION, UPDATE

KINDS = {
    "server_cpu": "d",
    "types": "B",
    "hosts": "I",
    "callers": "I",
    "callees": "I",
    "functions": "B",
    "counts": "d",
    "folders": "I",
    "files": "I",
}


def read(folder):
    arrays = {}
    for name, kind in KINDS.items():
        arrays[name] = array(kind, (folder / name).read_bytes())
    return arrays


class Cluster:
    def __init__(self, arrays):
        types, hosts = arrays["types"].tolist(), arrays["hosts"].tolist()
        self.server_cpu = arrays["server_cpu"].tolist()
        self.has_partition = PARTITION in types
        # Of clients' calls: hosts and counts of all, and the opened folders with both.
        self.received_hosts, self.received_counts, self.opens = [], [], []
        # Of sessions' calls to `update` of players: both, and the count.
        self.updates = []
        columns = (arrays[name] for name in ("callers", "callees", "functions", "counts"))
        for caller, callee, function, count in zip(*columns):
            if caller == CLIENT:
                self.received_hosts.append(hosts[callee])
                self.received_counts.append(count)
                if function == OPEN and types[callee] == FOLDER:
                    self.opens.append((callee, hosts[callee], count))
            elif function == UPDATE and types[caller] == SESSION and types[callee] == PLAYER:
                self.updates.append((caller, callee, count))
        self.files = defaultdict(list)
        for folder, file in zip(arrays["folders"], arrays["files"]):
            if types[file] == FILE:
                self.files[folder].append(file)

    def evaluate(self):
        return self.balance(), self.folders(), self.sessions()

    def balance(self):
        # server.cpu.perc > 80 or server.cpu.perc < 60 => balance({Partition}, cpu);
        return self.has_partition and any(cpu > 80 or cpu < 60 for cpu in self.server_cpu)

    def folders(self):
        # client.call(Folder(f).open).perc > 40 and File(x) in ref(f.files) => colocate(f, x);
        received = [0.0] * len(self.server_cpu)
        for host, count in zip(self.received_hosts, self.received_counts):
            received[host] += count
        files = self.files
        return [
            (folder, file)
            for folder, host, count in self.opens
            if 100 * count / received[host] > 40
            for file in files.get(folder, ())
        ]

    def sessions(self):
        # Session(s).call(Player(p).update).count > 100 => colocate(s, p);
        return [(session, player) for session, player, count in self.updates if count > 100]

    def pairs(self, firings):
        return firings


load = Cluster
