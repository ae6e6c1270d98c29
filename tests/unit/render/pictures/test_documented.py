"""The kinds of pictures as CONTRIBUTING shows them to authors: all of them, each example drawn."""

from typing import get_args

import pytest

from machinelab import authoring
from machinelab.guide import markdown
from machinelab.model import Drawing, Topology
from tests import ROOT

from .scenes import assert_good

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
SECTION = TEXT.partition("### The kinds of pictures")[2].partition("**4. Record")[0]


def rows() -> list[tuple[str, str]]:
    """Each row of the table: the kind's name, and the example."""
    codes = [
        piece.content
        for block in markdown.parse(SECTION)
        for piece in block.children or []
        if piece.type == "code_inline" and block.map and _in_table(block.map[0])
    ]
    return list(zip(codes[::2], codes[1::2], strict=True))


def _in_table(line: int) -> bool:
    return SECTION.split("\n")[line].startswith("| `")


def test_every_kind_is_documented() -> None:
    assert {kind for kind, _ in rows()} == {kind.__name__ for kind in get_args(Drawing)} - {Topology.__name__}


@pytest.mark.parametrize(("kind", "example"), rows())
def test_the_example_is_drawn(kind: str, example: str) -> None:
    drawing = eval(example, {name: getattr(authoring, name) for name in authoring.__all__})
    assert type(drawing).__name__ == kind
    assert_good(drawing)
