"""A lab of the reader's own: a copy that can be edited, wherever the kit is installed, and that its upgrades leave alone.

<data folder>/own/dns/           a root of its own, or a link to the folder that was named
    labs/dns/  compose/dns/  compose/images/  guides/dns.md  guides/pictures/dns/
"""

import os
import re
import shutil
from pathlib import Path

from ..errors import LabError, UsageError

_DOCKERFILE = re.compile(r"^\s*dockerfile:\s*([A-Za-z0-9_.-]+)/", re.MULTILINE)


def folder() -> Path:
    """Where own copies are kept: `$MACHINELAB_HOME/own`, else below the XDG data folder."""
    if chosen := os.environ.get("MACHINELAB_HOME"):
        return Path(chosen).expanduser() / "own"
    return Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share").expanduser() / "machinelab" / "own"


def copy_of(id: str) -> Path | None:
    """The root of the reader's own copy of a lab; None if there is none, or if `$MACHINELAB_CONTENT` says where everything is."""
    place = folder() / id
    if os.environ.get("MACHINELAB_CONTENT") or not (place / "labs" / id / "lab.py").is_file():
        return None
    return place


def copies() -> list[str]:
    """The ids of all own copies."""
    here = folder()
    return sorted(path.name for path in here.iterdir() if copy_of(path.name)) if here.is_dir() else []


def take(id: str, shipped: Path, target: Path | None = None) -> Path:
    """Copy a shipped lab to where the reader can edit it (`target`: a new folder of theirs), and use it from now on; gives its root.

    Raises UsageError if there is a copy or a folder already, LabError if it cannot be written.
    """
    place = folder() / id
    if copy_of(id):
        raise UsageError(
            f"There is a copy of {id} of your own already, in {place.resolve()}.",
            f"Edit that one, or give it up: machinelab own {id} --give-up",
        )
    root = target.expanduser().absolute() if target else place
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise UsageError(f"{root} is there already.", "Name a folder that is new or empty: --to FOLDER")
    try:
        _copy(id, shipped, root)
        if target:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.unlink(missing_ok=True)
            place.symlink_to(root, target_is_directory=True)
    except OSError as error:
        raise LabError(
            f"{root} cannot be written: {error.strerror or error}.", "Name a folder of yours: --to FOLDER"
        ) from error
    return root


def give_up(id: str) -> tuple[Path, bool]:
    """Use the shipped lab again. Gives where the copy was, and whether its files are still there (they are, in a folder that was named).

    Raises UsageError if there is no copy.
    """
    place = folder() / id
    if not copy_of(id):
        raise UsageError(f"There is no copy of {id} of your own.", f"Make one: machinelab own {id}")
    root = place.resolve()
    if place.is_symlink():
        place.unlink()
        return root, True
    shutil.rmtree(place)
    return root, False


def _copy(id: str, shipped: Path, root: Path) -> None:
    compose = shipped / "compose" / id / "compose.yaml"
    images = set(_DOCKERFILE.findall(compose.read_text(encoding="utf-8"))) if compose.exists() else set()
    parts = [f"labs/{id}", f"compose/{id}", f"guides/{id}.md", f"guides/pictures/{id}", "guides/glossary.md"]
    parts += [f"compose/images/{name}" for name in sorted({*images, "shared"})]
    for part in parts:
        source, goal = shipped / part, root / part
        if source.is_dir():
            shutil.copytree(source, goal, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            goal.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, goal)
