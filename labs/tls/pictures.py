"""TLS 1.3's key schedule (RFC 9846 §7.1) with what this run made use of, and the flights of its handshake."""

from collections.abc import Iterator
from itertools import groupby

from machinelab.authoring import Edge, Event, Flight, Flights, Graph, GraphNode, Picture, Run

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


HELLOS = {  # the experiments whose handshake is drawn, and the step that begins it
    "full": "client-hello",
    "hello-retry": "client-hello",
    "resumption": "hello-with-ticket",
    "early-data": "early-hello",
    "tls12": "old-hello",
}
RECORDS, SYN = "tls.record", "tcp.flags.syn"
REQUEST, RESPONSE = "http.request", "http.response"


def flights(run: Run) -> Flights | None:
    """Who sends what before it waits for the other, from the SYN to the response: what does not wait is one flight."""
    hello = next(iter(run.claims(HELLOS.get(run.experiment.id, ""))), None)
    if hello is None:
        return None
    stream = hello.values("tcp.stream")
    events = [e for e in run.trace.events if "tcp.stream" in e and e.values("tcp.stream") == stream]
    said = [e for e in events if RECORDS in e or e.values(SYN) == [True]]
    answered = next((at for at, e in enumerate(said) if RESPONSE in e), len(said) - 1)
    made = [
        _flight(run, list(group), events[0].time)
        for _, group in groupby(said[: answered + 1], lambda e: e.src)
    ]
    client = run.node(hello.src)
    pairs = [at for at in range(len(made) - 1) if made[at].source == client]
    trips = tuple((at, at + 1, f"round trip {count}") for count, at in enumerate(pairs, 1))
    return Flights((client, run.node(hello.dst)), tuple(made), trips)


def _flight(run: Run, events: list[Event], start: int) -> Flight:
    """What one side sends in a row; the request and its answer are what all the rest is for."""
    first = events[0]
    text = "; ".join(dict.fromkeys(name for event in events for name in _said(event)))
    mark = "here" if any(REQUEST in event or RESPONSE in event for event in events) else ""
    return Flight((first.time - start) / 1e6, run.node(first.src), run.node(first.dst), text, mark)


def _said(event: Event) -> Iterator[str]:
    """The packet's messages by their names alone; of a TCP segment that begins a connection its flags."""
    summary = event.content.summary()
    if event.values(SYN) == [True]:
        yield summary.rpartition("  ")[2]
    else:
        yield from (message.partition("  ")[0] for message in summary.split("; "))


PICTURES = (
    Picture(
        "flights",
        "The handshake in flights",
        "What each side sends before it waits for the other, from the SYN to the response, over time; each wait is a round trip.",
        flights,
        tuple(HELLOS),
    ),
    Picture(
        "key-schedule",
        "The key schedule",
        "Which secret comes of which in TLS 1.3; those that this run used are marked.",
        schedule,
        ("resumption", "full", "early-data", "hello-retry", "mutual", "alpn", "key-update"),
    ),
)
