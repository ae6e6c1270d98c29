"""Redis's append-only file."""

from . import FieldType, flag, label, text, uint

FIELDS: dict[str, FieldType] = {
    "aof": label("a write, as it stands in the append-only file"),
    "aof.offset": uint("where in the file it begins, in bytes"),
    "aof.whole": flag("it is there to its last byte: only then does it count"),
    "aof.command": text("the command, in capitals"),
    "aof.argument": text("a word after it"),
}
