"""`packets FILE --json` against `tshark -T json`, lab by lab: each lab's references many times over, as separate conversations."""

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from machinelab import catalog
from machinelab.dissect.core import Frame
from machinelab.sources.container import Reader

from .dns import KIT, Spent, spent, tshark

PACKETS = 30_000
ROUNDS = 2
IPV4 = b"\x08\x00"


def moved(data: bytes, turn: int) -> bytes:
    """The frame in another conversation: two octets of both IPv4 addresses moved on, so that no turn repeats another's streams.

    (Checksums are left wrong: neither side checks them here.)
    """
    if data[12:14] != IPV4 or len(data) < 34:
        return data
    out = bytearray(data)
    for at in (27, 31):
        out[at] ^= turn & 0xFF
        out[at + 1] ^= turn >> 8 & 0xFF
    return bytes(out)


def frames(lab: str) -> list[Frame]:
    """All packets of a lab's references, in the order of its experiments."""
    return [
        frame
        for path in sorted(catalog.reference_folder(lab).glob("*.pcapng"))
        for frame in Reader().feed(path.read_bytes())
    ]


def enlarge(lab: str, file: Path, most: int = PACKETS) -> int:
    """Write the capture, of some `most` packets; how many it has."""
    from scapy.utils import RawPcapWriter

    found = [frame for frame in frames(lab) if frame.source.link == 1]
    writer = RawPcapWriter(str(file), linktype=1, sync=False)
    writer.write_header(None)
    count = 0
    for turn in range(most // len(found) + 1):
        for frame in found:
            count += 1
            writer.write_packet(
                moved(frame.data, turn), sec=1_700_000_000 + count // 1000, usec=count % 1000 * 1000
            )
    writer.close()
    return count


def annotate() -> Iterator[tuple[str, dict[str, float]]]:
    """A row for each lab that has packets."""
    for lab in catalog.ready():
        if not any(frame.source.link == 1 for frame in frames(lab)):
            continue
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "large.pcap"
            count = enlarge(lab, file)
            words = [*KIT, "packets", str(file), "--json"]
            pairs: list[tuple[Spent, Spent]] = [
                (spent(words), tshark(file, "-T json")) for _ in range(ROUNDS)
            ]
        ours, theirs = min(one.wall for one, _ in pairs), min(other.wall for _, other in pairs)
        yield (
            lab,
            {
                "ours_s": ours,
                "tshark_json_s": theirs,
                "ratio": statistics.median(one.wall / other.wall for one, other in pairs),
                "cpu_ratio": statistics.median(one.cpu / other.cpu for one, other in pairs),
                "ours_packets_per_s": count / ours,
            },
        )
