"""Files in a lab's folder that belong to nothing."""

from collections.abc import Iterator
from pathlib import Path

from ..errors import Problem
from ..store import references
from .subject import Subject


def problems(subject: Subject) -> Iterator[Problem]:
    """Every file of labs/<id>/ that is no code, no worksheet and no experiment's reference."""
    folder = subject.file.parent
    wanted = {subject.references / references.MANIFEST, folder / "worksheet.md"}
    for experiment in subject.lab.experiments:
        wanted |= set(references.files(subject.references, experiment.id))
        for settings in references.variants(subject.references, experiment.id):
            wanted |= set(
                references.files(subject.references, f"{experiment.id}{references.KNOBS}{settings}")
            )
    for path in sorted(
        path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts
    ):
        if path not in wanted and not (path.parent == folder and path.suffix == ".py"):
            yield _stray(subject, path)


def _stray(subject: Subject, path: Path) -> Problem:
    if path.is_relative_to(subject.references):
        said = "This reference is of no experiment of the lab."
        return Problem(path, 0, said, "Remove it, or add its experiment to lab.py.")
    return Problem(
        path, 0, "This file belongs to nothing in the lab.", "Remove it, or put it where it is used."
    )
