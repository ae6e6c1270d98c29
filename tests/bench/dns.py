"""Figures of the DNS lab as ratios taken side by side in one run: `python -m tests.bench.dns [--json]`. Never pass or fail.

The large capture is real traffic many times over: the reference captures' frames, repeated with later times until there
are 100,000.
"""

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from machinelab import catalog
from machinelab.engine import docker, labels

PACKETS = 100_000
OFTEN = 31  # rounds of what takes a fraction of a second
ROUNDS = 9  # of an experiment
SELDOM = 5  # of a lab's start
TSHARK = "machinelab/test-tshark:latest"
KIT = [str(Path(sys.executable).with_name("machinelab"))]  # what a learner types

BARE = """
import typer
app = typer.Typer()
@app.command()
def one(): "One."
@app.command()
def two(): "Two."
app()
"""


def timed(argv: Sequence[str], **more: object) -> float:
    """Seconds that a command takes."""
    start = time.monotonic()
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)  # type: ignore[call-overload]
    return time.monotonic() - start


class Spent(NamedTuple):
    """What a command took: seconds by the clock, seconds of all processors, and MiB of its largest process."""

    wall: float
    cpu: float
    memory: float


def spent(argv: Sequence[str]) -> Spent:
    """What a command takes, those it starts and waits for included."""
    start = time.monotonic()
    child = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, argv)
    return Spent(time.monotonic() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def tshark(file: Path, how: str) -> Spent:
    """What tshark takes for a capture, as the clock inside its container has it: neither the container's start nor the
    engine's copying of what it prints (which takes it several times as long) is tshark's doing.
    """
    script = f"time tshark -r /in/{file.name} {how} > /dev/null 2> /dev/null"
    told = subprocess.run(
        ["docker", "run", "--rm", "--network", "none", "--entrypoint", "bash", "-v", f"{file.parent}:/in:ro", TSHARK, "-c", f"TIMEFORMAT='%R %U %S'; {script}"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    wall, user, system = map(float, told.stderr.split())
    return Spent(wall, user + system, 0.0)


def paired(one: Callable[[], float], other: Callable[[], float], rounds: int) -> tuple[float, float, float]:
    """Medians of two things measured in turn, and the median of their ratios pair by pair."""
    pairs = [(one(), other()) for _ in range(rounds)]
    return (
        *(statistics.median(column) for column in zip(*pairs, strict=True)),
        statistics.median(a / b for a, b in pairs),
    )


def help_() -> dict[str, float]:
    """`machinelab --help` against a bare Typer app's."""
    with tempfile.NamedTemporaryFile("w", suffix=".py") as bare:
        bare.write(BARE)
        bare.flush()
        ours, theirs, ratio = paired(
            lambda: timed([*KIT, "--help"]),
            lambda: timed([sys.executable, bare.name, "--help"]),
            OFTEN,
        )
    return {"ours_s": ours, "bare_typer_s": theirs, "ratio": ratio}


def up() -> dict[str, float]:
    """Warm `up dns` against `docker compose up -d --wait` of the same file, each from nothing running."""
    file = str(catalog.compose_file("dns"))
    plain = ["docker", "compose", "-f", file, "-p", "machinelab-bench"]
    prefixes = {**os.environ, "MACHINELAB_NET_access": "198.18.201", "MACHINELAB_NET_internet": "198.18.202"}

    def ours() -> float:
        try:
            return timed([*KIT, "up", "dns", "--as", "bench"])
        finally:
            timed([*KIT, "down", "dns", "--as", "bench"])

    def theirs() -> float:
        try:
            return timed([*plain, "up", "-d", "--wait"], env=prefixes)
        finally:
            timed([*plain, "down"], env=prefixes)

    one, other, ratio = paired(ours, theirs, SELDOM)
    return {"ours_s": one, "compose_wait_s": other, "ratio": ratio}


def run() -> dict[str, float]:
    """From the last packet on the wire to the last annotated line on the terminal; and the nodes' and the tap's memory."""
    timed([*KIT, "up", "dns", "--as", "bench"])
    try:
        waits = [_last_line() for _ in range(ROUNDS)]
        return {
            "last_packet_to_last_line_s": statistics.median(waits),
            "the_slowest_of_them_s": max(waits),
            **_memory(),
        }
    finally:
        timed([*KIT, "down", "dns", "--as", "bench"])


def _last_line() -> float:
    end, lines = 0.0, []
    with subprocess.Popen([*KIT, "run", "dns", "cold", "--as", "bench"], stdout=subprocess.PIPE) as running:
        assert running.stdout
        for line in running.stdout:
            end = time.time()
            lines.append(line)
    assert running.returncode == 0 and b"in order" in b"".join(lines)
    listed = subprocess.run(
        [*KIT, "packets", "dns", "cold", "--as", "bench", "--json"],
        check=True,
        capture_output=True,
        text=True,
    )
    return end - float(json.loads(listed.stdout.splitlines()[-1])["time"])


def _memory() -> dict[str, float]:
    """MiB of the nodes and of the tap, while it listens."""
    listening = [*KIT, "try", "dns", "stub", "--as", "bench", "--", "sleep", "20"]
    with subprocess.Popen(listening, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as trying:
        end = time.monotonic() + 15
        tap = ("--filter", f"label={labels.ROLE}=tap")
        while not docker.run("ps", "-q", *labels.ours("dns", "bench"), *tap).stdout:
            assert time.monotonic() < end
            time.sleep(0.2)
        rows = docker.run("ps", "--format", "{{.Names}}", *labels.ours("dns", "bench")).stdout.split()
        used = {name: _used(name) for name in rows}
        trying.send_signal(signal.SIGINT)
    of_tap = sum(used[name] for name in used if "-tap-" in name)
    return {
        "nodes": len(used) - 1,
        "nodes_memory_mib": sum(used.values()) - of_tap,
        "tap_memory_mib": of_tap,
        "nodes_and_tap_memory_mib": sum(used.values()),
    }


def _used(container: str) -> float:
    told = docker.run("stats", "--no-stream", "--format", "{{.MemUsage}}", container).stdout
    units = {"KiB": 1 / 1024, "MiB": 1.0, "GiB": 1024.0}
    text = told.split("/")[0].strip()
    return float(text[:-3]) * units[text[-3:]]


def annotate() -> dict[str, float]:
    """`annotate --json` of 100,000 DNS packets against `tshark -T json` of the same file, in turn, both to /dev/null."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "large.pcap"
        enlarge(file)
        words = [*KIT, "annotate", str(file), "--guide", "dns", "--experiment", "cold", "--json"]
        pairs = [(spent(words), tshark(file, "-T json")) for _ in range(3)]
    ours, theirs = min(one.wall for one, _ in pairs), min(other.wall for _, other in pairs)
    return {
        "ours_s": ours,
        "tshark_json_s": theirs,
        "ratio": statistics.median(one.wall / other.wall for one, other in pairs),
        "ours_cpu_s": min(one.cpu for one, _ in pairs),
        "tshark_json_cpu_s": min(other.cpu for _, other in pairs),
        "ours_packets_per_s": PACKETS / ours,
        "ours_peak_mib": max(one.memory for one, _ in pairs),
    }


def enlarge(file: Path) -> None:
    """Repeat the references' frames, each round with later times, until there are enough."""
    from scapy.utils import RawPcapNgReader, RawPcapWriter

    frames = []
    for path in sorted(catalog.reference_folder("dns").glob("*.pcapng")):
        frames += [bytes(data) for data, _ in RawPcapNgReader(str(path))]
    writer = RawPcapWriter(str(file), linktype=1, sync=False)
    writer.write_header(None)
    for number in range(PACKETS):
        writer.write_packet(
            frames[number % len(frames)], sec=1_700_000_000 + number // 1000, usec=number % 1000 * 1000
        )
    writer.close()


FIGURES = {"help": help_, "up": up, "run": run, "annotate": annotate}


def main() -> None:
    """Measure what is named on the command line, or everything."""
    wanted = [word for word in sys.argv[1:] if word in FIGURES] or list(FIGURES)
    found: dict[str, dict[str, float]] = {}
    for name in wanted:
        before = os.getloadavg()[0]
        found[name] = {**FIGURES[name](), "load_before": before, "load_after": os.getloadavg()[0]}
    if "--json" in sys.argv:
        print(json.dumps(found, indent=1))
        return
    for name, figures in found.items():
        for figure, value in figures.items():
            print(f"{name:10} {figure:30} {value:10.3f}")


if __name__ == "__main__":
    main()
