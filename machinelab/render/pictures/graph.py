"""A directed graph in layers, from the sources down (Sugiyama's method; grandalf orders the layers so that few lines cross).

Each line has a column of its own at both ends and a row of its own between two layers, so that two lines cross but never run
in one another.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ...model.pictures import Edge, Graph, GraphNode
from .scene import WIDTH, Box, Line, Scene, widest, wrapped


@dataclass(slots=True)
class _Place:
    """A node in its layer, or the place where a longer line passes (`node` None). Ports are columns, handed out from the left."""

    node: GraphNode | None
    left: int = 0
    wide: int = 3
    out: list[int] = field(default_factory=list)
    into: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Piece:
    """The part of an edge between one layer and the next."""

    upper: _Place
    lower: _Place
    edge: Edge
    first: bool
    last: bool


def layout(drawing: Graph) -> Scene:
    """Boxes in layers, lines between them. An edge against the layers is drawn upwards, its tip on its target."""
    scene = Scene()
    layers, pieces = _layers(drawing)
    for layer in layers:
        _spread(layer)
    y = 0
    for depth, layer in enumerate(layers):
        high = max((len(_inside(place)) + 2 for place in layer if place.node), default=1)
        for place in layer:
            _place(scene, place, y, high, pieces)
        below = [piece for piece in pieces if piece.upper in layer] if depth + 1 < len(layers) else []
        y = _route(scene, below, y + high) if below else y + high
    return scene


def _layers(drawing: Graph) -> tuple[list[list[_Place]], list[_Piece]]:
    """The nodes by layer, in order, and the pieces of the edges."""
    # 0.3 s, and only who draws a graph needs it.
    from grandalf.graphs import Edge as Arc
    from grandalf.graphs import Graph as Digraph
    from grandalf.graphs import Vertex
    from grandalf.layouts import SugiyamaLayout, VertexViewer

    nodes = {node.name: Vertex(node) for node in drawing.nodes}
    for vertex in nodes.values():
        vertex.view = VertexViewer(10, 3)
    arcs = [Arc(nodes[e.source], nodes[e.target], data=e) for e in drawing.edges if e.source != e.target]
    layers: list[list[_Place]] = []
    pieces: list[_Piece] = []
    for core in Digraph(list(nodes.values()), arcs).C:
        sugiyama = SugiyamaLayout(core)
        sources = [v for v in core.sV if not any(e.v[1] is v for e in core.sE)] or [next(iter(core.sV))]
        sugiyama.init_all(roots=sources)
        sugiyama.draw(3)
        made: dict[Any, _Place] = {}
        for depth, layer in enumerate(sugiyama.layers):
            if depth == len(layers):
                layers.append([])
            for vertex in layer:
                made[vertex] = _Place(getattr(vertex, "data", None))
                layers[depth].append(made[vertex])
        pieces += [piece for arc in core.sE for piece in _pieces(arc, sugiyama, made)]
    return layers, pieces


def _pieces(arc: Any, sugiyama: Any, made: dict[Any, _Place]) -> list[_Piece]:
    between = sugiyama.ctrls.get(arc)
    ends = sorted(arc.v, key=lambda vertex: sugiyama.grx[vertex].rank)
    chain = [between[rank] for rank in sorted(between)] if between else ends
    steps = list(itertools.pairwise(chain))
    return [
        _Piece(made[one], made[other], arc.data, at == 0, at == len(steps) - 1)
        for at, (one, other) in enumerate(steps)
    ]


def _inside(place: _Place) -> list[str]:
    node = place.node
    if node is None:
        return []
    return [*wrapped(node.name, place.wide - 4), *(wrapped(node.text, place.wide - 4) if node.text else [])]


def _spread(layer: list[_Place]) -> None:
    """Widths and columns: what each wants, less where the layer would be wider than the picture."""
    for place in layer:
        if place.node is not None:
            place.wide = max(9, min(34, widest([place.node.name, place.node.text]) + 4))
    room = WIDTH - 2 * (len(layer) - 1)
    while sum(place.wide for place in layer) > room and max(place.wide for place in layer) > 7:
        max(layer, key=lambda place: place.wide).wide -= 1
    free = max(0, room - sum(place.wide for place in layer)) // (len(layer) + 1)
    x = free
    for place in layer:
        place.left = x
        x += place.wide + 2 + free


def _place(scene: Scene, place: _Place, y: int, high: int, pieces: Sequence[_Piece]) -> None:
    """A node's box, or the line that passes."""
    out = [piece for piece in pieces if piece.upper is place]
    into = [piece for piece in pieces if piece.lower is place]
    if place.node is None:
        column = place.left + 1
        place.out, place.into = [column // 2 * 2], [column // 2 * 2 + 1]
        style = "here" if any(piece.edge.marked for piece in out) else ""
        points = (
            ((place.into[0], y), (place.into[0], y + high - 1))
            if high > 1
            else ((place.into[0], y), (place.into[0], y))
        )
        scene.add(Line((*points, (place.out[0], y + high - 1)), style))
        return
    inside = _inside(place)
    scene.add(Box(place.left, y, place.wide, high, "here" if place.node.marked else ""))
    for row, text in enumerate(inside):
        scene.text(place.left + 2, y + 1 + row, text, "bold" if row == 0 else "", place.wide - 4)
    place.out, place.into = _ports(place, len(out), 0), _ports(place, len(into), 1)


def _ports(place: _Place, count: int, odd: int) -> list[int]:
    """Columns at which lines leave (even) or arrive (odd), spread over the box."""
    free = [column for column in range(place.left + 1, place.left + place.wide - 1) if column % 2 == odd]
    if not count or not free:
        return [place.left + place.wide // 2] * count
    step = len(free) / count
    return [free[min(len(free) - 1, int(step * at + step / 2))] for at in range(count)]


def _route(scene: Scene, pieces: list[_Piece], y: int) -> int:
    """Draws the lines of one gap; gives the row of the next layer."""
    ends = _ends(pieces)
    rows: list[list[tuple[int, int]]] = []
    drawn: list[tuple[_Piece, int, int, int]] = []
    for piece, start, stop in sorted(ends, key=_nested):
        low, high = min(start, stop), max(start, stop)
        row = 1 + max(
            (at for at, taken in enumerate(rows) if any(low <= b + 1 and a - 1 <= high for a, b in taken)),
            default=-1,
        )
        if row == len(rows):
            rows.append([])
        rows[row].append((low, high))
        drawn.append((piece, start, stop, row))
    bottom = y + len(rows) + 1
    for piece, start, stop, row in drawn:
        style = "here" if piece.edge.marked else ""
        top = y if piece.upper.node is None else y - 1
        points = ((start, top), (start, y + row), (stop, y + row), (stop, bottom))
        upward = piece.edge.source == (piece.lower.node.name if piece.lower.node else "") and piece.last
        scene.add(Line(points, style, tip=piece.last and not upward))
        if piece.edge.weight and piece.last:
            after = min((s for _, _, s, _ in drawn if s > stop), default=WIDTH)
            scene.text(stop + 2, bottom, piece.edge.weight, "dim", after - stop - 3)
    return bottom + 1


def _nested(end: tuple[_Piece, int, int]) -> tuple[bool, int]:
    """Lines to the left from the leftmost on, then those to the right from the rightmost on: so they lie in one another and cross less."""
    _, start, stop = end
    return stop >= start, start if stop < start else -start


def _ends(pieces: list[_Piece]) -> list[tuple[_Piece, int, int]]:
    """Each piece with its columns above and below: ports are given in the order of where the lines go, so that few cross."""
    starts: dict[int, int] = {}
    stops: dict[int, int] = {}
    for place in {id(p.upper): p.upper for p in pieces}.values():
        mine = sorted((p for p in pieces if p.upper is place), key=lambda p: p.lower.left + p.lower.wide / 2)
        starts |= {id(piece): port for piece, port in zip(mine, place.out * len(mine), strict=False)}
    for place in {id(p.lower): p.lower for p in pieces}.values():
        mine = sorted((p for p in pieces if p.lower is place), key=lambda p: p.upper.left + p.upper.wide / 2)
        free = _ports(place, len(mine), 1) if place.node else [(place.left + 1) // 2 * 2 + 1]
        stops |= {id(piece): port for piece, port in zip(mine, free * len(mine), strict=False)}
    return [(piece, starts[id(piece)], stops[id(piece)]) for piece in pieces]


def words(drawing: Graph) -> str:
    """The picture in words."""
    return (
        "; ".join(
            f"{edge.source} to {edge.target}{f' ({edge.weight})' if edge.weight else ''}"
            for edge in drawing.edges
        )
        + "."
    )
