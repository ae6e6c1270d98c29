"""A lab of the reader's own: copied by one command, used from then on, said on every use, given up by one command."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from machinelab import catalog
from machinelab.catalog import own
from machinelab.errors import UsageError


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MACHINELAB_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("MACHINELAB_CONTENT", raising=False)
    return tmp_path


def command(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "machinelab", *words],
        capture_output=True,
        text=True,
        check=False,
        env=dict(os.environ),
    )


def test_a_copy_is_used_in_place_of_the_shipped_lab_until_it_is_given_up(home: Path) -> None:
    shipped = catalog.compose_file("wal")
    root = own.take("wal", catalog.root())
    assert root == home / "home" / "own" / "wal" and own.copies() == ["wal"]
    for place in (
        catalog.compose_file,
        catalog.lab_file,
        catalog.guide_file,
        catalog.reference_folder,
        catalog.image_folder,
    ):
        assert place("wal").is_relative_to(root) and place("wal").exists(), place
        assert not place("dns").is_relative_to(root)
    assert (root / "compose" / "images" / "shared" / "node.sh").exists()
    assert catalog.load_lab("wal").id == "wal"
    assert own.give_up("wal") == (root, False)
    assert not root.exists() and catalog.compose_file("wal") == shipped


def test_a_copy_in_a_folder_of_theirs_stays_when_it_is_given_up(home: Path) -> None:
    root = own.take("tcp", catalog.root(), home / "mine")
    assert root == home / "mine" and catalog.root_of("tcp").resolve() == root
    assert own.give_up("tcp") == (root, True)
    assert (root / "labs" / "tcp" / "lab.py").exists() and catalog.root_of("tcp") == catalog.root()


def test_what_cannot_be_copied_or_given_up(home: Path) -> None:
    (home / "full").mkdir()
    (home / "full" / "file").touch()
    with pytest.raises(UsageError, match="there already"):
        own.take("tcp", catalog.root(), home / "full")
    with pytest.raises(UsageError, match="no copy of tcp"):
        own.give_up("tcp")
    own.take("tcp", catalog.root())
    with pytest.raises(UsageError, match="already"):
        own.take("tcp", catalog.root())


def test_every_use_says_so_and_the_edit_counts(home: Path) -> None:
    made = command("own", "dns", "--to", str(home / "mine"))
    assert made.returncode == 0 and made.stdout.strip() == str(home / "mine")
    guide = home / "mine" / "guides" / "dns.md"
    guide.write_text(guide.read_text().replace("title: ", "title: Mine, ", 1))
    used = command("packets", "dns", "cold", "--reference")
    assert used.returncode == 0 and "dns is your own copy" in used.stderr and "--give-up" in used.stderr
    assert command("check", "dns").returncode == 0
    assert command("own").stdout.split() == ["dns", str(home / "mine")]
    gone = command("own", "dns", "--give-up")
    assert gone.returncode == 0 and "Your files stay" in gone.stderr
    assert "own copy" not in command("packets", "dns", "cold", "--reference").stderr


def test_a_copy_is_not_removed_unasked(home: Path) -> None:
    own.take("dns", catalog.root())
    asked = subprocess.run(
        [sys.executable, "-m", "machinelab", "own", "dns", "--give-up"],
        input="n\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 130 and own.copies() == ["dns"]
    assert command("own", "dns", "--give-up", "--yes").returncode == 0 and own.copies() == []


def test_a_new_lab_beside_an_installed_kit_is_the_authors_own(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from machinelab.check import scaffold

    monkeypatch.setattr(catalog, "installed", lambda: True)
    written = scaffold.new("my-lab")
    assert all(path.is_relative_to(home / "home" / "own" / "my-lab") for path in written)
    assert "my-lab" in catalog.made() and (catalog.image_folder("my-lab").parent / "shared").is_dir()
