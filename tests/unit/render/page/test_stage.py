"""A packet's way over the map: from the box of who sent it on that network to the box of who got it there."""

import re
from dataclasses import replace
from itertools import pairwise

from machinelab.model import Interface, Topology
from machinelab.model.pictures import PlacedNode
from machinelab.render.page.stage import hop, stage
from machinelab.render.pictures import as_svg, topology

from .. import small

LAB = Topology(
    (("clients", "198.18.1.0/24"), ("internet", "198.18.2.0/24")),
    (
        *(PlacedNode(name, feet, "a server") for name, feet in small.NODES.items()),
        PlacedNode("idle", (Interface("internet", "198.18.2.99"),)),
    ),
)


def boxes(drawn: Topology) -> dict[str, tuple[int, int, int, int]]:
    return {name: as_svg.frame(box) for name, box in topology.plan(drawn).boxes.items()}


def touches(point: tuple[int, int], box: tuple[int, int, int, int]) -> bool:
    (x, y), (left, top, width, height) = point, box
    return left <= x <= left + width and top <= y <= top + height


def test_each_way_goes_from_box_to_box_in_straight_pieces() -> None:
    view = small.cold()
    rows = list(view.rows())
    found = stage(LAB, view, rows)
    assert found is not None
    places = {}
    for name, left, top, width, height in _actors(str(found.svg)):
        places[name] = (left, top, width, height)
    for row in rows:
        src, _, dst = hop(view, row)
        way = found.ways[row.event.id]
        points = list(zip(way[::2], way[1::2], strict=True))
        assert touches(points[0], places[src]) and touches(points[-1], places[dst])
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(points))


def _actors(svg: str) -> list[tuple[str, int, int, int, int]]:
    found = re.findall(
        r'data-node="([^"]+)" x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"',
        svg,
    )
    return [(name, *map(int, rest)) for name, *rest in found]  # type: ignore[misc]


def test_who_takes_no_part_is_named_and_not_drawn() -> None:
    view = small.cold()
    found = stage(LAB, view, list(view.rows()))
    assert found is not None and "idle" in found.absent and 'data-node="idle"' not in found.svg


def test_a_frame_to_everybody_ends_on_the_network() -> None:
    view = small.cold()
    row = next(iter(view.rows()))
    event = replace(row.event, link=(row.event.link[0], "ff:ff:ff:ff:ff:ff"))
    assert hop(view, replace(row, event=event))[2] == ""
    found = stage(LAB, view, [*view.rows(), replace(row, event=replace(event, number=99))])
    assert found is not None and len(found.ways["99"]) >= 4


def test_none_of_the_labs_nodes_no_map() -> None:
    view = small.cold()
    strange = Topology((("x", ""),), (PlacedNode("other", (Interface("x", "198.18.9.9"),)),))
    assert stage(strange, view, list(view.rows())) is None


def test_every_way_of_the_plan_is_drawn_from_box_to_line() -> None:
    plan = topology.plan(LAB)
    assert plan.ways.keys() == {(node.name, foot.network) for node in LAB.nodes for foot in node.interfaces}
    assert boxes(LAB).keys() == {node.name for node in LAB.nodes}
