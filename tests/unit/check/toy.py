"""A finished toy lab in a folder of the test's own: what `machinelab new` writes, its TODOs done, and a recorded ping."""

import shutil
from pathlib import Path

from machinelab import catalog, check
from machinelab.check import scaffold
from machinelab.errors import Problem
from machinelab.store import references

ID = "my-toy"
RECORDED = Path(__file__).parent / "reference"
"""From `machinelab new my-toy`, `up`, `record`: two real packets."""


def finish() -> None:
    """Make the lab whole, as an author would."""
    for path in scaffold.new(ID):
        text = path.read_text(encoding="utf-8").replace('"TODO: ', '"').replace("TODO: ", "")
        path.write_text(text, encoding="utf-8")
    shutil.copytree(RECORDED, catalog.reference_folder(ID))
    check.mend([ID])


def edit(place: str, old: str, new: str) -> None:
    """Change one file of the lab; the old text has to be there."""
    path = catalog.root() / place.format(id=ID)
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {path}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def rehash() -> None:
    """Write the manifest anew, so that a changed reference is not found by its hash alone."""
    references.write_manifest(catalog.reference_folder(ID), {})


def problems() -> list[Problem]:
    return check.check([ID])


def line_of(problem: Problem) -> str:
    """The text of the line that a problem names; empty for a file as a whole."""
    lines = problem.path.read_text(encoding="utf-8").splitlines() if problem.line else [""]
    return lines[max(problem.line - 1, 0)]
