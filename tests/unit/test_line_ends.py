"""A clone on a system with other line ends: scripts and references are as they were written."""

import subprocess
from pathlib import Path

import pytest

from machinelab.store import references

REPOSITORY = Path(__file__).parents[2]


@pytest.mark.skipif(not (REPOSITORY / ".git").exists(), reason="this is no checkout")
def test_a_clone_with_autocrlf_has_line_feeds(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    subprocess.run(
        ["git", "clone", "-q", "-c", "core.autocrlf=true", "--depth", "1", REPOSITORY.as_uri(), str(clone)],
        check=True,
    )
    scripts = [
        clone / "setup",
        *(clone / "compose" / "images").rglob("entrypoint"),
        *(clone / "compose" / "dns").rglob("*.zone*"),
    ]
    assert scripts and not [path for path in scripts if b"\r\n" in path.read_bytes()]
    for folder in sorted((clone / "labs").glob("*/reference")):
        for name in references.recorded(folder):
            references.verify(folder, name)
