"""What a client notes of its loads: evidence beside the packets, written by the programs of the labs."""

from . import FieldType, label, of, text, uint

FIELDS: dict[str, FieldType] = {
    "loadlog": label("one load of a page, when it was complete"),
    "loadlog.time": of("time", "when it was complete", volatile=True),
    "loadlog.protocol": text("which protocol it was loaded by"),
    "loadlog.delay": uint("milliseconds that the router held each packet back, each way"),
    "loadlog.loss": uint("percent of the packets that the router lost, each way"),
    "loadlog.number": uint("which load at this loss, from 1"),
    "loadlog.took": of("duration", "how long it took, from the client's start to its end", volatile=True),
}
