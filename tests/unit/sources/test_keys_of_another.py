"""Keys that were given for a capture, and are of another session."""

import gzip
from pathlib import Path

import pytest

from machinelab import catalog
from machinelab.analysis import plain_capture, reading
from machinelab.errors import UsageError

FOLDER = catalog.reference_folder("tls")
CAPTURE, OWN, OTHER = FOLDER / "full.pcapng", FOLDER / "full.keys", FOLDER / "alpn.keys"


def test_keys_of_another_session_are_named_and_its_own_are_taken() -> None:
    lab = catalog.load_lab("tls")
    with pytest.raises(UsageError, match=r"no key of a connection in full\.pcapng"):
        reading.open_file(CAPTURE, lab, "full", OTHER)
    with pytest.raises(UsageError, match="another session"):
        plain_capture.open_capture(CAPTURE, OTHER)
    assert reading.open_file(CAPTURE, lab, "full", OWN).run.claims("request")


def test_one_connection_of_several_is_enough(tmp_path: Path) -> None:
    both = tmp_path / "keys"
    both.write_bytes(OTHER.read_bytes() + OWN.read_bytes())
    plain_capture.open_capture(CAPTURE, both)


def test_a_compressed_capture_is_not_searched(tmp_path: Path) -> None:
    packed = tmp_path / "full.pcapng.gz"
    packed.write_bytes(gzip.compress(CAPTURE.read_bytes()))
    plain_capture.open_capture(packed, OTHER)
