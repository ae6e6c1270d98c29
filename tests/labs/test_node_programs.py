"""Programs that run in nodes: typed and linted as all other code is, whether or not their names end in .py."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT

IMAGES = ROOT / "compose/images"
SHARED = "shared"


def language(path: Path) -> str:
    """`python`, `sh` or "", by its first line, or by its ending."""
    with path.open("rb") as file:
        first = file.readline()
    if path.suffix == ".py" or (first.startswith(b"#!") and b"python" in first):
        return "python"
    return "sh" if path.suffix == ".sh" or first.rstrip() in (b"#!/bin/sh", b"#!/usr/bin/env sh") else ""


def programs(kind: str, folder: Path = IMAGES) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and language(path) == kind]


def told(*argv: str | Path, cwd: Path = ROOT, **environment: str) -> str:
    """What a tool complains of, empty if of nothing."""
    done = subprocess.run(
        argv,
        cwd=cwd,
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def typed(image: Path, folder: Path) -> str:
    """What mypy says of an image's programs: under names it knows as modules, those it shares beside them."""
    for path in (*programs("python", image.parent / SHARED), *programs("python", image)):
        own = folder / path.relative_to(image.parent).parent.name
        target = folder if path.parent.name == SHARED else own
        target.mkdir(exist_ok=True)
        shutil.copy(path, target / (path.stem.replace("-", "_") + ".py"))
    found = [
        told(
            sys.executable, "-m", "mypy", "--strict", "--python-version", "3.13", "--no-error-summary", "--no-pretty",
            "--config-file", "", "--cache-dir", str(ROOT / ".mypy_cache/nodes"), "--allow-untyped-decorators", "--allow-subclassing-any",
            "--no-warn-return-any", "--ignore-missing-imports",
            *(path.name for path in sorted(each.glob("*.py"))), cwd=each, MYPYPATH=_beside(folder, each),
        )
        for each in sorted({path.parent for path in folder.rglob("*.py")})
    ]  # fmt: skip
    return "".join(found)


def _beside(folder: Path, own: Path) -> str:
    """Where a program's siblings are found; what is shared by all images is in the folder itself."""
    others = [str(each) for each in sorted(folder.iterdir()) if each.is_dir() and each != own]
    return ":".join([str(folder), *others] if own != folder else [])


@pytest.mark.parametrize("image", sorted(path.parent.name for path in IMAGES.glob("*/Dockerfile")))
def test_an_image_is_typed(image: str, tmp_path: Path) -> None:
    assert typed(IMAGES / image, tmp_path) == ""


def test_what_is_not_typed_is_told(tmp_path: Path) -> None:
    (tmp_path / "toy").mkdir()
    (tmp_path / "toy" / "peer").write_text("#!/usr/bin/python3\ndef wrong(x):\n    return x\n")
    (tmp_path / "out").mkdir()
    assert "peer.py:2: error: Function is missing a type annotation" in typed(
        tmp_path / "toy", tmp_path / "out"
    )


def test_all_are_linted() -> None:
    files = programs("python")
    assert len(files) > 35
    rules = ("--no-cache", "--extend-ignore", "D")
    assert told(sys.executable, "-m", "ruff", "check", *rules, *files) == ""


def test_shell_scripts_are_scripts() -> None:
    files = programs("sh")
    assert len(files) > 10
    for path in files:
        assert told("sh", "-n", path) == ""
    assert (
        told(Path(sys.executable).with_name("shellcheck"), "--shell=sh", "--severity=warning", *files) == ""
    )
