"""The map that a packet travels over: the lab's topology with the nodes that take part, and each packet's way on it."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ...analysis.view import BROADCAST, EventRow, View
from ...model import Interface, Topology
from ...model.pictures import PlacedNode
from ..pictures import as_svg, topology
from ..pictures.topology import Plan, Points
from .document import fragment

Way = tuple[str, str, str]
"""From which node, over which network, to which node ("" everybody there)."""


@dataclass(frozen=True, slots=True)
class Stage:
    """The map as SVG, in words, who of the lab takes no part, and the way of each event by its id, in the map's pixels."""

    svg: Markup
    words: str
    absent: tuple[str, ...]
    ways: dict[str, list[int]]


def stage(drawn: Topology, view: View, rows: Sequence[EventRow]) -> Stage | None:
    """The map of a run; None where none of the lab's nodes takes part (a capture from elsewhere)."""
    hops = {row.event.id: hop(view, row) for row in rows}
    taking = {end for way in hops.values() for end in (way[0], way[2])}
    nodes = tuple(_plain(node, drawn, hops) for node in drawn.nodes if node.name in taking)
    if not nodes:
        return None
    networks = tuple(
        (name, subnet)
        for name, subnet in drawn.networks
        if any(foot.network == name for node in nodes for foot in node.interfaces)
    )
    small = Topology(tuple((name, "") for name, _ in networks), nodes)  # addresses stand on the whole map
    made = topology.plan(small, topology.small(small))
    ways = {id: found for id, way in hops.items() if (found := _points(made, way))}
    absent = tuple(node.name for node in drawn.nodes if node.name not in taking)
    words = topology.words(Topology(networks, tuple(n for n in drawn.nodes if n.name in taking)))
    boxes = {name: as_svg.frame(box) for name, box in made.boxes.items()}
    return Stage(as_svg.inline(made.scene, words, fragment("actors.svg", boxes=boxes)), words, absent, ways)


def hop(view: View, row: EventRow) -> Way:
    """Where this sighting of a packet went: from hardware address to hardware address, else from end to end."""
    event = row.event
    if not event.src and not event.dst:
        return event.node, "", event.node
    source, target = event.link
    src, dst = view.names.get(source, row.src), view.names.get(target, row.dst)
    return src, event.network, "" if _many(target) or target == BROADCAST else dst


def _many(address: str) -> bool:
    """Whether a hardware address is a group's: the lowest bit of its first byte (IEEE 802 §8.2.2)."""
    try:
        return bool(int(address[:2], 16) & 1)
    except ValueError:
        return False


def _plain(node: PlacedNode, drawn: Topology, hops: dict[str, Way]) -> PlacedNode:
    """A node by its name alone: the map is small, and the whole one stands among the pictures."""
    used = {(end, way[1]) for way in hops.values() for end in (way[0], way[2])}
    feet = tuple(foot for foot in node.interfaces if (node.name, foot.network) in used) or node.interfaces[:1]
    return PlacedNode(node.name, tuple(Interface(foot.network, "") for foot in feet))


def _points(made: Plan, way: Way) -> list[int]:
    """The way in pixels, x and y in turn: out of a box, along the network's line, into another; a single point where it stays."""
    src, network, dst = way
    if src == dst or not network:
        box = made.boxes.get(src)
        return _pixels(((box.x + box.width - 3, box.y + box.height // 2),)) if box else []
    out = made.ways.get((src, network)) or _other(made, network, dst)
    into = made.ways.get((dst, network)) or _other(made, network, src)
    if not out or not into:
        return []
    return _pixels((*out, *reversed(into)))


def _other(made: Plan, network: str, end: str) -> Points | None:
    """The network's own line, for an address that belongs to no node: at the middle of the line, or at the only link to it."""
    columns = [way[-1] for (node, name), way in made.ways.items() if name == network and node != end]
    return (max(columns),) if columns else None


def _pixels(points: Points) -> list[int]:
    return [value for point in points for value in as_svg.middle(point)]
