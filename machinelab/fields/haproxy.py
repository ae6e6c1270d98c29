"""HAProxy's own log of what it did: HAProxy Configuration Manual 3.0, §8.2 to §8.5. Evidence beside the packets."""

from . import FieldType, label, of, text, uint

FIELDS: dict[str, FieldType] = {
    "haproxy": label("a line of the proxy's own log"),
    "haproxy.src": text("who connected"),
    "haproxy.srcport": uint("from which port", volatile=True),
    "haproxy.frontend": text("by which door they came in"),
    "haproxy.backend": text("the pool that was to answer"),
    "haproxy.server": text("the server that was chosen at last; <NOSRV>: none"),
    "haproxy.time.request": of("int", "Tq (TR): milliseconds until the request was whole", volatile=True),
    "haproxy.time.queue": of("int", "Tw: milliseconds of waiting for a free server", volatile=True),
    "haproxy.time.connect": of(
        "int", "Tc: milliseconds until the server's connection stood, retries and all", volatile=True
    ),
    "haproxy.time.response": of("int", "Tr: milliseconds until the server's answer began", volatile=True),
    "haproxy.time.active": of(
        "int", "Ta: milliseconds from the request to the last byte of the answer", volatile=True
    ),
    "haproxy.time.total": of("int", "Tt: milliseconds that the connection was open", volatile=True),
    "haproxy.status": of("int", "what the client was told; −1: nothing"),
    "haproxy.bytes": uint("bytes sent to the client", volatile=True),
    "haproxy.reqcookie": text("the cookie that the request had"),
    "haproxy.rescookie": text("the cookie that the answer had"),
    "haproxy.state": text("how it ended and what became of the cookie, a letter each (§8.5); ---- is well"),
    "haproxy.actconn": uint("connections open, in all", volatile=True),
    "haproxy.feconn": uint("… by this door", volatile=True),
    "haproxy.beconn": uint("… in this pool", volatile=True),
    "haproxy.srvconn": uint("… at this server", volatile=True),
    "haproxy.retries": uint("how often it tried again; with a plus, another server in the end"),
    "haproxy.srvqueue": uint("requests before it in the server's queue", volatile=True),
    "haproxy.bequeue": uint("requests before it in the pool's queue", volatile=True),
    "haproxy.captured": text("a header that the configuration has written down", volatile=True),
    "haproxy.request": text("the request's first line"),
    "haproxy.from": text("the proxy's end of its connection to the server"),
    "haproxy.fromport": uint("… and its port", volatile=True),
    "haproxy.to": text("the server's end"),
    "haproxy.toport": uint("… and its port"),
    "haproxy.event": text("what became of a server: UP, DOWN …"),
    "haproxy.why": text("why"),
}
