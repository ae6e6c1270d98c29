"""Every encoding that a terminal may have: the commands end as they do in UTF-8."""

import os
import subprocess
import sys

import pytest

COMMANDS = (
    ("list",),
    ("path",),
    ("list", "dns"),
    ("packets", "dns", "cold", "--reference"),
    ("explain", "0x20"),
    ("worksheet", "dns", "--print"),
    ("run", "nosuchlab"),
)


def said(encoding: str, words: tuple[str, ...]) -> subprocess.CompletedProcess[bytes]:
    env = {**os.environ, "PYTHONIOENCODING": encoding}
    return subprocess.run(
        [sys.executable, "-m", "machinelab", *words], env=env, capture_output=True, check=False
    )


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_what_an_encoding_lacks_ends_no_command(words: tuple[str, ...]) -> None:
    well = said("utf-8", words)
    for encoding in ("ascii", "iso8859-2"):
        found = said(encoding, words)
        assert found.returncode == well.returncode, found.stderr
        (found.stdout + found.stderr).decode(encoding)
        assert b"UnicodeEncodeError" not in found.stderr
        assert (well.stdout == b"") is (found.stdout == b"")
