"""Rendering is pure functions of data: no file, clock, process or environment but in the files named here."""

import ast

import pytest

from tests import ROOT

RENDER = ROOT / "machinelab" / "render"

# What reaches outside → the files of render/ that may import it.
ALLOWED = {
    "asyncio": set(),
    "datetime": set(),
    "importlib": {
        "page/document.py",
        "site/environment.py",
    },  # the pages' own style sheets, scripts and templates
    "io": {"markdown.py"},  # StringIO: a buffer in memory
    "os": {
        "terminal.py",
        "screen.py",
    },  # what the terminal can show: COLUMNS, NO_COLOR, FORCE_COLOR, TERM; how tall it is
    "pathlib": set(),
    "random": set(),
    "shutil": set(),
    "socket": set(),
    "subprocess": set(),
    "sys": set(),
    "tempfile": set(),
    "threading": set(),
    "time": set(),
}
CALLS = {"open", "input", "print"}


def used(tree: ast.Module) -> set[str]:
    """The modules that a file imports, by their first name."""
    found = set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            found.add(node.module.split(".")[0])
    return found


def called(tree: ast.Module) -> set[str]:
    """The names that a file calls as functions."""
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {function.id for function in calls if isinstance(function, ast.Name)}


def parsed() -> dict[str, ast.Module]:
    return {
        path.relative_to(RENDER).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in RENDER.rglob("*.py")
    }


@pytest.mark.parametrize("module", ALLOWED)
def test_what_reaches_outside_is_imported_where_it_may_be(module):
    assert {name for name, tree in parsed().items() if module in used(tree)} == ALLOWED[module]


def test_nothing_is_opened_read_or_printed():
    assert {name: found for name, tree in parsed().items() if (found := called(tree) & CALLS)} == {}


def test_an_import_and_a_call_would_be_found():
    tree = ast.parse("def f():\n    import os.path\n    from pathlib import Path\n    print(open(Path('x')))")
    assert used(tree) == {"os", "pathlib"} and called(tree) & CALLS == {"print", "open"}
