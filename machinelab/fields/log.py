"""Lines that a server writes to its log."""

from . import FieldType, label, of, text, uint

FIELDS: dict[str, FieldType] = {
    "log": label("a line of a server's log"),
    "log.time": of("time", "when the server wrote it, by its own clock", volatile=True),
    "log.pid": uint("the process that wrote it", volatile=True),
    "log.process": text("what kind of process that is"),
    "log.logger": text("which part of the server says it"),
    "log.severity": text("how grave it is"),
    "log.message": text("what it says", volatile=True),
    "log.lsn": text("the place in the write-ahead log that it names", volatile=True),
}
