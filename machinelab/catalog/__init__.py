"""Finds labs, guides and their files, in a checkout or inside an installed wheel; lists labs by shelf."""

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

from ..errors import BrokenLab, LabError, Problem, UsageError, nearest
from ..model import Lab
from . import own
from .shelves import ENTRIES, PROGRESSIONS, SHELVES, START_HERE, Entry, Progression

__all__ = ["ENTRIES", "PROGRESSIONS", "SHELVES", "START_HERE", "Entry", "Progression"]

READY, PLANNED = "ready", "planned"

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def root() -> Path:
    """The folder that holds labs/, compose/ and guides/: `$MACHINELAB_CONTENT`, else the wheel's or the checkout's."""
    if chosen := os.environ.get("MACHINELAB_CONTENT"):
        return Path(chosen).expanduser().absolute()
    package = Path(__file__).parents[1]
    inside = package / "content"
    return inside if inside.is_dir() else package.parent


def installed() -> bool:
    """Whether the shipped labs are part of an installed wheel, where nobody edits anything and an upgrade replaces all."""
    return not os.environ.get("MACHINELAB_CONTENT") and (Path(__file__).parents[1] / "content").is_dir()


def compose_file(id: str) -> Path:
    """The lab's compose file. It need not exist, here and below."""
    return root_of(id) / "compose" / id / "compose.yaml"


def image_folder(id: str) -> Path:
    """What the image of the lab's nodes is built from; it may also copy from the folder `shared` beside it."""
    return root_of(id) / "compose" / "images" / id


def guide_file(id: str) -> Path:
    """The lab's guide."""
    return root_of(id) / "guides" / f"{id}.md"


def root_of(id: str) -> Path:
    """The folder that holds this lab: the reader's own copy, if there is one, else `root()`."""
    return own.copy_of(id) or root()


def glossary_file() -> Path:
    """The glossary of all guides."""
    return root() / "guides" / "glossary.md"


def lab_file(id: str) -> Path:
    """The Python file that declares the lab."""
    return root_of(id) / "labs" / id / "lab.py"


def worksheet_file(id: str) -> Path:
    """The words of the lab's questions."""
    return root_of(id) / "labs" / id / "worksheet.md"


def reference_folder(id: str) -> Path:
    """Where the lab's shipped captures lie."""
    return root_of(id) / "labs" / id / "reference"


def made() -> list[str]:
    """Every lab that has a folder with a lab.py: those of the list in its order, then an author's own."""
    found = {
        path.parent.name for path in (root() / "labs").glob("*/lab.py") if _ID.fullmatch(path.parent.name)
    }
    found |= set(own.copies())
    return [*(id for id in ENTRIES if id in found), *sorted(found - ENTRIES.keys())]


def ready() -> list[str]:
    """The ids of the labs that can be used."""
    return made()


def status(id: str) -> str:
    """`ready` or `planned`. Raises UsageError for an id that is neither."""
    if _ID.fullmatch(id) and lab_file(id).exists():
        return READY
    if id in ENTRIES:
        return PLANNED
    known = list(dict.fromkeys([*ENTRIES, *made()]))
    raise UsageError(
        f"There is no lab {id!r}.", nearest(id, known) or "See `machinelab list` for the labs there are."
    )


def entries() -> list[Entry]:
    """Every guide, shelf by shelf, an author's own last."""
    made_here = [Entry(id, id.replace("-", " ").capitalize(), "own") for id in made() if id not in ENTRIES]
    return [*ENTRIES.values(), *made_here]


def entry(id: str) -> Entry:
    """A guide as it is listed. Raises UsageError if there is none of that id."""
    status(id)
    return next(entry for entry in entries() if entry.id == id)


