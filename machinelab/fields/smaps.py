"""What memory a process has for itself, and what it shares with others: proc_pid_smaps(5)."""

from . import FieldType, label, of, uint

FIELDS: dict[str, FieldType] = {
    "smaps": label("a process's memory at a moment"),
    "smaps.time": of("time", "when it was read", volatile=True),
    "smaps.pid": uint("the process", volatile=True),
    "smaps.parent": uint("its parent, if that is one of those that are looked at", volatile=True),
    "smaps.shared": uint("bytes in pages that another process has, too", volatile=True),
    "smaps.private": uint("bytes in pages that are its own", volatile=True),
}
