"""Names of the generated cluster's types and functions, by number."""

TYPES = ["Partition", "Folder", "File", "Player", "Session", "Room", "Lock", "Cart", "Feed", "Job"]
FUNCTIONS = ["open", "read", "update", "get", "act", "ping"]
PARTITION, FOLDER, FILE, PLAYER, SESSION = range(5)
OPEN, UPDATE = 0, 2
CLIENT = 2**32 - 1
