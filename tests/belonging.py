"""Which lab a test belongs to, and which tests belong to a lab (`pytest --lab LAB`, `machinelab test LAB`).

A lab's own: its checks, its references in every test that reads them, its live tests. Besides: the unit tests of the protocols that
its steps speak of, and of the sources that its experiments gather.
"""

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import pytest

from machinelab import catalog
from machinelab.dissect import protocols as folder_of_protocols

from . import ROOT, references

LABS = frozenset(path.parent.name for path in ROOT.glob("labs/*/lab.py"))
FIELDS = {"form": "urlencoded-form", "http1": "http", "ethernet": "eth", "ipv4": "ip"}
"""Protocols whose fields begin with another word than their folder's name."""


def group_of(nodeid: str) -> str:
    """What tests run in one process: a lab's, by the file or the parameters in a test's id; else a file's."""
    path, _, test = nodeid.partition("::")
    given = test.partition("[")[2].removesuffix("]")
    longest = sorted(LABS, key=len, reverse=True)
    named = (lab for lab in longest if given == lab or given.startswith((f"{lab}-", f"{lab}/")))
    return _lab_of_file(ROOT / path) or next(named, path)


def _lab_of_file(file: Path) -> str | None:
    if file.parent not in (ROOT / "tests/live", ROOT / "tests/labs"):
        return None
    named = file.stem.removeprefix("test_").replace("_", "-")
    named = named.removesuffix("-truth").removesuffix("-river")
    return named if named in LABS else None


def lab_of(item: pytest.Item) -> str | None:
    """The lab whose capture or files a test reads; None for tests that are about no lab alone."""
    if lab := _lab_of_file(item.path):
        return lab
    callspec = getattr(item, "callspec", None)
    return next(filter(None, map(_lab_in, callspec.params.values())), None) if callspec else None


def _lab_in(value: object) -> str | None:
    """The lab that a parameter names: a reference's path, `lab-experiment`, `lab`, or a tuple that begins with it."""
    if isinstance(value, tuple) and value:
        return _lab_in(value[0])
    if isinstance(value, Path):
        return references.lab_of(value) if value.is_relative_to(ROOT / "labs") else None
    if not isinstance(value, str):
        return None
    return value if value in LABS else _names().get(value)


@cache
def _names() -> dict[str, str]:
    return {references.name_of(path): references.lab_of(path) for path in references.CAPTURES}


@cache
def to(lab: str) -> Callable[[pytest.Item], bool]:
    """Whether a test belongs to the lab."""
    folders = [ROOT / "tests/unit/dissect/protocols" / name for name in protocols(lab)]
    files = {ROOT / f"tests/unit/sources/kinds/test_{name}.py" for name in sources(lab)}

    def belongs(item: pytest.Item) -> bool:
        mine = lab_of(item) == lab
        return mine or item.path in files or any(map(item.path.is_relative_to, folders))

    return belongs


def protocols(lab: str) -> list[str]:
    """The folders of dissect/protocols of which the lab's steps and background entries speak."""
    experiments = catalog.load_lab(lab).experiments
    entries = [entry for experiment in experiments for entry in (*experiment.steps, *experiment.background)]
    words = set[str]().union(*(references.spoken_of(entry.sees) for entry in entries if entry.sees))
    every = sorted(path.name for path in Path(*folder_of_protocols.__path__).glob("[a-z]*") if path.is_dir())
    return [name for name in every if _starts(name, words)]


def _starts(name: str, words: Iterable[str]) -> bool:
    first = FIELDS.get(name, name)
    return any(word == first or (name == "x509" and word.startswith("x509")) for word in words)


def sources(lab: str) -> list[str]:
    """The kinds of evidence that the lab's experiments gather."""
    experiments = catalog.load_lab(lab).experiments
    return sorted({gather.kind for experiment in experiments for gather in experiment.gather} - {"keys"})
