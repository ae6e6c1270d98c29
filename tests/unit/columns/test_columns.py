"""Columns say what the full dissector says: every field, every packet, every filter, over every capture there is."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from machinelab import fields
from machinelab import filter as display
from machinelab.columns import Capture
from machinelab.columns import capture as columns_capture
from machinelab.columns.fields import FIELDS
from machinelab.errors import LabError
from machinelab.model import Event
from machinelab.sources import pcap
from tests import ROOT, references
from tests.captures import containers
from tests.captures.containers import Packet

REFERENCES = {references.name_of(path): path for path in references.CAPTURES}
FRAMES = containers.packets()
MADE = {
    "crafted": containers.CRAFTED.read_bytes,
    "records": containers.RECORDS.read_bytes,
    "plain": lambda: containers.pcapng(_plain()),
    "tagged": lambda: containers.pcapng(containers.tagged(_plain())),
    "pcap-big-endian": lambda: containers.pcap(FRAMES, order=">", nanoseconds=True),
    "pcapng-big-endian": lambda: containers.pcapng(FRAMES, order=">"),
    "two-sections": lambda: containers.pcapng(_plain()) + containers.pcapng(FRAMES, names=("a", "b")),
    "cooked": lambda: containers.pcapng(containers.cooked(FRAMES), link=113),
    "raw": lambda: containers.pcap(containers.raw(FRAMES), link=101),
    "cut-short": lambda: containers.pcap(FRAMES, snap=60),
    "backwards": lambda: containers.pcapng(_plain()[::-1]),
    "empty": lambda: containers.pcapng([]),
}
OWN = (
    "frame.number >= 7", "frame.len > 100 and ip", "ip.addr == 10.0.0.0/8", "!(udp.port == 53)", "udp.port != 53",
    "ip.src == ip.dst", "udp.srcport < udp.dstport", "ip.src == 10.0.0.1 or ipv6", "dns.id & 0x0f == 3", "vlan.id == 5",
    "dns.flags.response == 1 and dns.flags.rcode != 0", 'dns.qry.name == "www.example.test"', "tcp.stream == 1",
    'dns.qry.name contains "ample.te"', "dns.response_in", "tcp.flags.syn == 1 && !tcp.flags.ack", "tcp.seq == 1",
    "dns xor tcp", "count(ip.addr) == 2", "len(udp.payload) > 40", "frame.protocols contains \"dns\"", "eth.stream == 0",
    "ip.stream == 2", "_ws.malformed", "data", "dns.count.answers > 0 && dns.resp.type == 46", "ipv6.addr == fd00::1",
    "dns.time > 0.0001", "tls", "frame.time_relative > 1", "frame.interface_name == \"lab\"", "eth.src[0:3] == 02:00:00",
)  # fmt: skip


def _plain() -> list[Packet]:
    """Frames that no odd one ties together, so that conversations are told apart."""
    odd = (b"\x08\x00", b"\x86\xdd")
    frames = [*containers.packets(), *containers.packets(containers.CRAFTED)]
    good = [f for f in frames if f.data[12:14] in odd and not _error(f.data) and not _fragment(f.data)]
    return [Packet(10**18 + number * 1_000_003, frame.data) for number, frame in enumerate(good)]


def _error(data: bytes) -> bool:
    return (data[12:14] == b"\x08\x00" and data[23] in (1, 4)) or (
        data[12:14] == b"\x86\xdd" and data[20] not in (6, 17)
    )


def _fragment(data: bytes) -> bool:
    return data[12:14] == b"\x08\x00" and int.from_bytes(data[20:22], "big") & 0x3FFF != 0


@pytest.fixture(params=[*REFERENCES, *MADE], scope="module")
def path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if reference := REFERENCES.get(request.param):
        return reference
    path = tmp_path_factory.mktemp("made") / "made.cap"
    path.write_bytes(MADE[request.param]())
    return path


@pytest.fixture
def both(path: Path) -> tuple[Capture, list[Event]]:
    return references.columns(path), list(references.events(path))


def test_every_packet_is_the_same_whole(both: tuple[Capture, list[Event]]) -> None:
    capture, events = both
    found = capture.events(range(1, len(events) + 1))
    assert len(capture) == len(events) == len(found)
    for ours, theirs in zip(found, events, strict=True):
        assert list(ours.content.ordered()) == list(theirs.content.ordered())
        assert ours.content.buffers() == theirs.content.buffers()
        assert ours.content.summary() == theirs.content.summary()
        assert ours.content.comments == theirs.content.comments
        for name in ("number", "time", "protocol", "network", "src", "dst", "link", "stream", "messages"):
            assert getattr(ours, name) == getattr(theirs, name), (ours.number, name)


def test_one_packet_alone_is_the_same(both: tuple[Capture, list[Event]]) -> None:
    capture, events = both
    for event in events[:: max(1, len(events) // 7)]:
        assert [*capture.event(event.number).content.ordered()] == [*event.content.ordered()]


def test_every_filter_lets_the_same_through(path: Path, both: tuple[Capture, list[Event]]) -> None:
    (capture, events), named = both, references.fields(path)
    asked = 0
    for text in _asked_of(path):
        matches = display.compile(text).matches
        reports = list(capture.filter(text))
        found = np.sort(np.concatenate([report.numbers for report in reports])).tolist()
        assert found == [number for number, given in enumerate(named, 1) if matches(given)], text
        assert reports[-1].done == reports[-1].total == len(events)
        assert [report.done for report in reports] == sorted(report.done for report in reports)
        asked += 1
    assert asked > len(OWN)


LARGE = ("plain", "dns-cold", "load-balancing-order", "tls-full")


@pytest.mark.parametrize("path", LARGE, indirect=True)
def test_a_large_capture_that_caches_nothing_lets_the_same_through(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columns_capture, "SMALL", 0)
    capture, named = Capture.open(path), references.fields(path)
    for text in _asked_of(path):
        matches = display.compile(text).matches
        found = sorted(number for report in capture.filter(text) for number in report.numbers.tolist())
        assert found == [number for number, given in enumerate(named, 1) if matches(given)], text


def _asked_of(path: Path) -> list[str]:
    """Of what is made here: every filter."""
    texts = [*OWN, *_filters()]
    return references.asked_of(path, texts) if path in references.CAPTURES else texts


def test_every_filter_is_also_asked_where_nothing_it_speaks_of_occurs() -> None:
    """But for what speaks of what every packet has. One of two protocols is enough: `dns xor tcp` is asked where one occurs, too."""
    captures = [references.protocols(REFERENCES[name]) for name in references.EVERYTHING]
    everywhere = frozenset.intersection(*captures)
    lonely = {text for text in (*OWN, *_filters()) if not references.spoken_of(text) & everywhere}
    assert len(lonely) > 200
    assert [
        text for text in lonely if all(references.spoken_of(text) <= occurring for occurring in captures)
    ] == []


@cache
def _filters() -> tuple[str, ...]:
    return tuple(_compiled())


def _compiled() -> Iterator[str]:
    for line in (ROOT / "tests/oracle/filters.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            try:
                display.compile(line)
            except LabError:
                continue
            yield line


def test_every_column_prints_the_same(both: tuple[Capture, list[Event]]) -> None:
    capture, events = both
    every = [event.fields for event in events]
    for name in FIELDS:
        told = [",".join(fields.show(name, item.value) for item in each.get(name, ())) for each in every]
        assert list(capture.texts([name])) == told, name


def test_a_list_shows_who_speaks_to_whom(both: tuple[Capture, list[Event]]) -> None:
    capture, events = both
    rows = capture.rows(0, len(events) + 10)
    assert [(row.number, row.time, row.network, row.src, row.dst) for row in rows] == [
        (event.number, event.time, event.network, event.src, event.dst) for event in events
    ]
    assert capture.rows(2, 4) == rows[2:4]


def test_columns_are_fields_of_the_registry() -> None:
    assert FIELDS.keys() <= fields.registry().keys()


def test_a_wrong_filter_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "made.cap"
    path.write_bytes(MADE["plain"]())
    with pytest.raises(LabError, match="no field"):
        Capture.open(path).filter("dns.nonsense == 1")


def test_there_is_no_packet_before_the_first_or_after_the_last() -> None:
    capture = Capture.open(containers.RECORDS)
    for number in (0, -1, len(capture) + 1):
        with pytest.raises(IndexError):
            capture.event(number)


@pytest.mark.parametrize("size", [0, 3, 24, 40, 100, 500, 2000, 5001])
def test_a_file_that_breaks_off(size: int, tmp_path: Path) -> None:
    for make in ("pcap-big-endian", "pcapng-big-endian"):
        path = tmp_path / "broken.cap"
        path.write_bytes(MADE[make]()[:size])
        try:
            trace = pcap.load(path)
        except LabError as error:
            with pytest.raises(LabError) as told:
                Capture.open(path)
            assert str(told.value) == str(error)
            continue
        capture = Capture.open(path)
        assert len(capture) == len(trace.events)
        assert capture.warnings == trace.warnings


SEALED = sorted(ROOT.glob("labs/tls/reference/*.keys"))


@pytest.mark.parametrize("keys", SEALED, ids=lambda path: path.stem)
def test_tls_opened_with_keys_is_the_same(keys: Path) -> None:
    path = keys.with_suffix(".pcapng")
    capture = Capture.open(path, keys.read_bytes())
    events = sorted(pcap.load(path, keys=keys).events, key=lambda event: event.number)
    found = capture.events(range(1, len(events) + 1))
    assert [[*a.content.ordered()] for a in found] == [[*b.content.ordered()] for b in events]
    for text in (
        "http",
        "http.request.method == GET",
        "http and tcp",
        "!http",
        "x509ce.dNSName",
        "tls.handshake.type == 8",
    ):
        matches = display.compile(text).matches
        numbers = sorted(n for part in capture.filter(text) for n in part.numbers.tolist())
        assert numbers == [event.number for event in events if matches(event.fields)], text


def test_keys_inside_a_capture_open_it(tmp_path: Path) -> None:
    from machinelab import catalog
    from machinelab.analysis import reading
    from machinelab.export import writing

    out = tmp_path / "sealed.pcapng"
    writing.export(reading.open_reference(catalog.load_lab("tls"), "full"), out)
    assert sum(len(part.numbers) for part in Capture.open(out).filter("http.request")) > 0


def test_stun_is_told_by_its_looks_on_any_port() -> None:
    path = ROOT / "labs/nat/reference"
    for file in sorted(path.glob("*.pcapng")):
        events = pcap.load(file).events
        wanted = sorted(event.number for event in events if "stun" in event.fields)
        assert (
            sorted(n for part in Capture.open(file).filter("stun") for n in part.numbers.tolist()) == wanted
        )
