"""Every field value, span and mask, and every field's presence, as tshark 4.4 has them: over all references and our own captures."""

from pathlib import Path

import pytest

from tests import ROOT
from tests.captures import containers
from tests.oracle import pdml

REFERENCES = sorted(ROOT.glob("labs/*/reference/*.pcapng"))
OWN = [containers.RECORDS, containers.CRAFTED, containers.HTTP, containers.KAFKA, *containers.TLS]

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
def test_as_tshark(capture: Path) -> None:
    assert pdml.differences(capture) == []


@pytest.mark.parametrize("name", FORMATS)
def test_as_tshark_in_other_formats(name: str, tmp_path: Path) -> None:
    capture = tmp_path / f"{name}.pcap"
    capture.write_bytes(FORMATS[name]())
    assert pdml.differences(capture) == []


def test_a_difference_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison can fail: a value, a place and a field too many, each in one packet."""
    from machinelab.dissect.protocols.arp import dissector as arp

    class Wrong:
        """ARP's fixed fields, with the opcode read from elsewhere."""

        @staticmethod
        def unpack_from(data: bytes, at: int) -> tuple[int, ...]:
            hardware, protocol, hsize, psize, opcode = right.unpack_from(data, at)
            return hardware, protocol, hsize, psize, opcode + 1

    right = arp.HEADER
    monkeypatch.setattr(arp, "HEADER", Wrong)
    found = pdml.differences(containers.RECORDS)
    assert found
    assert all("arp." in line for line in found)
