"""CONTRIBUTING's map: every room in its own words, and files that there are."""

import ast
import re

from tests import ROOT
from tests.unit.test_layers import BELOW, PACKAGE

MAP = (ROOT / "CONTRIBUTING.md").read_text().partition("## Where is what")[2].partition("\n## ")[0]
ROOMS = re.findall(r"^\| `(?!machinelab/)(\w+)/` \| (.+) \|$", MAP, re.MULTILINE)


def test_each_room_is_in_the_map_as_its_docstring_says() -> None:
    rooms = {room for room in BELOW if (PACKAGE / room).is_dir()}
    said = dict(ROOMS)
    assert said.keys() == rooms
    for room, words in said.items():
        docstring = ast.get_docstring(ast.parse((PACKAGE / room / "__init__.py").read_text())) or ""
        assert docstring.partition("\n")[0] == words, room


def test_rooms_stand_from_the_command_line_down() -> None:
    order = [room for room, _ in ROOMS]
    for place, room in enumerate(order):
        assert not set(BELOW[room].split()) & set(order[:place]), room


def test_each_change_names_files_that_there_are() -> None:
    table = MAP.partition("| to change |")[2]
    named = re.findall(r"`((?:machinelab|compose)/[^`<]+)`", table)
    assert len(named) > 15
    assert [path for path in named if not (ROOT / path).exists()] == []
