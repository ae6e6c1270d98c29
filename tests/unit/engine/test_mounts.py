"""Files that nodes read: shared with their users, and with line feeds."""

import os
import subprocess
from pathlib import Path
from stat import S_IMODE

import pytest

from machinelab import catalog
from machinelab.engine import mounts
from machinelab.errors import LabError


@pytest.fixture
def compose(tmp_path: Path) -> Path:
    """A lab's folders, made under umask 077."""
    before = os.umask(0o077)
    try:
        for name in ("dns/zones", "images/dns", "images/shared"):
            (tmp_path / name).mkdir(parents=True)
        (tmp_path / "dns" / "compose.yaml").write_text("services: {}\n")
        (tmp_path / "dns" / "zones" / "root").write_text(". IN SOA a b 1 2 3 4 5\n")
        (tmp_path / "images" / "dns" / "entrypoint").write_text("#!/bin/sh\n")
        (tmp_path / "images" / "dns" / "entrypoint").chmod(0o700)
        (tmp_path / "images" / "shared" / "node.sh").write_text("true\n")
    finally:
        os.umask(before)
    return tmp_path


def test_what_only_its_owner_may_read_is_shared(compose: Path) -> None:
    folders = list(mounts.folders_of(compose / "dns" / "compose.yaml"))
    assert folders == [compose / "dns", compose / "images" / "dns", compose / "images" / "shared"]
    mounts.prepare(folders)
    modes = {
        path.name: S_IMODE(path.stat().st_mode) for folder in folders for path in (folder, *folder.rglob("*"))
    }
    assert modes == {
        "dns": 0o755,
        "zones": 0o755,
        "root": 0o644,
        "compose.yaml": 0o644,
        "entrypoint": 0o755,
        "shared": 0o755,
        "node.sh": 0o644,
    }


def test_what_may_not_be_shared_is_named(compose: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, mode: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", refuse)  # the tests' user may be root, to whom nothing is refused
    with pytest.raises(LabError, match=r"may not read .*dns") as raised:
        mounts.prepare([compose / "dns"])
    assert "chmod -R a+rX" in raised.value.hint


@pytest.mark.parametrize(
    ("data", "said"), ((b"a\nb\r\nc\r\n", "CRLF.*line 2"), (b"\xef\xbb\xbfa\n", "byte order mark"))
)
def test_line_ends_of_another_system_are_named_and_the_edit_is_kept(
    compose: Path, data: bytes, said: str
) -> None:
    zone = compose / "dns" / "zones" / "root"
    zone.write_bytes(data)
    with pytest.raises(LabError, match=said) as raised:
        mounts.prepare([compose / "dns"])
    assert "git checkout" not in raised.value.hint
    command = raised.value.hint.partition(": ")[2]
    subprocess.run(["sh", "-c", command], check=True)
    mounts.prepare([compose / "dns"])
    assert zone.read_bytes() == data.replace(b"\r", b"").removeprefix(mounts.BOM)


def test_bytes_that_are_no_text_may_hold_anything(compose: Path) -> None:
    (compose / "dns" / "key").write_bytes(b"\0\r\n")
    mounts.prepare([compose / "dns"])


@pytest.mark.parametrize("lab", catalog.made())
def test_the_shipped_files_are_fit(lab: str) -> None:
    mounts.prepare(list(mounts.folders_of(catalog.compose_file(lab))))
