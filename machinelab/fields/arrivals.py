"""What a client notes of messages as they come: evidence beside the packets, written by the realtime lab's client."""

from . import FieldType, label, of, uint

FIELDS: dict[str, FieldType] = {
    "arrivals": label("a message that a client's program has got"),
    "arrivals.time": of("time", "when it got it", volatile=True),
    "arrivals.message": uint("which message, from 1"),
    "arrivals.made": of("time", "when the server's program made it", volatile=True),
    "arrivals.wait": of("duration", "how long it was on its way, from program to program", volatile=True),
}
