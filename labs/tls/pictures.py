"""TLS 1.3's key schedule (RFC 9846 §7.1), with what this run made use of."""

from machinelab.authoring import Edge, Event, Graph, GraphNode, Picture, Run

TYPE, EXTENSION = "tls.handshake.type", "tls.handshake.extension.type"
SERVER_HELLO, TICKET, ENCRYPTED_EXTENSIONS = 2, 4, 8
PSK, EARLY_DATA = 41, 42
TLS13 = 0x0304
MOST = 3  # packets named

EDGES = (
    ("early secret", "binder key", "binder"),
    ("early secret", "client early traffic", "early"),
    ("early secret", "handshake secret", "derived"),
    ("handshake secret", "client handshake traffic", ""),
    ("handshake secret", "server handshake traffic", ""),
    ("handshake secret", "main secret", "derived"),
    ("main secret", "client application traffic", ""),
    ("main secret", "server application traffic", ""),
    ("main secret", "resumption", ""),
)


def schedule(run: Run) -> Graph | None:
    """Which secrets come of which, and the packets of this run that needed them. None below TLS 1.3."""
    hellos = [e for e in run.trace.events if TYPE in e and SERVER_HELLO in e.values(TYPE)]
    hellos = [e for e in hellos if TLS13 in e.values("tls.handshake.extensions.supported_version")]
    if not hellos:
        return None
    resumed = [e for e in hellos if PSK in e.values(EXTENSION)]
    early = [
        e
        for e in resumed
        if {ENCRYPTED_EXTENSIONS} <= set(e.values(TYPE)) and EARLY_DATA in e.values(EXTENSION)
    ]
    tickets = [e for e in run.trace.events if TYPE in e and TICKET in e.values(TYPE)]
    used = {
        "early secret": f"from the PSK: packet {_ids(resumed)}" if resumed else "from zeros: no PSK",
        "binder key": f"packet {_ids(resumed)}" if resumed else "",
        "client early traffic": f"accepted: packet {_ids(early)}" if early else "",
        "handshake secret": f"from (EC)DHE: packet {_ids(hellos)}",
        "client handshake traffic": "its Finished",
        "server handshake traffic": "EncryptedExtensions to Finished",
        "main secret": "from zeros",
        "client application traffic": "what it sends",
        "server application traffic": "what it sends",
        "resumption": f"tickets: packet {_ids(tickets)}" if tickets else "",
    }
    marked = {name for name, text in used.items() if text}
    return Graph(
        tuple(GraphNode(name, text or "not used here", name in marked) for name, text in used.items()),
        tuple(Edge(source, target, "", target in marked) for source, target, _ in EDGES),
    )


def _ids(events: list[Event]) -> str:
    named = list(dict.fromkeys(event.id for event in events))
    return ", ".join(named[:MOST]) + (" …" if len(named) > MOST else "")


PICTURES = (
    Picture(
        "key-schedule",
        "The key schedule",
        "Which secret comes of which in TLS 1.3; those that this run used are marked.",
        schedule,
        ("resumption", "full", "early-data", "hello-retry", "mutual", "alpn", "key-update"),
    ),
)
