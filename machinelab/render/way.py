"""A packet's way, closely: where it was seen, what each node on it changed, and what stayed as it was."""

from collections.abc import Iterator, Sequence, Set
from itertools import pairwise

from .. import fields
from ..analysis.view import View
from ..model import Event, Field
from .terminal import TerminalStyle, cells, pad

INDENT = "   "
_LINKS = ("eth", "sll", "frame", "sighting", "nat", "proxied")
_ALIASES = ("addr", "port", "host", "src_host", "dst_host")
_SUMS = ("checksum",)


def way(view: View, event: Event, terminal: TerminalStyle) -> Iterator[str]:
    """The lines about a packet that was seen several times; none for any other."""
    if not event.sightings:
        return
    seen = [view.packet(sighting.number) for sighting in event.sightings]
    places = [f"{e.network or '?'} (packet {e.id})" for e in seen]
    yield from terminal.hang(terminal.text(f"Seen on {' → '.join(places)}."), INDENT)
    sure = event["sighting.sure"]
    if sure:
        word = fields.word("sighting.sure", sure).lower()
        yield from terminal.hang(terminal.text(f"How sure: {word}."), INDENT)
    relayed = {field.group for field in event.fields.get("proxied", ())}
    for number, (earlier, later) in enumerate(pairwise(seen), 1):
        if f"proxied/{number}" in relayed:
            yield from _relayed(view, earlier, later, number, terminal)
        else:
            yield from _changes(view, earlier, later, terminal)
    telling = {name for name in _TELLING if name.startswith("http.")} if relayed else _TELLING
    yield from _kept(seen, terminal, telling)


def _relayed(view: View, earlier: Event, later: Event, number: int, terminal: TerminalStyle) -> Iterator[str]:
    """A proxy took a message from one connection and sent it on over another: which they are, and what it did to the headers."""
    node = view.name(earlier.dst)
    yield INDENT + terminal.paint(terminal.text(f"{node} sent it on over another connection"), "dim")
    ends = [f"{e.src}:{_port(e, 'src')} → {e.dst}:{_port(e, 'dst')}" for e in (earlier, later)]
    facts = [("received on", ends[0]), ("sent on", ends[1])]
    for name in ("added", "removed", "rewritten"):
        mine = (f for f in later.fields.get(f"proxied.{name}", ()) if f.group == f"proxied/{number}")
        facts += [(name, str(field.value)) for field in mine]
    width = max(cells(name) for name, _ in facts)
    for name, said in facts:
        front = f"{INDENT}  {terminal.paint(pad(name, width), 'bold')}  "
        yield from terminal.hang(terminal.text(said), front, INDENT + " " * (width + 4))


def _port(event: Event, side: str) -> str:
    """The port on one side, of TCP or of UDP (QUIC)."""
    return str(next(value for kind in ("tcp", "udp") for value in event.values(f"{kind}.{side}port")))


def _changes(view: View, earlier: Event, later: Event, terminal: TerminalStyle) -> Iterator[str]:
    node = view.name(later.link[0]) if later.link[0] else later.src
    title = f"{node} changed" if view.name(later.link[0]) != later.link[0] else "changed on the way"
    yield INDENT + terminal.paint(terminal.text(title), "dim")
    rows = [(name, _shown(was), _shown(now)) for name, was, now in _differing(earlier, later)]
    width = max((cells(name) for name, _, _ in rows), default=0)
    before = max((cells(was) for _, was, _ in rows), default=0)
    for name, was, now in rows:
        front = f"{INDENT}  {terminal.paint(pad(terminal.text(name), width), 'bold')}  "
        arrow = terminal.draw(" → ")
        yield f"{front}{pad(terminal.text(was), before)}{arrow}{terminal.text(now)}"


def _shown(field: Field) -> str:
    return fields.show(field.name, field.value)


def _own(event: Event) -> dict[str, Field]:
    """A packet's headers and messages, field by field: the first value of each that stands in bytes of its own."""
    return {
        name: found[0]
        for name, found in event.fields.items()
        if found and not found[0].generated and name.rpartition(".")[2] not in _ALIASES
    }


def _differing(earlier: Event, later: Event) -> list[tuple[str, Field, Field]]:
    one, other = _own(earlier), _own(later)
    return [
        (name, field, other[name])
        for name, field in one.items()
        if name in other and field.value != other[name].value and field.name != field.group
        and not name.startswith(("eth.dst.", "eth.src.", "eth.addr"))
    ]  # fmt: skip


def _kept(seen: Sequence[Event], terminal: TerminalStyle, telling: Set[str]) -> Iterator[str]:
    """What is the same everywhere: the fields that tell packets (or requests) apart, and how much data."""
    tables = [_own(event) for event in seen]
    same = [
        field
        for name, field in tables[0].items()
        if field.value
        and name != field.group
        and name.partition(".")[0] not in _LINKS
        and all(name in t and t[name].value == field.value for t in tables)
    ]
    shown = [
        f"{field.name} {_shown(field)}"
        for field in same
        if not (isinstance(field.value, bytes) and len(field.value) > 12) and field.name in telling
    ]
    payload = ("udp.payload", "tcp.payload") if "ip.id" in telling else ("http.file_data",)
    data = next((f for f in same if f.name in payload), None)
    if data is not None and isinstance(data.value, bytes):
        shown.append(f"all {len(data.value)} bytes of data")
    if shown:
        yield INDENT + terminal.paint("unchanged", "dim")
        for line in terminal.flow(
            [terminal.text(part) for part in shown], " · ", terminal.width - len(INDENT) - 2
        ):
            yield INDENT + "  " + line


_TELLING = frozenset(
    [
        "ip.id",
        "ip.len",
        "ip.src",
        "ip.dst",
        "udp.srcport",
        "udp.dstport",
        "udp.length",
        "tcp.srcport",
        "tcp.dstport",
        "tcp.seq_raw",
        "tcp.ack_raw",
        "tcp.flags",
        "tcp.window_size_value",
        "icmp.type",
        "icmp.code",
        "icmp.seq",
        "stun.id",
        "stun.type",
        "stun.channel",
        "http.request.method",
        "http.request.uri",
        "http.request.version",
        "http.response.code",
    ]
)
