"""What asyncio's loop logs in debug mode: evidence beside the packets (Python's documentation, "Developing with asyncio")."""

from . import FieldType, label, of, text

FIELDS: dict[str, FieldType] = {
    "asyncio": label("a line of asyncio's log"),
    "asyncio.time": of("time", "when it was written", volatile=True),
    "asyncio.level": text("how serious it is"),
    "asyncio.logger": text("which part of the program says so"),
    "asyncio.message": text("the message", volatile=True),
    "asyncio.duration": of("duration", "how long the callback kept the loop", volatile=True),
}