def load_lab(id: str) -> Lab:
    """The lab, read afresh. Raises UsageError if there is none yet, BrokenLab (with file and line) if it cannot be read."""
    if status(id) == PLANNED:
        can = ", ".join(ready()) or "none yet"
        raise UsageError(
            f"{ENTRIES[id].title} ({id}) is planned, not ready yet.", f"Try one that is ready: {can}."
        )
    lab = _module(id).__dict__.get("LAB")
    path = lab_file(id)
    if not isinstance(lab, Lab):
        raise BrokenLab(f"{path} has no LAB.", "End it with LAB = Lab(…).")
    if lab.id != id:
        raise BrokenLab(f"{path} calls its lab {lab.id!r}.", f"Call it {id!r}, as its folder is.")
    return lab


def _module(id: str) -> ModuleType:
    """lab.py as a module of a package of its own, so that it may part itself over files beside it (`from .questions import …`)."""
    import importlib

    name = f"_machinelab_lab_{id.replace('-', '_')}"
    for loaded in [known for known in sys.modules if known == name or known.startswith(f"{name}.")]:
        del sys.modules[loaded]
    package = ModuleType(name)
    package.__path__ = [str(lab_file(id).parent)]
    sys.modules[name] = package
    importlib.invalidate_caches()
    # A lab's folder holds what its author put there, and no __pycache__.
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        return importlib.import_module(f"{name}.lab")
    except Exception as error:  # lab.py is an author's code: it may raise anything
        raise _broken(lab_file(id), error) from error
    finally:
        sys.dont_write_bytecode = writes


def _broken(path: Path, error: Exception) -> BrokenLab:
    """Where in the lab's own files it went wrong."""
    import traceback

    where, line = str(path), 0
    if isinstance(error, SyntaxError) and error.filename:
        where, line = error.filename, error.lineno or 0
    else:
        theirs = [
            f for f in traceback.extract_tb(error.__traceback__) if Path(f.filename).parent == path.parent
        ]
        if theirs:
            where, line = theirs[-1].filename, theirs[-1].lineno or 0
    what = (
        error.message
        if isinstance(error, LabError)
        else error.msg
        if isinstance(error, SyntaxError)
        else str(error)
    )
    hint = (
        error.hint
        if isinstance(error, LabError) and error.hint
        else "Mend the line, then run `machinelab check`."
    )
    return BrokenLab(f"{where}:{line}: {what or type(error).__name__}", hint)


def problems() -> list[Problem]:
    """What is wrong with the folders as a whole: labs that cannot be read, files that belong to no lab, files that miss."""
    found: list[Problem] = []
    for id in made():
        found += _problems_of(id)
    known = set(made()) | ENTRIES.keys()
    found += [
        Problem(
            folder, 0, f"{folder.name} is a lab's folder without a lab.py.", "Write it, or remove the folder."
        )
        for folder in _folders("labs")
        if not (folder / "lab.py").exists()
    ]
    strays: Mapping[str, list[Path]] = {
        "a guide": sorted((root() / "guides").glob("*.md")),
        "a topology": [folder for folder in _folders("compose") if folder.name != "images"],
    }
    found += [
        Problem(
            path,
            0,
            f"This is {kind} of no lab.",
            f"Name it after a lab, or make one: machinelab new {path.stem}",
        )
        for kind, paths in strays.items()
        for path in paths
        if path.stem not in known and path.stem not in ("README", "glossary")
    ]
    return found


def _folders(name: str) -> list[Path]:
    parent = root() / name
    return (
        sorted(p for p in parent.iterdir() if p.is_dir() and p.name[0] not in "._") if parent.is_dir() else []
    )


def _problems_of(id: str) -> list[Problem]:
    found: list[Problem] = []
    try:
        load_lab(id)
    except LabError as error:
        found.append(_placed(lab_file(id), error))
    needed = {"compose file": compose_file(id), "guide": guide_file(id), "worksheet": worksheet_file(id)}
    found += [
        Problem(path, 0, f"{id} has no {what}.", "Write it.")
        for what, path in needed.items()
        if not path.exists()
    ]
    return found


def _placed(path: Path, error: LabError) -> Problem:
    match = re.fullmatch(r"(.+?):(\d+): (.*)", error.message, re.DOTALL)
    return (
        Problem(Path(match[1]), int(match[2]), match[3], error.hint)
        if match
        else Problem(path, 0, error.message, error.hint)
    )
