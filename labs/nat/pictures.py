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
    """The way of the first packet that went into a relay's channel, else of the first that a translator changed."""
    relayed = run.claims("into-channel") if run.experiment.id == "relay" else []
    # What the peers say to each other comes before what they try: a check may lead nowhere.
    relayed = sorted(relayed, key=_is_check)
    events = (*relayed, *run.trace.events)
    event = next((e for e in events if len(e.sightings) > 1 and "nat.node" in e), None)
    if event is None:
        return None
    nodes = event.path(run.trace.names())
    hops = tuple(
        Hop(node, seen.network, seen.src, seen.dst, _changed(event, node))
        for node, seen in zip(nodes, event.way, strict=False)
    )
    return PacketPath(f"packet {event.id}: {event.content.summary()}", hops, nodes[-1])


def _is_check(event: Event) -> bool:
    """Whether a channel's data may be a STUN message: no shorter than its header."""
    length = next(iter(event.values("stun.length")), 0)
    return isinstance(length, int) and length >= STUN_HEADER


def _changed(event: Event, node: str) -> tuple[str, ...]:
    if event["nat.node"] != node:
        return ()
    return tuple(
        f"{what} {_end(event, side, 'before')} → {_end(event, side, 'after')}"
        for what, side in (("source", "src"), ("destination", "dst"))
        if f"nat.{side}.before" in event
    )


def _end(event: Event, side: str, when: str) -> str:
    """Address and port of one side before or after; a port that was not changed is the packet's own."""
    names = (f"nat.{side}port.{when}", f"udp.{side}port", f"tcp.{side}port")
    port = next((event[name] for name in names if name in event), "")
    return f"{event[f'nat.{side}.{when}']!s}:{port!s}"


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
        "The way of the first packet that a translator changed (with a relay, of the first that is relayed), with its addresses on each network.",
        way,
        ("outbound", "expiry", "stun", "behaviour", "punch", "hairpin", "tcp", "forward", "carrier", "relay"),
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
