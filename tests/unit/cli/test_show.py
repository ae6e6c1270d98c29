"""`show` on a long run: it reads no more than the picture is worked out from, and says so. Counted, not timed."""

import json
import struct
from pathlib import Path

import pytest

from machinelab import catalog
from machinelab.analysis import pictures
from machinelab.cli import program
from machinelab.sources import pcap
from machinelab.store import runs

PACKET, LONG, MOST = 6, 3000, 100  # an Enhanced Packet Block (draft-ietf-opsawg-pcapng §4.3); packets


@pytest.fixture
def long_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A run of slow-start's reference over and over; gives how many packets of it are read, as they are."""
    monkeypatch.setenv("MACHINELAB_HOME", str(tmp_path))
    monkeypatch.setattr(pictures, "MOST", MOST)
    reference = catalog.reference_folder("tcp")
    number, folder = runs.create("tcp")
    (folder / "capture.pcapng").write_bytes(_repeated((reference / "slow-start.pcapng").read_bytes()))
    info = json.loads((reference / "slow-start" / "run.json").read_text(encoding="utf-8"))
    (folder / "run.json").write_text(json.dumps({**info, "id": number}), encoding="utf-8")
    read: list[int] = []
    described = pcap.Live.described

    def counted(self: pcap.Live, info: "pcap.PacketInfo") -> "pcap.Event":
        read.append(1)
        return described(self, info)

    monkeypatch.setattr(pcap.Live, "described", counted)
    return read


def _repeated(capture: bytes) -> bytes:
    """The capture's packets until there are LONG of them, later each time."""
    blocks, at = [], 0
    while at < len(capture):
        kind, length = struct.unpack_from("<II", capture, at)
        blocks.append((kind, capture[at : at + length]))
        at += length
    packets = [block for kind, block in blocks if kind == PACKET]
    out = [block for kind, block in blocks[:20] if kind in (0x0A0D0D0A, 1)]
    for count in range(LONG):
        block = packets[count % len(packets)]
        high, low = struct.unpack_from("<II", block, 12)
        time = (high << 32 | low) + count // len(packets) * 10**10
        out.append(block[:12] + struct.pack("<II", time >> 32, time & 0xFFFFFFFF) + block[20:])
    return b"".join(out)


@pytest.mark.parametrize("picture", ["window", "in-flight"])
def test_a_long_run_is_read_as_far_as_its_picture_goes(
    picture: str, long_run: list[int], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["machinelab", "show", "tcp", picture, "slow-start"])
    with pytest.raises(SystemExit) as ended:
        program.main()
    assert not ended.value.code
    said = " ".join(capsys.readouterr().out.split())
    assert "the first 100 events; those after them are left out" in said
    assert len(long_run) == MOST + 1
