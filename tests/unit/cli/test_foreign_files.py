"""Captures from pipes, what is no capture, and what is exported of link types and times that are nobody's habit."""

import json
import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from machinelab import catalog
from machinelab.analysis import reading
from machinelab.errors import UsageError
from machinelab.model import Event
from machinelab.render import pcapng
from machinelab.sources import pcap
from machinelab.sources.container import Reader
from tests import ROOT
from tests.captures import containers

FOREIGN = ROOT / "tests/captures/foreign"
HTTP = Path(containers.HTTP)
PACKETS = len(pcap.load(HTTP).events)


def typed(*words: str, given: bytes | None = None) -> "subprocess.CompletedProcess[bytes]":
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "120"}
    argv = [sys.executable, "-m", "machinelab", *words]
    return subprocess.run(argv, input=given, capture_output=True, env=environment, timeout=60, check=False)


@pytest.mark.parametrize("name", ["-", "/dev/stdin"])
@pytest.mark.parametrize(
    "words",
    [
        ("packets",),
        ("packets", "--json"),
        ("annotate", "--guide", "oauth2", "--json"),
        ("packets", "--count", "100000"),
    ],
)
def test_a_capture_is_read_from_a_pipe(name: str, words: tuple[str, ...]) -> None:
    command, *options = words
    told = typed(command, name, *options, given=HTTP.read_bytes())
    assert told.returncode == 0, told.stderr
    lines = told.stdout.decode().splitlines()
    assert len(lines) == PACKETS + (0 if "--json" in words else 1)
    if "--json" in words:
        assert [json.loads(line)["number"] for line in lines] == list(range(1, PACKETS + 1))


def test_a_fifo_and_a_packed_pipe_are_read(tmp_path: Path) -> None:
    import gzip
    import threading

    fifo = tmp_path / "capture.pcapng"
    os.mkfifo(fifo)
    writer = threading.Thread(target=lambda: fifo.write_bytes(HTTP.read_bytes()))
    writer.start()
    assert len(pcap.load(fifo).events) == PACKETS
    writer.join()
    told = typed("packets", "-", "--json", given=gzip.compress(HTTP.read_bytes()))
    assert len(told.stdout.splitlines()) == PACKETS


@pytest.mark.parametrize(
    "words",
    [
        ("packets",), ("packets", "--json"), ("annotate", "--guide", "dns"), ("events", "--guide", "dns"), ("ladder", "--guide", "dns"),
        ("export", "--guide", "dns", "-o", "x.pcapng"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"no capture at all", "neither pcap's nor pcapng's"),
        (b"", "empty"),
        (bytes.fromhex("34cdb2a1") + bytes(40), "a modified pcap (magic 0xa1b2cd34)"),
        (b"snoop\0\0\0" + bytes(40), "a snoop capture"),
    ],
)
def test_what_is_no_capture_has_one_exit_code(
    tmp_path: Path, words: tuple[str, ...], content: bytes, reason: str
) -> None:
    file = tmp_path / "none.pcap"
    file.write_bytes(content)
    command, *options = words
    told = typed(command, str(file), *options)
    assert told.returncode == 2
    assert reason in told.stderr.decode() and "Traceback" not in told.stderr.decode()


def exported(name: str) -> tuple[Reader, list[tuple[int, bytes, int, int]]]:
    found = reading.open_file(FOREIGN / name, catalog.load_lab("dns"))
    reader = Reader()
    frames = [(f.time, f.data, f.length, f.source.link) for f in reader.feed(pcapng.pcapng(found.view()))]
    return reader, frames


def read(name: str) -> list[tuple[int, bytes, int, int]]:
    return [(f.time, f.data, f.length, f.source.link) for f in Reader().feed((FOREIGN / name).read_bytes())]


def test_a_link_type_that_nobody_here_reads_is_exported_as_it_is() -> None:
    _, frames = exported("export-wrong-link.pcap")
    assert frames == read("export-wrong-link.pcap")
    assert [link for *_, link in frames] == [127]  # radiotap


def test_a_time_past_2554_is_exported_in_microseconds() -> None:
    _, frames = exported("export-time-crash.pcapng")
    wanted = read("export-time-crash.pcapng")
    assert max(time for time, *_ in wanted) >= 1 << 64
    assert [(time // 1000, *rest) for time, *rest in frames] == [
        (time // 1000, *rest) for time, *rest in wanted
    ]


def test_the_order_of_the_capture_and_its_link_types_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "two.pcapng"
    blocks = [struct.pack("<IIIHHqI", 0x0A0D0D0A, 28, 0x1A2B3C4D, 1, 0, -1, 28)]
    blocks += [struct.pack("<IIHHII", 1, 20, link, 0, 0, 20) for link in (1, 147)]
    for interface, time in ((1, 30), (0, 10), (1, 20)):
        blocks.append(struct.pack("<IIIIIII16sI", 6, 48, interface, 0, time, 16, 16, bytes(range(16)), 48))
    file.write_bytes(b"".join(blocks))
    found = reading.open_file(file, catalog.load_lab("dns"))
    assert [event.number for event in found.run.trace.events] == [2, 3, 1]  # in the order of time
    frames = list(Reader().feed(pcapng.pcapng(found.view())))
    assert [(frame.time // 1000, frame.source.link) for frame in frames] == [(30, 147), (10, 1), (20, 147)]


def test_a_time_before_1970_names_its_packet() -> None:
    event = pcap.load(HTTP).events[0]
    early = Event(7, -1, "packets", event.content)
    view = reading.open_file(HTTP, catalog.load_lab("oauth2")).view()
    with pytest.raises(UsageError, match="Packet 7"):
        pcapng.pcapng(view, [early])


def test_the_inspector_wants_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "capture.pcap")
    for what in (str(tmp_path / "capture.pcap"), "-"):
        told = typed("inspect", what, given=b"")
        assert told.returncode == 2 and b"more than once" in told.stderr
