"""Records of a write-ahead log: PostgreSQL's, as pg_waldump prints them."""

from . import FieldType, label, of, text, uint

FIELDS: dict[str, FieldType] = {
    "wal": label("a record of PostgreSQL's write-ahead log"),
    "wal.lsn": text("where it begins in the log, in bytes since the log began: its log sequence number", volatile=True),
    "wal.prev": text("where the record before it begins", volatile=True),
    "wal.rmgr": text("the part of the server that wrote it, and that would redo it"),
    "wal.record": text("what kind of change it is"),
    "wal.info": text("the change, in pg_waldump's words", volatile=True),
    "wal.xid": uint("the transaction that made it; 0: none", volatile=True),
    "wal.length": uint("how many bytes it takes in all"),
    "wal.length.record": uint("how many of them are not copies of pages"),
    "wal.fpi": uint("how many copies of whole pages it carries"),
    "wal.fpi.length": uint("how many bytes those take"),
    "wal.rel": text("the file of a table or index it changes: tablespace/database/file", volatile=True),
    "wal.blk": uint("the page of that file it changes, counted from 0", volatile=True),
    "wal.time": of("time", "when it was made: commits and aborts alone say so", volatile=True),
    "wal.placed": text("for a record without a time: what tells that it was there by then"),
    "wal.write": uint("the system call that wrote it to the file: the first that certainly had it", volatile=True),
    "wal.flush": uint("the system call that had it put on the disk", volatile=True),
}  # fmt: skip
