"""`machinelab new`: a lab of two nodes that runs as it is, a protocol's dissector, a source of evidence; what to finish in them is told."""

import re
import shutil
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path

from .. import catalog
from ..catalog import own
from ..engine import images
from ..errors import LabError, UsageError

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")
_PREFIX = re.compile(r"\b198\.(18|19)\.(\d{1,3})\b")
Places = Mapping[str, str]  # a template → where it is written to, below the repository
_LAB: Places = {
    "lab/lab.py.in": "labs/{id}/lab.py",
    "lab/worksheet.md.in": "labs/{id}/worksheet.md",
    "lab/guide.md.in": "guides/{id}.md",
    "lab/compose.yaml.in": "compose/{id}/compose.yaml",
    "lab/Dockerfile.in": "compose/images/{id}/Dockerfile",
    "lab/entrypoint.in": "compose/images/{id}/entrypoint",
}
_PROTOCOL: Places = {
    "protocol/init.py.in": "machinelab/dissect/protocols/{id}/__init__.py",
    "protocol/dissector.py.in": "machinelab/dissect/protocols/{id}/dissector.py",
    "protocol/fields.py.in": "machinelab/fields/{id}.py",
    "protocol/test_init.py.in": "tests/unit/dissect/protocols/{id}/__init__.py",
    "protocol/test_dissector.py.in": "tests/unit/dissect/protocols/{id}/test_dissector.py",
    "protocol/oracle.py.in": "tests/oracle/protocols/{id}.py",
}
_SOURCE: Places = {
    "source/source.py.in": "machinelab/sources/kinds/{id}.py",
    "source/fields.py.in": "machinelab/fields/{id}.py",
    "source/test_source.py.in": "tests/unit/sources/kinds/test_{id}.py",
    "source/oracle.py.in": "tests/oracle/protocols/{id}.py",
}


def new(id: str) -> list[Path]:
    """Write the files of a new lab and give their paths. Raises UsageError for an id that is taken or cannot be one."""
    if not _ID.fullmatch(id) or len(id) > 40:
        raise UsageError(
            f"{id!r} cannot be a lab's id.", "Use lower-case letters, digits and hyphens: my-lab."
        )
    if id == images.SHARED or catalog.image_folder(id).exists():
        raise UsageError(
            f"An image called {images.PREFIX}{id} is there already.",
            "Choose another id, or remove what is left of the old one.",
        )
    words = {"@ID@": id, "@TITLE@": _title(id), "@SHELF@": _shelf(id), "@PREFIX@": _free_prefix(id)}
    return _write(id, _place_of(id), _LAB, words)


def _place_of(id: str) -> Path:
    """Where a new lab is made: in the checkout, or, beside an installed kit, as a lab of the author's own."""
    if not catalog.installed():
        return catalog.root()
    place = own.folder() / id
    shared = catalog.root() / "compose" / "images" / images.SHARED
    shutil.copytree(shared, place / "compose" / "images" / images.SHARED, dirs_exist_ok=True)
    return place


def protocol(name: str, repository: Path | None = None) -> list[Path]:
    """Write a dissector, its fields and its test. Raises UsageError for a name that is taken or cannot be one."""
    return _code(name, repository, _PROTOCOL, "a protocol's name", "memcache")


def source(name: str, repository: Path | None = None) -> list[Path]:
    """Write a reader of one kind of evidence, its fields and its test. Raises UsageError as `protocol` does."""
    return _code(name, repository, _SOURCE, "the name of a kind of evidence", "gclog")


def _code(name: str, repository: Path | None, places: Places, what: str, like: str) -> list[Path]:
    if not _NAME.fullmatch(name):
        hint = f"Use lower-case letters, digits and underscores: {like}."
        raise UsageError(f"{name!r} cannot be {what}.", hint)
    root = repository or Path(__file__).parents[2]
    if not (root / "tests" / "unit").is_dir():
        raise UsageError(f"{root} is no checkout of the repository.", "Clone it, and run this there.")
    return _write(name, root, places, {"@NAME@": name, "@UPPER@": name.upper()})


def _write(id: str, root: Path, places: Places, words: Mapping[str, str]) -> list[Path]:
    """Fill in the templates. Nothing is written if one of the files is there."""
    paths = {template: root / place.format(id=id) for template, place in places.items()}
    if taken := [path for path in paths.values() if path.exists()]:
        raise UsageError(
            f"{taken[0]} is there already.", "Choose another name, or remove what is left of the old one."
        )
    try:
        for template, path in paths.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_filled(template, words), encoding="utf-8")
            path.chmod(0o755 if path.name == "entrypoint" else 0o644)
    except OSError as error:
        raise LabError(
            f"{id} cannot be written: {error}.", "Run it in a checkout that you can write to."
        ) from error
    return list(paths.values())


def _filled(template: str, words: Mapping[str, str]) -> str:
    text = (resources.files(__package__) / "template" / template).read_text(encoding="utf-8")
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
