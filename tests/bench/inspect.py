"""How fast a large capture is opened, listed and filtered, as ratios to tshark: `python -m tests.bench.inspect [--json] [N]`.

The capture is the kit's own real traffic many times over: the references' frames, half DNS over UDP, half other, each round
with later times, other client ports and DNS ids, so that each is a conversation of its own. Each of our figures is a new
process, its start and imports included; tshark's time is taken inside its container. Never passes or fails.
"""

import json
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from machinelab import catalog
from machinelab.sources.container import Reader
from tests.bench.dns import KIT, Spent, spent, tshark

PACKETS = 1_000_000
ROUNDS = 3
SERVERS = {53, 853}

OPEN = "from pathlib import Path; from machinelab.columns import Capture; c = Capture.open(Path({file!r})); c.headers.shape"
FILTERS = {
    "header": "ip.ttl == 64 and udp.srcport == 53 and dns.flags.rcode == 3",
    "tcp": "tcp.flags.syn == 1 and tcp.flags.ack == 0",
    "name": 'dns.qry.name == "www.bogus.test"',
}
SECOND = "dns.flags.rcode == 0 and ip.ttl == 64 and udp.srcport == 53"
ASK = "n = sum(len(f.numbers) for f in c.filter({text!r}))"
FIELDS = (
    "frame.number", "frame.time_epoch", "ip.src", "ip.dst", "udp.srcport", "udp.dstport", "tcp.srcport", "tcp.dstport",
    "frame.len",
)  # fmt: skip


class Sample(NamedTuple):
    """A frame, and whether it is DNS over UDP."""

    data: bytes
    dns: bool


def samples() -> Iterator[list[Sample]]:
    """The frames of each reference."""
    for id in catalog.ready():
        for path in sorted(catalog.reference_folder(id).glob("*.pcapng")):
            yield [Sample(frame.data, _is_dns(frame.data)) for frame in Reader().feed(path.read_bytes())]


def _is_dns(data: bytes) -> bool:
    return data[12:14] == b"\x08\x00" and data[23] == 17 and 53 in (_two(data, 34), _two(data, 36))


def _two(data: bytes, at: int) -> int:
    return data[at] << 8 | data[at + 1]


def enlarge(file: Path, count: int) -> None:
    """Write the capture: a whole reference, then as many of the others' frames as bring it to half and half."""
    from scapy.utils import RawPcapWriter

    rounds = list(samples())
    others = [[s for s in frames if not s.dns] for frames in rounds]
    others = [frames for frames in others if len(frames) > 4]
    writer = RawPcapWriter(str(file), linktype=1, sync=False)
    writer.write_header(None)
    number, dns, turn = 0, 0, 0
    while number < count:
        frames = rounds[turn % len(rounds)] if dns * 2 <= number else others[turn % len(others)]
        for sample in frames[: count - number]:
            writer.write_packet(
                _varied(sample.data, turn), sec=1_700_000_000 + number // 5000, usec=number % 5000 * 200
            )
            number += 1
            dns += sample.dns
        turn += 1
    writer.close()


def _varied(data: bytes, turn: int) -> bytes:
    """The frame with the client's port and the DNS id moved on by a turn. (Checksums stay: nobody checks them here.)"""
    if data[12:14] != b"\x08\x00" or data[23] not in (6, 17) or data[14] != 0x45 or _two(data, 20) & 0x3FFF:
        return data
    frame = bytearray(data)
    for at in (34, 36):
        if _two(data, at) not in SERVERS:
            frame[at : at + 2] = (1024 + (_two(data, at) + turn * 7) % 64_000).to_bytes(2, "big")
    if _is_dns(data):
        frame[42:44] = (_two(data, 42) + turn & 0xFFFF).to_bytes(2, "big")
    return bytes(frame)


def python(script: str) -> Spent:
    """What a script takes in a new process."""
    return spent([sys.executable, "-c", script])


def compare(ours: Callable[[], Spent], theirs: Callable[[], Spent]) -> dict[str, float]:
    """Both in turn: medians by the clock and of processor time, and how many times as fast ours is."""
    pairs = [(ours(), theirs()) for _ in range(ROUNDS)]
    return {
        "ours_s": statistics.median(one.wall for one, _ in pairs),
        "tshark_s": statistics.median(other.wall for _, other in pairs),
        "times_as_fast": statistics.median(other.wall / one.wall for one, other in pairs),
        "ours_cpu_s": statistics.median(one.cpu for one, _ in pairs),
        "tshark_cpu_s": statistics.median(other.cpu for _, other in pairs),
        "cpu_times_as_fast": statistics.median(other.cpu / one.cpu for one, other in pairs),
        "ours_peak_mib": max(one.memory for one, _ in pairs),
    }


def second(file: Path) -> dict[str, float]:
    """A second filter over the same fields, and what the process then holds beside the mapped file, in MiB."""
    import subprocess

    script = "; ".join(
        (
            OPEN.format(file=str(file)),
            ASK.format(text=FILTERS["header"]),
            "import time; t = time.perf_counter(); u = time.process_time()",
            ASK.format(text=SECOND),
            "print(time.perf_counter() - t, time.process_time() - u, *[l.split()[1] for l in open('/proc/self/status') if l.startswith('RssAnon')])",
        )
    )
    told = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    ).stdout.split()
    return {
        "second_ms": float(told[0]) * 1000,
        "second_cpu_ms": float(told[1]) * 1000,
        "own_mib": float(told[2]) / 1024,
    }


def measure(file: Path) -> dict[str, dict[str, float]]:
    """All figures of one capture."""
    opened = OPEN.format(file=str(file))
    found = {
        "first 50 packets": compare(
            lambda: spent([*KIT, "packets", str(file), "--count", "50"]), lambda: tshark(file, "-c 50")
        ),
        "indexed": compare(lambda: python(opened), lambda: tshark(file, "")),
    }
    for name, text in FILTERS.items():
        script = f"{opened}; {ASK.format(text=text)}"
        found[f"filter: {name}"] = compare(
            lambda s=script: python(s), lambda t=text: tshark(file, f"-Y '{t}'")
        )  # type: ignore[misc]
    script = f"{opened}; import sys; sys.stdout.writelines(l + chr(10) for l in c.texts({FIELDS!r}))"
    flags = " ".join(f"-e {name}" for name in FIELDS)
    found["fields"] = compare(lambda: python(script), lambda: tshark(file, f"-T fields {flags}"))
    return {**found, "second filter": second(file)}


def main() -> None:
    """Make the capture, measure, print."""
    count = next((int(word) for word in sys.argv[1:] if word.isdigit()), PACKETS)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "large.pcap"
        enlarge(file, count)
        found = {"capture": {"packets": count, "mib": file.stat().st_size / 2**20}, **measure(file)}
    if "--json" in sys.argv:
        print(json.dumps(found, indent=1))
        return
    for name, figures in found.items():
        for figure, value in figures.items():
            print(f"{name:18} {figure:20} {value:12.3f}")


if __name__ == "__main__":
    main()
