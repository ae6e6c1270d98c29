"""What Redis's MONITOR shows of each command."""

from . import FieldType, label, of, text, uint

FIELDS: dict[str, FieldType] = {
    "redismonitor": label("a command that the server has carried out"),
    "redismonitor.time": of("time", "when it was done", volatile=True),
    "redismonitor.db": uint("in which database"),
    "redismonitor.client": text("who asked for it: an address, lua for a script", volatile=True),
    "redismonitor.command": text("the command's name, in capitals"),
    "redismonitor.argument": text("a word after it"),
}
