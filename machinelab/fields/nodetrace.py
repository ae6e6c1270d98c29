"""What Node.js traces of its own work: evidence beside the packets (nodejs.org, "Trace events")."""

from . import FieldType, label, of, text, uint

FIELDS: dict[str, FieldType] = {
    "nodetrace": label("something that Node.js did, from its beginning to its end"),
    "nodetrace.thread": uint("the thread's number", volatile=True),
    "nodetrace.ts": of("duration", "when it began, since the machine's start", volatile=True),
    "nodetrace.category": text("node.console, node.fs.async or node.dns.native"),
    "nodetrace.name": text("what the program calls it, or the call"),
    "nodetrace.what": text("the file or the name that the call is about"),
    "nodetrace.duration": of("duration", "how long it took", volatile=True),
}
