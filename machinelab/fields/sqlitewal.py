"""SQLite's write-ahead log: https://sqlite.org/fileformat2.html, section 4, "The Write-Ahead Log"."""

from . import FieldType, flag, label, octets, text, uint

FIELDS: dict[str, FieldType] = {
    "sqlitewal": label("a piece of SQLite's write-ahead log: its header, or a frame"),
    "sqlitewal.magic": uint(
        "which file this is; its last bit says how the checksums read the bytes", digits=8
    ),
    "sqlitewal.version": uint("the version of the format"),
    "sqlitewal.pagesize": uint("how many bytes a page of the database takes"),
    "sqlitewal.sequence": uint("how many times the log has begun anew"),
    "sqlitewal.salt1": uint(
        "one more each time the log begins anew: what tells its frames from older ones",
        digits=8,
        volatile=True,
    ),
    "sqlitewal.salt2": uint("picked at random each time", digits=8, volatile=True),
    "sqlitewal.checksum1": uint("the first half of the checksum of all before it", digits=8, volatile=True),
    "sqlitewal.checksum2": uint("the second half", digits=8, volatile=True),
    "sqlitewal.frame": uint("which frame it is, counted from 1"),
    "sqlitewal.offset": uint("where in the file it begins"),
    "sqlitewal.page": uint("the page of the database that it holds anew, counted from 1"),
    "sqlitewal.commit": uint(
        "in the last frame of a transaction, how many pages the database then has; else 0"
    ),
    "sqlitewal.data": octets("the page itself", volatile=True),
    "sqlitewal.missing": uint("how many bytes of it are not there"),
    "sqlitewal.valid": flag(
        "the salts are the header's, and the checksum is right, from the header up to here"
    ),
    "sqlitewal.counts": flag(
        "a reader takes it: it is valid, and so is the frame that commits its transaction"
    ),
    "sqlitewal.why": text("why a reader does not take it"),
}
