"""A directed graph in layers, from the sources down, ordered so that few lines cross (Sugiyama's method, by barycentres).

Each line has a column of its own at both ends and a row of its own between two layers, so that two lines cross but never run
in one another.
"""

import itertools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from ...model.pictures import Edge, Graph, GraphNode
from .scene import WIDTH, Box, Line, Scene, widest, wrapped

SWEEPS = 8  # down and up in turn: after four of each the order of graphs of a lab's size no longer changes


@dataclass(slots=True, eq=False)
class _Place:
    """A node in its layer, or the place where a longer line passes (`node` None). Ports are columns, handed out from the left.

    Two places are never equal: those of two layers may stand in the same column, and are not the same.
    """

    node: GraphNode | None
    left: int = 0
    wide: int = 3
    out: list[int] = field(default_factory=list)
    into: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Piece:
    """The part of an edge between one layer and the next. `up`: the edge goes against the layers."""

    upper: _Place
    lower: _Place
    edge: Edge
    first: bool
    last: bool
    up: bool


def layout(drawing: Graph) -> Scene:
    """Boxes in layers, lines between them. An edge against the layers is drawn upwards, its tip on its target."""
    scene = Scene()
    layers, pieces = _layers(drawing)
    for layer in layers:
        _spread(layer, pieces)
    y = 0
    for depth, layer in enumerate(layers):
        high = max((len(_inside(place)) + 2 for place in layer if place.node), default=1)
        for place in layer:
            _place(scene, place, y, high, pieces)
        below = [piece for piece in pieces if piece.upper in layer] if depth + 1 < len(layers) else []
        y = _route(scene, below, y + high) if below else y + high
    return scene


def _layers(drawing: Graph) -> tuple[list[list[_Place]], list[_Piece]]:
    """The nodes by layer, in order, and the pieces of the edges: a longer edge passes through the layers between its ends."""
    arcs, ranks = _ranked([node.name for node in drawing.nodes], drawing.edges)
    layers: list[list[_Place]] = [[] for _ in range(max(ranks.values(), default=-1) + 1)]
    places = {node.name: _Place(node) for node in drawing.nodes}
    for name, place in places.items():
        layers[ranks[name]].append(place)
    pieces: list[_Piece] = []
    for upper, lower, edge in arcs:
        passing = [_Place(None) for _ in range(ranks[upper] + 1, ranks[lower])]
        for depth, place in enumerate(passing, ranks[upper] + 1):
            layers[depth].append(place)
        steps = list(itertools.pairwise([places[upper], *passing, places[lower]]))
        up, last = edge.source != upper, len(steps) - 1
        pieces += [_Piece(a, b, edge, at == 0, at == last, up) for at, (a, b) in enumerate(steps)]
    _uncross(layers, pieces)
    return layers, pieces


def _ranked(names: list[str], edges: Sequence[Edge]) -> tuple[list[tuple[str, str, Edge]], dict[str, int]]:
    """Each edge as (upper node, lower node, edge), and each node's layer: one below the lowest of those that lead to it.

    In a cycle the node named first stands above the others, and the edge back to it is drawn upwards.
    """
    real = [edge for edge in edges if edge.source != edge.target]
    left, order = list(names), dict[str, int]()
    while left:
        waiting = {edge.target for edge in real if edge.source in left}
        name = next((each for each in left if each not in waiting), left[0])
        order[name] = len(order)
        left.remove(name)
    arcs = [
        (edge.source, edge.target, edge)
        if order[edge.source] < order[edge.target]
        else (edge.target, edge.source, edge)
        for edge in real
    ]
    ranks = dict.fromkeys(order, 0)
    for upper, lower, _ in sorted(arcs, key=lambda arc: order[arc[0]]):
        ranks[lower] = max(ranks[lower], ranks[upper] + 1)
    return arcs, ranks


def _uncross(layers: list[list[_Place]], pieces: list[_Piece]) -> None:
    """Orders each layer by where its neighbours stand on average, downwards and upwards in turn; the best order seen stays."""
    above, below = defaultdict[int, list[_Place]](list), defaultdict[int, list[_Place]](list)
    for piece in pieces:
        above[id(piece.lower)].append(piece.upper)
        below[id(piece.upper)].append(piece.lower)
    best, fewest = [list(layer) for layer in layers], _crossings(layers, pieces)
    for sweep in range(SWEEPS):
        neighbours, depths = (
            (above, range(1, len(layers))) if sweep % 2 == 0 else (below, range(len(layers) - 2, -1, -1))
        )
        for depth in depths:
            beside = {id(place): at for at, place in enumerate(layers[depth + (-1 if sweep % 2 == 0 else 1)])}
            own = {id(place): float(at) for at, place in enumerate(layers[depth])}
            for place in layers[depth]:
                near = [beside[id(other)] for other in neighbours[id(place)]]
                own[id(place)] = sum(near) / len(near) if near else own[id(place)]
            layers[depth].sort(key=lambda place: own[id(place)])
        if (crossings := _crossings(layers, pieces)) < fewest:
            best, fewest = [list(layer) for layer in layers], crossings
    layers[:] = best


def _crossings(layers: list[list[_Place]], pieces: list[_Piece]) -> int:
    """How many pairs of lines cross between neighbouring layers."""
    at = {id(place): column for layer in layers for column, place in enumerate(layer)}
    depths = {id(place): depth for depth, layer in enumerate(layers) for place in layer}
    ends = [(depths[id(p.upper)], at[id(p.upper)], at[id(p.lower)]) for p in pieces]
    return sum(a[0] == b[0] and (a[1] - b[1]) * (a[2] - b[2]) < 0 for a, b in itertools.combinations(ends, 2))


def _inside(place: _Place) -> list[str]:
    node = place.node
    if node is None:
        return []
    return [*wrapped(node.name, place.wide - 4), *(wrapped(node.text, place.wide - 4) if node.text else [])]


def _spread(layer: list[_Place], pieces: Sequence[_Piece]) -> None:
    """Widths and columns: what its words and its lines want, less where the layer would be wider than the picture."""
    for place in layer:
        if place.node is not None:
            lines = max(sum(p.upper is place for p in pieces), sum(p.lower is place for p in pieces))
            place.wide = max(9, 2 * lines + 3, min(34, widest([place.node.name, place.node.text]) + 4))
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
    # An arrow that points up to a node needs a row between its tip and the line's turn.
    first = y + 1 if any(piece.up and piece.first for piece in pieces) else y
    bottom = first + len(rows) + 1
    for piece, start, stop, row in drawn:
        style = "here" if piece.edge.marked else ""
        way = ((start, y - 1), (start, first + row), (stop, first + row), (stop, bottom))
        if piece.up and piece.first:
            scene.add(Line(((start, y), *way[1:])[::-1], style, tip=True))
        else:
            scene.add(Line(way, style, tip=piece.last and not piece.up))
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
