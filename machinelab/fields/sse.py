"""Server-sent events: WHATWG HTML §9.2. Wireshark has no names for them; these are ours."""

from . import FieldType, label, text, uint

FIELDS: dict[str, FieldType] = {
    "sse": label("one event of a stream: lines, and an empty one"),
    "sse.id": text("what a client says as Last-Event-ID when it comes back"),
    "sse.event": text("what kind of event it is; a client listens for kinds"),
    "sse.data": text("the event's data, its lines joined"),
    "sse.retry": uint("how many milliseconds a client is to wait before it comes back"),
    "sse.comment": text("a line that means nothing; it keeps the connection from looking idle"),
}
