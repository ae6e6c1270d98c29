"""A lab's map: each network a level line, its nodes hung from it in boxes, and those in several networks between them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import NamedTuple

from ...model.pictures import PlacedNode, Topology
from .scene import Box, Line, Scene, widest, wrapped

ACROSS = 3  # boxes a row, to the right of the network's name
MOST_ORDERED = 6  # networks whose best order is looked for among all


Points = tuple[tuple[int, int], ...]


class Measure(NamedTuple):
    """Columns of the networks' names, and of a node's box."""

    names: int = 20
    box: int = 18

    @property
    def stop(self) -> int:
        """The column after the last box."""
        return self.names + ACROSS * (self.box + 2)


WHOLE = Measure()


@dataclass(slots=True)
class Plan:
    """A map and where things stand on it: the box of each node, and its way (from the box to the line) into each network."""

    measure: Measure = WHOLE
    scene: Scene = field(default_factory=Scene)
    boxes: dict[str, Box] = field(default_factory=dict)
    ways: dict[tuple[str, str], Points] = field(default_factory=dict)


def layout(drawing: Topology) -> Scene:
    """Networks from top to bottom in the order in which the fewest lines cross another."""
    return plan(drawing).scene


def small(drawing: Topology) -> Measure:
    """As narrow as the names allow: for nodes that are drawn as names only, on a small map."""
    names, nodes = (name for name, _ in drawing.networks), (node.name for node in drawing.nodes)
    return Measure(min(WHOLE.names, widest([*names]) + 2), min(WHOLE.box, widest([*nodes]) + 4))


def plan(drawing: Topology, measure: Measure = WHOLE) -> Plan:
    """The same with the nodes' positions, for the animation of packets."""
    made = Plan(measure)
    scene = made.scene
    order = _order(drawing)
    subnets = dict(drawing.networks)
    waiting: list[tuple[PlacedNode, int]] = []  # nodes with feet in networks further down, with their columns
    y = 0
    for at, network in enumerate(order):
        columns = [column for node, column in waiting if network not in _networks(node)]
        _bus(made, network, subnets[network], y, columns)
        for node, column in waiting:
            box = made.boxes[node.name]
            down = ((column, box.y + box.height - 1), (column, y))
            scene.add(Line(down))
            if network in _networks(node):
                made.ways[node.name, network] = down
        here = [node for node in drawing.nodes if network in _networks(node)]
        fresh = [node for node in here if min(map(order.index, _networks(node))) == at]
        waiting = [(node, column) for node, column in waiting if _below(node, order, at)]
        y, hung = _hang(made, network, fresh, order[at + 1 :], y)
        waiting += hung
    return made


def _networks(node: PlacedNode) -> list[str]:
    return [foot.network for foot in node.interfaces]


def _below(node: PlacedNode, order: Sequence[str], at: int) -> bool:
    return any(network in order[at + 1 :] for network in _networks(node))


def _order(drawing: Topology) -> tuple[str, ...]:
    names = tuple(name for name, _ in drawing.networks)
    if len(names) > MOST_ORDERED:
        return names
    places = [_networks(node) for node in drawing.nodes if len(node.interfaces) > 1]

    def cost(order: tuple[str, ...]) -> int:
        at = {name: place for place, name in enumerate(order)}
        return sum((max(at[n] for n in p) - min(at[n] for n in p)) ** 2 for p in places)

    return min(permutations(names), key=cost)


def _bus(made: Plan, name: str, subnet: str, y: int, passing: Sequence[int]) -> None:
    """The network's line, broken where a line of another passes."""
    scene, start = made.scene, made.measure.names
    scene.text(0, y, name, "bold", start)
    scene.text(0, y + 1, subnet, "dim", start - 2)
    for column in sorted(column for column in passing if column > start):
        scene.add(Line(((start, y), (column - 2, y)), "here"))
        start = column + 2
    scene.add(Line(((start, y), (made.measure.stop - 1, y)), "here"))


def _hang(
    made: Plan, network: str, nodes: Sequence[PlacedNode], later: Sequence[str], y: int
) -> tuple[int, list[tuple[PlacedNode, int]]]:
    """The boxes below a network. Gives the row of the next network, and the nodes that go on to it with their columns."""
    box_columns = made.measure.box
    single = [node for node in nodes if not any(name in later for name in _networks(node))]
    several = [node for node in nodes if node not in single]
    ordered = (
        [*single, *several]
        if len(single) + len(several) <= ACROSS
        else [*single, *_padded(several, len(single))]
    )
    rows = [ordered[first : first + ACROSS] for first in range(0, len(ordered), ACROSS)]
    hung: list[tuple[PlacedNode, int]] = []
    top = y + 2
    for index, row in enumerate(rows):
        boxes = [(node, _inside(node, box_columns - 4)) for node in row if node is not None]
        high = max((len(inside) for _, inside in boxes), default=0) + 2
        for place, entry in enumerate(row):
            if entry is None:
                continue
            left = made.measure.names + 1 + place * (box_columns + 2)
            made.boxes[entry.name] = _box(made, entry, left, top)
            way = _up((left, top), y, box_columns, index)
            made.scene.add(Line(way))
            made.ways[entry.name, network] = tuple(reversed(way))
            if entry in several:
                hung.append((entry, left + box_columns // 2))
        top += high + 1
    return top, hung


def _padded(several: Sequence[PlacedNode], before: int) -> list[PlacedNode | None]:
    """Those that go on downwards in the last row, so that no box is in their way."""
    free = -before % ACROSS
    return [*([None] * free if free < len(several) else []), *several]


def _inside(node: PlacedNode, room: int) -> list[tuple[str, str]]:
    """What stands in a node's box: its name, what runs there, its addresses."""
    addresses = [(line, "dim") for foot in node.interfaces for line in wrapped(foot.address, room, 2)]
    return [
        (wrapped(node.name, room, 1)[0], "bold"),
        *((line, "") for line in wrapped(node.what, room, 4) if line),
        *((line, style) for line, style in addresses if line),
    ]


def _up(corner: tuple[int, int], bus: int, wide: int, row: int) -> Points:
    """From a network's line to a box: straight down to those of the first row, past it to the side of those below."""
    left, top = corner
    if row:
        return ((left - 1, bus), (left - 1, top + 1), (left, top + 1))
    return ((left + wide // 2, bus), (left + wide // 2, top))


def _box(made: Plan, node: PlacedNode, left: int, top: int) -> Box:
    scene, room = made.scene, made.measure.box - 4
    inside = _inside(node, room)
    box = Box(left, top, made.measure.box, len(inside) + 2)
    scene.add(box)
    for line, (text, style) in enumerate(inside):
        scene.text(left + 2, top + 1 + line, text, style, room)
    return box


def words(drawing: Topology) -> str:
    """The picture in words."""
    return " ".join(
        f"{name} ({subnet}): "
        + ", ".join(
            f"{node.name} {foot.address}"
            for node in drawing.nodes
            for foot in node.interfaces
            if foot.network == name
        )
        + "."
        for name, subnet in drawing.networks
    )
