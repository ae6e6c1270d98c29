"""What a program notes of its own sending: evidence beside the packets, written by the programs of the labs."""

from . import FieldType, label, of, uint

FIELDS: dict[str, FieldType] = {
    "sendlog": label("one call of `send`, when it returned"),
    "sendlog.time": of("time", "when it returned", volatile=True),
    "sendlog.message": uint("which message, from 0"),
    "sendlog.waited": of("duration", "for how long it had no room for the message", volatile=True),
}
