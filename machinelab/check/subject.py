"""A lab's files, read as far as they can be: what the rules are asked of."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .. import catalog, guide
from ..analysis import reading
from ..analysis.reading import Reading
from ..errors import LabError, Problem, nearest
from ..filter import FilterError
from ..guide import Guide
from ..model import At, Experiment, Lab
from ..store import references
from . import yamlfile

Place = tuple[Path, int]


@dataclass(frozen=True, slots=True)
class Subject:
    """A lab to be checked. `readings` has each experiment whose reference could be read, `unread` why others
    could not ("": the lab's own patterns are at fault). `variants` are references with knobs turned, by their names.
    """

    lab: Lab
    guide: Guide
    places: Mapping[str, Place]
    services: Mapping[str, Any]
    readings: Mapping[str, Reading] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)
    variants: Mapping[str, Reading] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        """Its lab.py."""
        return catalog.lab_file(self.lab.id)

    @property
    def references(self) -> Path:
        """The folder of its shipped captures."""
        return catalog.reference_folder(self.lab.id)

    def recorded(self, name: str) -> Reading:
        """The reference of that name, opened once. Raises LabError where it cannot be read."""
        return self.readings.get(name) or self.variants.get(name) or reading.open_recorded(self.lab, name)

    def at(self, text: str, message: str, fix: str) -> Problem:
        """A problem at the line of lab.py (or of a file beside it) where this word first stands between quotes."""
        return Problem(*self.places.get(text, (self.file, 0)), message, fix)

    def in_guide(self, line: int, message: str, fix: str) -> Problem:
        """A problem in the guide."""
        return Problem(self.guide.path, line, message, fix)

    def steps(self, experiment: str) -> list[str]:
        """The ids of an experiment's steps; empty if there is no such experiment."""
        return [step.id for each in self.lab.experiments if each.id == experiment for step in each.steps]


def commands(experiment: Experiment) -> tuple[At, ...]:
    """Every command of an experiment."""
    return (*experiment.reset, *experiment.run, *experiment.after)


def near(word: str, known: Sequence[str], otherwise: str) -> str:
    """The nearest of the known words, as a fix."""
    return nearest(word, list(known)) or otherwise


def open_subject(id: str) -> Subject | None:
    """The lab's files, read; None where lab.py itself cannot be (the catalog tells why)."""
    try:
        lab = catalog.load_lab(id)
    except LabError:
        return None
    readings, unread, variants = _open_all(lab)
    return Subject(
        lab,
        guide.load(catalog.guide_file(id)),
        _places(catalog.lab_file(id).parent),
        yamlfile.services(catalog.compose_file(id)),
        readings,
        unread,
        variants,
    )


Readings = dict[str, Reading]


def _open_all(lab: Lab) -> tuple[Readings, dict[str, str], Readings]:
    """The references by experiment, why others could not be read, by name, and those with knobs turned, by name."""
    readings: Readings = {}
    variants: Readings = {}
    unread: dict[str, str] = {}
    folder = catalog.reference_folder(lab.id)
    names = [name.partition(references.KNOBS) for name in references.recorded(folder)]
    ordered = [name for each in lab.experiments for name in names if name[0] == each.id]
    for experiment, sign, settings in ordered:
        name = f"{experiment}{sign}{settings}"
        try:
            found = reading.open_recorded(lab, name)
        except (LabError, ValueError, OSError) as error:
            unread[name] = "" if _of_the_lab(error) else getattr(error, "message", str(error))
        else:
            (variants if settings else readings)[name] = found
    return readings, unread, variants


def _of_the_lab(error: Exception) -> bool:
    """Whether it is a filter or a hop that makes no sense: `naming` tells of it once, and where."""
    return isinstance(error, FilterError) or type(error) is ValueError


def _places(folder: Path) -> dict[str, Place]:
    """Text → where it first stands between quotes as the id or word of something; lab.py before the files beside it."""
    found: dict[str, Place] = {}
    files = sorted(folder.glob("*.py"), key=lambda path: (path.name != "lab.py", path.name))
    for path in files:
        for text, line in _literals(path):
            found.setdefault(text, (path, line))
    return found


def _literals(path: Path) -> Iterator[tuple[str, int]]:
    """First arguments of calls before all other text: a step's id stands where the step is made."""
    try:
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    except (SyntaxError, UnicodeDecodeError):
        return
    firsts = [node.args[0] for node in nodes if isinstance(node, ast.Call) and node.args]
    for node in (*firsts, *nodes):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, node.lineno
