"""Every field value, span and mask, and every field's presence, as tshark 4.4 has them: over all references and our own captures."""

from pathlib import Path

import pytest

from tests import ROOT
from tests.captures import containers
from tests.oracle import agreed, exemptions, pdml
from tests.references import lab_of

REFERENCES = sorted(ROOT.glob("labs/*/reference/*.pcapng"))
FOREIGN = sorted(
    path for path in (ROOT / "tests/captures/foreign").iterdir() if path.suffix.startswith(".pcap")
)
OWN = [
    *FOREIGN,
    containers.RECORDS,
    containers.CRAFTED,
    containers.HTTP,
    containers.EVENTS,
    containers.KAFKA,
    *containers.TLS,
    *containers.DTLS,
    *containers.WEBSOCKET,
    *containers.HTTP2,
    *containers.HTTP3,
]

pytestmark = pytest.mark.oracle

FRAMES = containers.packets()


def _is_tcp(data: bytes) -> bool:
    ipv4, ipv6 = data[12:14] == b"\x08\x00", data[12:14] == b"\x86\xdd"
    return (ipv4 and data[23] == 6) or (ipv6 and data[20] == 6)


FORMATS = {
    "cooked": lambda: containers.pcapng(containers.cooked(FRAMES), link=113),
    "cooked-2": lambda: containers.pcapng(containers.cooked2(FRAMES), link=276),
    "raw": lambda: containers.pcapng(containers.raw(FRAMES), link=101),
    "raw-ipv4": lambda: containers.pcapng(containers.raw(FRAMES, 0x0800), link=228),
    "raw-ipv6": lambda: containers.pcapng(containers.raw(FRAMES, 0x86DD), link=229),
    "loopback": lambda: containers.pcapng(containers.loopback(FRAMES), link=0),
    "loopback-big-endian": lambda: containers.pcapng(containers.loopback(FRAMES, ">"), link=0),
    "openbsd-loopback": lambda: containers.pcapng(containers.loopback(FRAMES, ">"), link=108),
    "tagged": lambda: containers.pcapng(containers.tagged(FRAMES)),
    "pcap": lambda: containers.pcap(FRAMES),
    "pcap-nanoseconds-big-endian": lambda: containers.pcap(FRAMES, order=">", nanoseconds=True),
    "pcapng-big-endian": lambda: containers.pcapng(FRAMES, order=">"),
    # Of a TCP segment that was cut short we read the header alone.
    "cut-short": lambda: containers.pcap([frame for frame in FRAMES if not _is_tcp(frame.data)], snap=300),
}


def test_there_are_references_to_compare() -> None:
    assert REFERENCES or not (ROOT / "labs/dns/reference").exists(), "labs/dns/reference holds no capture"


@pytest.mark.parametrize(
    "capture", REFERENCES + OWN, ids=lambda path: f"{path.parent.parent.name}-{path.stem}"
)
def test_as_tshark(capture: Path, judged: agreed.Agreed) -> None:
    as_tshark(capture, lab_of(capture) if capture in REFERENCES else exemptions.OWN, judged)


@pytest.mark.parametrize("name", FORMATS)
def test_as_tshark_in_other_formats(name: str, tmp_path: Path, judged: agreed.Agreed) -> None:
    capture = tmp_path / f"{name}.pcap"
    capture.write_bytes(FORMATS[name]())
    as_tshark(capture, exemptions.OWN, judged)


def as_tshark(capture: Path, lab: str, judged: agreed.Agreed) -> None:
    def ask() -> None:
        assert pdml.differences(capture) == []

    judged.compare(lab, f"{capture.stem} fields", agreed.of_fields(capture), ask)


def wrong_opcodes(monkeypatch: pytest.MonkeyPatch) -> None:
    from machinelab.dissect.protocols.arp import dissector as arp

    class Wrong:
        """ARP's fixed fields, with the opcode read from elsewhere."""

        @staticmethod
        def unpack_from(data: bytes, at: int) -> tuple[int, ...]:
            hardware, protocol, hsize, psize, opcode = right.unpack_from(data, at)
            return hardware, protocol, hsize, psize, opcode + 1

    right = arp.HEADER
    monkeypatch.setattr(arp, "HEADER", Wrong)


def test_a_difference_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison can fail: a value that is another, in every packet that has it."""
    wrong_opcodes(monkeypatch)
    found = pdml.differences(containers.RECORDS)
    assert found
    assert all("arp." in line for line in found)


def test_a_changed_value_is_asked_about_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What was agreed to is not asked again; one opcode read otherwise is, and tshark does not agree."""
    capture = containers.RECORDS
    judged = agreed.Agreed(write=True, folder=tmp_path)
    for _ in range(2):
        as_tshark(capture, exemptions.OWN, judged)
    assert judged.asked == [f"{exemptions.OWN} {capture.stem} fields"]
    wrong_opcodes(monkeypatch)
    before = judged.known(exemptions.OWN)
    with pytest.raises(AssertionError, match=r"arp\.opcode"):
        as_tshark(capture, exemptions.OWN, judged)
    assert len(judged.asked) == 2 and judged.known(exemptions.OWN) == before


def test_everything_is_asked_where_that_is_wanted(tmp_path: Path) -> None:
    judged, asked = agreed.Agreed(again=True, write=True, folder=tmp_path), list[int]()
    for turn in range(2):
        judged.compare("toy", "first fields", "0123", lambda turn=turn: asked.append(turn))  # type: ignore[misc]
    assert asked == [0, 1] and judged.known("toy") == {"first fields": "0123"}
