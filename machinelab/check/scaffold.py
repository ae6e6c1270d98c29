"""`machinelab new`: a lab of two nodes that starts and runs as it is, and that `check` tells what to finish in."""

import re
from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from .. import catalog
from ..engine import images
from ..errors import LabError, UsageError

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PREFIX = re.compile(r"\b198\.(18|19)\.(\d{1,3})\b")
_PLACES = {
    "lab.py.in": "labs/{id}/lab.py",
    "worksheet.md.in": "labs/{id}/worksheet.md",
    "guide.md.in": "guides/{id}.md",
    "compose.yaml.in": "compose/{id}/compose.yaml",
    "Dockerfile.in": "compose/images/{id}/Dockerfile",
    "entrypoint.in": "compose/images/{id}/entrypoint",
}


def new(id: str) -> list[Path]:
    """Write the files of a new lab and give their paths. Raises UsageError for an id that is taken or cannot be one."""
    if not _ID.fullmatch(id) or len(id) > 40:
        raise UsageError(
            f"{id!r} cannot be a lab's id.", "Use lower-case letters, digits and hyphens: my-lab."
        )
    paths = {name: catalog.root() / place.format(id=id) for name, place in _PLACES.items()}
    taken = [path for path in paths.values() if path.exists()]
    if taken or _image_is_taken(id):
        what = str(taken[0]) if taken else f"An image called {images.PREFIX}{id}"
        raise UsageError(
            f"{what} is there already.", "Choose another id, or remove what is left of the old one."
        )
    words = {"@ID@": id, "@TITLE@": _title(id), "@SHELF@": _shelf(id), "@PREFIX@": _free_prefix(id)}
    try:
        for name, path in paths.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_filled(_template() / name, words), encoding="utf-8")
            path.chmod(0o755 if path.name == "entrypoint" else 0o644)
    except OSError as error:
        raise LabError(
            f"The lab cannot be written: {error}.", "Run it in a checkout that you can write to."
        ) from error
    return list(paths.values())


def _image_is_taken(id: str) -> bool:
    """Whether the tag that the lab's own image would get is one of the kit's shared images."""
    return (catalog.root() / "compose" / "images" / id).exists()


def _template() -> Traversable:
    return resources.files(__package__) / "template"


def _filled(file: Traversable, words: dict[str, str]) -> str:
    text = file.read_text(encoding="utf-8")
    for mark, word in words.items():
        text = text.replace(mark, word)
    return text


def _title(id: str) -> str:
    known = catalog.ENTRIES.get(id)
    return known.title if known else id.replace("-", " ").capitalize()


def _shelf(id: str) -> str:
    known = catalog.ENTRIES.get(id)
    return known.shelf if known else "own"


def _free_prefix(id: str) -> str:
    """The first three bytes of a /24 of 198.18.0.0/15 that no other lab has: the same for the same id, where it can be."""
    taken = {match[0] for text in _compose_files() for match in _PREFIX.finditer(text)}
    start = sum(byte * 7**place for place, byte in enumerate(id.encode())) % 512
    places = ((start + step) % 512 for step in range(512))
    free = (prefix for n in places if (prefix := f"198.{18 + n // 256}.{n % 256}") not in taken)
    found = next(free, None)
    if found is None:
        raise UsageError(
            "Every /24 of 198.18.0.0/15 is some lab's.", "Give two labs that never run together the same one."
        )
    return found


def _compose_files() -> Iterator[str]:
    for path in (catalog.root() / "compose").glob("*/compose.yaml"):
        yield path.read_text(encoding="utf-8", errors="replace")
