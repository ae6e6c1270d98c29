"""Every kind of picture: as text, as SVG, with hostile names, in words."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from time import process_time
from typing import get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from machinelab.model import (
    Branch,
    Drawing,
    Edge,
    Graph,
    GraphNode,
    HeaderField,
    Slot,
    SlotRow,
    Slots,
    Span,
    Timeline,
    Transfer,
    Tree,
    Waterfall,
)
from machinelab.render import pictures
from machinelab.render.terminal import TerminalStyle

from .. import small
from .drawings import DRAWINGS
from .scenes import assert_good


@pytest.mark.parametrize("kind", DRAWINGS)
def test_a_kind_is_drawn(kind: str, golden: Callable[[str, str], None]) -> None:
    assert_good(DRAWINGS[kind])
    golden(f"render/picture-{kind}.txt", "\n".join(pictures.text(DRAWINGS[kind])) + "\n")


def test_every_kind_has_a_sample() -> None:
    assert {type(drawing) for drawing in DRAWINGS.values()} == set(get_args(Drawing))


def test_an_svg_file(golden: Callable[[str, str], None]) -> None:
    golden("render/picture-graph.svg", pictures.svg(DRAWINGS["graph"], "The key schedule", "Keys from keys."))


@pytest.mark.parametrize("kind", DRAWINGS)
def test_in_words(kind: str) -> None:
    assert len(pictures.words(DRAWINGS[kind])) > 20


def _hostile(value: object) -> object:
    """The same, every word replaced by what a server may send."""
    if isinstance(value, str):
        return small.HOSTILE + "<script>&" + value if value and len(value) > 1 else value
    if isinstance(value, tuple):
        made = [_hostile(each) for each in value]
        return type(value)(*made) if hasattr(value, "_fields") else tuple(made)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{each.name: _hostile(getattr(value, each.name)) for each in fields(value)})
    return value


@pytest.mark.parametrize("kind", DRAWINGS)
def test_hostile_names_stay_text(kind: str) -> None:
    drawing = _hostile(DRAWINGS[kind])
    assert_good(drawing)
    assert "<script>" not in pictures.svg(drawing, small.HOSTILE, "<script>")  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", DRAWINGS)
def test_in_ascii(kind: str) -> None:
    style = TerminalStyle(unicode=False)
    assert all(style.draw(line).isascii() for line in pictures.text(DRAWINGS[kind]))


def test_many_moments_are_told_up_to_a_number() -> None:
    spans = tuple(Span(at, at, f"moment {at}") for at in range(200))
    drawing = Timeline((("a", spans), ("b", spans)))
    assert_good(drawing)
    assert "… and 360 more" in "\n".join(pictures.text(drawing))


def test_of_very_many_transfers_and_notes_a_line_says_how_many() -> None:
    many = tuple(
        Transfer(f"stream {at}", (Span(at, at + 0.01, ""), Span(at, at + 50, "", "new")), "note " * 20)
        for at in range(90)
    )
    waterfall = Waterfall(many, (("", "waiting"),))
    assert_good(waterfall)
    assert "… and 50 more" in "\n".join(pictures.text(waterfall))
    tree = Tree(Branch("root", (), True, tuple(f"note {at}" for at in range(2000))))
    assert_good(tree)
    lines = pictures.text(tree)
    assert len(lines) < 20 and "… and 1988 more" in lines[-1]


def test_a_large_picture_takes_time_by_its_size_and_no_more() -> None:
    def took(count: int) -> float:
        scene = Slots(tuple(SlotRow(str(at), (Slot("x"),)) for at in range(count)))
        begun = process_time()
        pictures.text(scene)
        return process_time() - begun

    took(50)
    assert took(1600) < 30 * max(took(200), 0.001)  # eight times as much; were it by the square: 64 times


def test_a_header_of_many_rows() -> None:
    field = HeaderField("An address", 128, "2001:db8::1")
    assert_good(replace(DRAWINGS["bytes"], fields=(field, HeaderField("x", 4, "1"))))  # type: ignore[type-var]


def graph(*edges: str) -> Graph:
    """Of edges as `a>b`, its nodes in the order in which they are named."""
    names = dict.fromkeys(name for edge in edges for name in edge.split(">"))
    return Graph(tuple(map(GraphNode, names)), tuple(Edge(*edge.split(">")) for edge in edges))


def test_an_edge_against_the_layers_points_up_to_its_target() -> None:
    drawing = graph("a>b", "b>c", "c>a", "a>d")
    assert_good(drawing)
    lines = pictures.text(drawing)
    assert [line.count("▲") for line in lines if "▲" in line] == [1]
    row = next(at for at, line in enumerate(lines) if "▲" in line)
    assert "│ a" in lines[row - 2]


def test_layers_are_ordered_so_that_lines_do_not_cross() -> None:
    lines = pictures.text(graph("a>z", "b>y", "c>x", "z>p", "y>q", "x>r"))
    assert not any("┼" in line for line in lines)


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), min_size=1, max_size=12))
@example([(0, 3), (1, 0), (2, 1), (3, 2), (3, 4), (5, 2)])  # two long lines in one column, layers apart
@example([(0, 1), (0, 4), (0, 4), (0, 4), (2, 3), (3, 4), (4, 1)])
@settings(max_examples=40, deadline=None)
def test_any_graph_is_drawn(pairs: list[tuple[int, int]]) -> None:
    drawing = graph(*(f"{a}>{b}" for a, b in pairs))
    assert_good(drawing)
    heads = sum(line.count("▼") + line.count("▲") for line in pictures.text(drawing))
    assert heads == len([1 for a, b in pairs if a != b])


def test_the_order_of_a_graph_does_not_hang_on_the_hash_seed() -> None:
    code = (
        "from tests.unit.render.pictures.drawings import DRAWINGS\n"
        "from machinelab.render import pictures\n"
        "print(chr(10).join(pictures.text(DRAWINGS['graph'])))"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(made) == 1
