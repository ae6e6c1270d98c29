"""Tests stand where what they test stands: each room, protocol and kind of evidence has tests of its own name."""

from pathlib import Path

import pytest

from tests import ROOT

PACKAGE, UNIT = ROOT / "machinelab", ROOT / "tests/unit"


def named(folder: Path) -> list[str]:
    """The modules and packages in a folder."""
    found = (path for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists())
    return sorted(path.stem for path in found if not path.name.startswith("_"))


def has_tests(folder: Path, name: str) -> bool:
    """Whether a module has a test file beside the others of its folder, or a package a folder with one."""
    return (folder / f"test_{name}.py").exists() or any((folder / name).rglob("test_*.py"))


@pytest.mark.parametrize(
    "room", [path.name for path in sorted(PACKAGE.iterdir()) if (path / "__init__.py").exists()]
)
def test_every_room_has_tests(room: str) -> None:
    assert has_tests(UNIT, room)


@pytest.mark.parametrize("folder", ["dissect/protocols", "sources/kinds"])
def test_every_protocol_and_every_kind_of_evidence_has_tests_of_its_name(folder: str) -> None:
    names = named(PACKAGE / folder)
    assert len(names) > 5
    assert [name for name in names if not has_tests(UNIT / folder, name)] == []


def test_no_protocol_is_tested_that_there_is_not() -> None:
    folder = UNIT / "dissect/protocols"
    tests = {path.name for path in folder.iterdir() if any(path.glob("test_*.py"))}
    assert tests <= set(named(PACKAGE / "dissect/protocols"))
