"""A mapped file that shrinks in the moment when it is read: zeros, and never the end of the process."""

import subprocess
import sys

import pytest

from machinelab import catalog
from machinelab.columns.container import open_index
from machinelab.errors import LabError

SHRINK = """
import os, sys
from pathlib import Path
from machinelab.columns.container import open_index
from machinelab.errors import LabError
path = Path(sys.argv[1])
index = open_index(path)
octets = index.data  # looked at; and now it shrinks
first = octets[:4096]
os.truncate(path, 4096)
print(octets[:4096] == first, set(octets[4096:]), len(octets))
try:
    index.data
except LabError as error:
    print(error.message)
"""


@pytest.fixture
def file(tmp_path):
    """Several pages long: the kernel fills up the last one itself."""
    path = tmp_path / "some.pcapng"
    path.write_bytes((catalog.reference_folder("dns") / "truncated.pcapng").read_bytes())
    return path


def test_what_is_lost_in_the_midst_of_a_read_is_zeros(file):
    size = file.stat().st_size
    assert size > 8192
    run = [sys.executable, "-c", SHRINK, str(file)]
    ended = subprocess.run(run, check=True, capture_output=True, text=True)
    kept, told = ended.stdout.splitlines()
    assert kept == f"True {{0}} {size}"
    assert told.startswith("The capture has become shorter since it was opened: 4,096 of ")


def test_no_other_mapping_is_touched(file):
    """A second capture stays whole when the first one shrinks."""
    other = file.with_name("other.pcapng")
    other.write_bytes(file.read_bytes())
    one, two = open_index(file), open_index(other)
    file.write_bytes(b"")
    assert bytes(two.data) == other.read_bytes()
    with pytest.raises(LabError, match="shorter"):
        one.comments(0)
