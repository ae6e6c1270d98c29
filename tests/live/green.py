"""Which labs are tried in full: those of which something has changed since their live tests were last green.

A lab's digest covers its files, its compose folder, what its images and the tap are built from, the engine's and the workflow's code,
the protocols and sources that it uses, and its live tests. It stands in `green/<lab>.txt`; `pytest --agree` writes it, from a run in
which every live test of the lab was carried out and none failed.
"""

import hashlib
import os
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from machinelab import catalog
from machinelab.engine import images
from tests import ROOT, belonging

FOLDER = Path(__file__).parent / "green"
DAY = "MACHINELAB_TEST_DAY"  # handed to every process of a divided run, so that midnight cannot come between them
ENGINE, WORKFLOW = "machinelab/engine", "machinelab/workflow"
WORDS = (
    "guide_text.py",
    "illustrations.py",
    "learning.py",
    "learning_pages.py",
    "recording.py",
    "worksheet.py",
)
"""Files of the workflow that `up`, `run` and `down` do not use: what is read and asked afterwards."""
TESTS = ("labs.py", "test_labs.py", "green.py")
HEX = 20


def why(lab: str) -> str:
    """Why a lab is tried in full; empty where nothing of it has changed."""
    file = FOLDER / f"{lab}.txt"
    if not file.exists():
        return "it was never green"
    before = dict(line.rsplit(" ", 1) for line in file.read_text(encoding="utf-8").splitlines())
    now = parts(lab)
    changed = [name for name in sorted({*before, *now}) if before.get(name) != now.get(name)]
    return f"changed: {', '.join(changed)}" if changed else ""


def note(lab: str) -> None:
    """Write down that a lab was green as it is now."""
    lines = [f"{name} {digest}\n" for name, digest in sorted(parts(lab).items())]
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{lab}.txt").write_text("".join(lines), encoding="utf-8")


@cache
def parts(lab: str) -> dict[str, str]:
    """The digest of each part of what a lab's live tests depend on."""
    compose = catalog.compose_file(lab)
    own = f"test_{lab.replace('-', '_')}.py"
    found = {
        "lab": _of(ROOT / "labs" / lab),
        "compose": _of(compose.parent),
        "tests": _of(*(Path(__file__).with_name(name) for name in (*TESTS, own))),
        "engine": _of(ROOT / ENGINE),
        "workflow": _of(*(path for path in _files(ROOT / WORKFLOW) if path.name not in WORDS)),
        **{
            f"protocol/{name}": _of(ROOT / "machinelab/dissect/protocols" / name)
            for name in belonging.protocols(lab)
        },
        **{f"source/{name}": _of(*_source(name)) for name in belonging.sources(lab)},
    }
    made = (image for image in images.of_lab(lab, compose) if image.context is not None)
    return {**found, **{f"image/{image.name}": image.digest()[:HEX] for image in made}}


def _source(name: str) -> list[Path]:
    kinds = ROOT / "machinelab/sources/kinds"
    return [kinds / name, kinds / f"{name}.py"]


def _of(*paths: Path) -> str:
    digest = hashlib.sha256()
    for path in paths:
        for file in _files(path):
            digest.update(f"{file.relative_to(ROOT).as_posix()} ".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:HEX]


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    else:
        yield from sorted(p for p in path.rglob("*") if p.is_file() and "__pycache__" not in p.parts)


def day() -> int:
    """A number that is another each day."""
    return int(os.environ.setdefault(DAY, str(int(time.time()) // 86_400)))
