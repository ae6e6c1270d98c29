"""What a translator does: one packet's way, the translation table as it grows, and which pairs of translators let peers through."""

from machinelab.authoring import Event, Hop, Matrix, PacketPath, Picture, Run, Slot, SlotRow, Slots

MOST = 12  # rows of the table

# Behaviours of a pair of translators, mapping/filtering (RFC 4787 §4.1, §5), measured: guides/nat-pairs.csv has all 81 runs.
EI, AD, APD = "EI", "AD", "APD"
BEHAVIOURS = tuple(f"{mapping}/{filtering}" for mapping in (EI, AD, APD) for filtering in (EI, AD, APD))
THROUGH = (
    "yyyyyyyyy",
    "yyyyyyyyy",
    "yyyy--y--",
    "yyyyyyyyy",
    "yy-y--y--",
    "yy-y--y--",
    "yyyyyyyyy",
    "yy-y--y--",
    "yy-y--y--",
)

STUN_HEADER = 20  # bytes: RFC 8489 §5


def way(run: Run) -> PacketPath | None:
    """The way of the first greeting between ICE's agents, else of the first packet that a translator changed."""
    events = (*_greetings(run), *run.trace.events)
    event = next((e for e in events if len(e.sightings) > 1 and "nat.node" in e), None)
    if event is None:
        return None
    nodes = event.path(run.trace.names())
    hops = tuple(
        Hop(node, seen.network, seen.src, seen.dst, _changed(event, node))
        for node, seen in zip(nodes, event.way, strict=False)
    )
    return PacketPath(f"packet {event.id}: {event.content.summary()}", hops, nodes[-1])


def _greetings(run: Run) -> list[Event]:
    """With ICE, what the peers say to each other: that shows the pair that won, while a check may lead nowhere."""
    if run.experiment.id == "ice":
        return run.claims("hello-direct")
    return sorted(run.claims("into-channel"), key=_is_check) if run.experiment.id == "relay" else []


def _is_check(event: Event) -> bool:
    """Whether a channel's data may be a STUN message: no shorter than its header."""
    length = next(iter(event.values("stun.length")), 0)
    return isinstance(length, int) and length >= STUN_HEADER


def _changed(event: Event, node: str) -> tuple[str, ...]:
    """What one node changed in a packet: on a way with two translators, each one's fields stand in a group of their own."""
    box = next((field.group for field in event.fields.get("nat.node", ()) if str(field.value) == node), None)
    return tuple(
        f"{what} {_end(event, side, 'before', box)} → {_end(event, side, 'after', box)}"
        for what, side in (("source", "src"), ("destination", "dst"))
        if box is not None and _of(event, f"nat.{side}.before", box) is not None
    )


def _of(event: Event, name: str, box: str | None) -> object:
    """A field's value in one translator's group (None: the first one's), or None."""
    found = (field.value for field in event.fields.get(name, ()) if box in (None, field.group))
    return next(found, None)


def _end(event: Event, side: str, when: str, box: str | None = None) -> str:
    """Address and port of one side before or after; a port that was not changed is the packet's own."""
    named = _of(event, f"nat.{side}port.{when}", box)
    own = next((event[name] for name in (f"udp.{side}port", f"tcp.{side}port") if name in event), "")
    return f"{_of(event, f'nat.{side}.{when}', box)!s}:{(own if named is None else named)!s}"


def table(run: Run) -> Slots | None:
    """The mappings that the packets show, in the order they were made; those of one inside port stand together."""
    rows: dict[tuple[str, str, str], list[str]] = {}
    for event in run.trace.events:
        if event.again or "nat.src.after" not in event:
            continue
        node = str(event["nat.node"])
        inside, outside = _end(event, "src", "before"), _end(event, "src", "after")
        if run.node(str(event["nat.src.before"])) in ("server", "stun", "stranger"):
            continue  # an answer, turned back: no mapping of its own
        rows.setdefault((node, inside, outside), []).append(f"{event.id} to {run.node(event.way[-1].dst)}")
    drawn = tuple(
        SlotRow(
            node,
            (
                Slot(inside),
                Slot(outside, "here"),
                Slot(", ".join(packets[:3]) + (" …" if len(packets) > 3 else "")),
            ),
        )
        for (node, inside, outside), packets in list(rows.items())[:MOST]
    )
    return Slots(drawn, ("inside", "outside", "packets")) if drawn else None


def pairs(run: Run) -> Matrix:
    """Which pairs of behaviours let two peers reach each other by punching; those of this run are marked."""
    here = tuple(
        (BEHAVIOURS.index(one), BEHAVIOURS.index(other))
        for one, other in [(_behaviour(run, "_a"), _behaviour(run, "_b"))]
        if one in BEHAVIOURS and other in BEHAVIOURS
    )
    cells = tuple(tuple("✓" if sign == "y" else "–" for sign in row) for row in THROUGH)
    legend = (
        ("✓", "both peers hear each other"),
        ("–", "neither hears the other"),
        ("EI", "endpoint-independent"),
        ("AD", "address-dependent"),
        ("APD", "address- and port-dependent: mapping/filtering"),
    )
    return Matrix("home B", "home A", BEHAVIOURS, BEHAVIOURS, cells, legend, here)


SHORT = {
    "endpoint-independent": EI,
    "address-dependent": AD,
    "address-and-port-dependent": APD,
}


def _behaviour(run: Run, home: str) -> str:
    mapping, filtering = (
        SHORT.get(run.knobs.get(f"{kind}{home}", ""), "") for kind in ("mapping", "filtering")
    )
    return f"{mapping}/{filtering}"


PICTURES = (
    Picture(
        "way",
        "One packet, two faces",
        "The way of the first packet that a translator changed (with ICE, of the first greeting), with its addresses on each network.",
        way,
        (
            "outbound",
            "expiry",
            "stun",
            "behaviour",
            "punch",
            "hairpin",
            "tcp",
            "forward",
            "carrier",
            "ice",
            "relay",
        ),
    ),
    Picture(
        "table",
        "The translation table",
        "Which inside address and port was lent which outside one, and what packets used it.",
        table,
        ("outbound", "expiry", "stun", "behaviour", "punch", "blocked", "tcp"),
    ),
    Picture(
        "pairs",
        "Who reaches whom",
        "For each pair of behaviours, whether two peers behind such translators reach each other.",
        pairs,
        ("punch", "blocked"),
    ),
)
