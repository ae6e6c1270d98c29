"""Who on the way knows what, which certificate is good for which name, one hello inside another, and a connection cut off."""

from collections.abc import Iterable

from machinelab.authoring import Event, Matrix, Picture, Run, Slot, SlotRow, Slots, Span, Timeline

from .common import NAME, TYPE

SERVERS = ("web", "edge")
ECH, PAYLOAD = "tls.ech.client_hello_type", "tls.ech.payload_length"
READS, NOT, NONE = "●", "○", "·"
LEGEND = ((READS, "reads it"), (NOT, "it goes by, unreadable"), (NONE, "it never comes by"))
COLUMNS = ("name in DNS", "name in the hello", "name inside it", "certificate", "page")


def hellos(run: Run) -> list[Event]:
    """The ClientHellos that were for a site, each as its sender made it."""
    return [
        e
        for e in run.trace.events
        if 1 in e.values(TYPE) and not e.again and run.node(e.dst) not in ("dns", "")
    ]


def _sent_by(run: Run, field: str, nodes: Iterable[str], value: int | None = None) -> bool:
    """Whether one of these nodes sent a message with this field."""
    return any(
        (value in e.values(field) if value is not None else field in e) and run.node(e.src) in nodes
        for e in run.trace.events
    )


def knows(run: Run) -> Matrix | None:
    """Observers × what there is to know. The provider's row is its own log; the others' follows from who had which keys."""
    sent = hellos(run)
    if not sent:
        return None
    logged = [(e["onlooker.what"], e["onlooker.name"]) for e in run.trace.events if "onlooker.name" in e]
    named, nested = any(e.values(NAME) for e in sent), any(ECH in e for e in sent)
    asked = any("dns.qry.name" in e for e in run.trace.events)
    certified, answered = _sent_by(run, TYPE, SERVERS, 11), _sent_by(run, "http.response", SERVERS)
    opened = bool(run.claims("accepted"))
    there = (asked, named, nested, certified, answered)
    isp = (any(what == "dns" for what, _ in logged), any(what == "tls" and name not in ("dns.test", "none") for what, name in logged), False, False, False)  # fmt: skip
    rows = [("isp, on the path", there, isp)]
    if asked:
        rows.append(("dns, the resolver", (True, False, False, False, False), (True,) * 5))
    if any(run.node(e.dst) == "front" or run.node(e.src) == "front" for e in run.trace.events):
        rows.append(("front, which sorts", (False, *there[1:]), (False, True, False, False, False)))
    for server in SERVERS:
        if any(run.node(e.src) == server for e in run.trace.events):
            rows.append((f"{server}, the server", (False, *there[1:]), (False, True, opened, True, True)))
    cells = tuple(
        tuple(
            NONE if not there else READS if reads else NOT for there, reads in zip(present, can, strict=True)
        )
        for _, present, can in rows
    )
    return Matrix("what there is to know", "who", COLUMNS, tuple(name for name, _, _ in rows), cells, LEGEND)


def covers(pattern: str, name: str) -> bool:
    """Whether a certificate's name is good for a host: equal, or a wildcard in the place of its first label (RFC 9525 §6.3)."""
    first, _, rest = name.partition(".")
    return pattern == name or (pattern.startswith("*.") and pattern[2:] == rest and bool(first))


def match(run: Run) -> Matrix | None:
    """Names that were asked for × names in the certificates that were shown; this run's are marked."""
    asked: list[str] = []
    shown: list[tuple[str, ...]] = []
    for event in run.trace.events:
        if 1 in event.values(TYPE) and not event.again and run.node(event.dst) in ("web", "front"):
            asked.append(str(next(iter(event.values(NAME)), "no name")))
        elif 11 in event.values(TYPE) and not event.again and run.node(event.src) == "web":
            shown.append(tuple(map(str, event.values("x509ce.dNSName"))))
    if not asked:
        return None
    names = sorted({name for each in shown for name in each}) or ["none"]
    cells = tuple(tuple("=" if covers(name, one) else "≠" for name in names) for one in asked)
    here = tuple((row, names.index(name)) for row, each in enumerate(shown[: len(asked)]) for name in each)
    legend = (("=", "good for this name"), ("≠", "not good for it"))
    return Matrix("names in the certificates", "asked for", tuple(names), tuple(asked), cells, legend, here)


def nested(run: Run) -> Slots | None:
    """What stands in the hello that everybody sees, and in the one that it carries."""
    hello = next((e for e in hellos(run) if ECH in e), None)
    if hello is None:
        return None
    outer, *inner = [str(name) for name in hello.values(NAME)]
    sealed = Slot(f"encrypted: {hello.values(PAYLOAD)[0]!s} bytes", "here")
    rows = [SlotRow("on the wire", (Slot(f"server_name {outer}"), sealed), "what everybody reads")]
    if inner:
        note = "taken by the server" if run.claims("accepted") else "not opened by the server"
        rows.append(SlotRow("inside", (Slot(f"server_name {inner[0]}", "new"),), note))
    return Slots(tuple(rows))


def cut_off(run: Run) -> Timeline | None:
    """The connection that was stopped, as the client, the provider and the server had it; from its hello on."""
    stopped = next(iter(run.claims("stopped")), None)
    if stopped is None:
        return None

    def at(event: Event) -> float:
        return (event.time - stopped.time) / 1e6

    def spans(*steps: tuple[str, str, str]) -> tuple[Span, ...]:
        return tuple(Span(at(e), at(e), text, mark) for step, text, mark in steps for e in run.claims(step))

    rows = (
        ("client", spans(("stopped", "hello", ""), ("again", "again", ""), ("forged-reset", "RST comes", "bad"), ("gives-up", "gives up", "bad"))),
        ("isp", spans(("stopped-read", "reads, resets both", "here"), ("vanished-read", "reads, drops", "here"))),
        ("edge", spans(("forged-reset-behind", "RST comes", "bad"), ("gives-up", "RST comes", "bad"))),
    )  # fmt: skip
    return Timeline(rows)


PICTURES = (
    Picture(
        "knows",
        "Who knows what",
        "Each observer on the way, and which of the names, the certificate and the page it could read in this run.",
        knows,
        ("leak", "ech", "stale", "pass-through", "fronting", "censor", "pick", "unknown"),
    ),
    Picture(
        "match",
        "Which certificate is good for which name",
        "The names asked for, the names in the certificates that came, and which of them go together.",
        match,
        ("pick", "unknown"),
    ),
    Picture(
        "nested",
        "A hello inside the hello",
        "The ClientHello that everybody reads, and the one that it carries encrypted.",
        nested,
        ("ech", "stale", "leak"),
    ),
    Picture(
        "cut-off",
        "A connection cut off",
        "What became of the connection to the blocked name, at the client, the provider and the server.",
        cut_off,
        ("censor",),
    ),
)
