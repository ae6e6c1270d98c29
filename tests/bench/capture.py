"""How much of a burst `machinelab capture` keeps, beside the tap and tcpdump, on this machine.

    python -m tests.bench.capture [--json] [--seconds 2] [--rates 1000,10000,50000]

The burst of tests.bench.tap on a network of its own; `capture` listens on its bridge from the host, so it needs root, and an
engine on this machine. Its `ready` counts from the start of the command, Python and Scapy included; `stopped` until the
last packet is in the file, before it is read.
"""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from machinelab.engine import docker

from .tap import IMAGE, TCPDUMP, Heard, Row, in_pcapng, send, wire, with_tap, with_tcpdump

LISTENERS: dict[str, tuple[str, ...] | None] = {
    "tap": None,
    "tcpdump": TCPDUMP,
    "capture": (),
    "capture -f 'udp port 9'": ("-f", "udp port 9"),
    "capture --live": ("--live",),
}


def with_capture(
    words: Sequence[str], bridge: str, file: Path, sender: str, to: str, rate: int, count: int
) -> Heard:
    """The burst as `machinelab capture` hears it, ended by SIGINT."""
    argv = [sys.executable, "-m", "machinelab", "capture", "-i", bridge, "-o", str(file), *words]
    asked = time.monotonic()
    with subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        said = process.stderr.readline()
        assert said.startswith("Capturing on"), said
        ready = time.monotonic()
        sent, lasted = send(sender, to, rate, count)
        stopping = time.monotonic()
        process.send_signal(signal.SIGINT)
        told = process.stderr.readline()
        stopped = time.monotonic()
        process.kill()  # what it would print now is another matter
    lost = re.search(r"([\d,]+) more were lost", told)
    dropped = int(lost.group(1).replace(",", "")) if lost else 0
    return Heard(sent, lasted, in_pcapng(file), dropped, ready - asked, stopped - stopping)


def measure(rates: Sequence[int], seconds: float) -> Iterator[Row]:
    """A row for each rate and listener."""
    with tempfile.TemporaryDirectory() as folder, wire() as (bridge, sender, to):
        send(sender, to, 1000, 100)
        for rate in rates:
            for listener, words in LISTENERS.items():
                about = (bridge, Path(folder) / "burst", sender, to, rate, int(rate * seconds))
                if words is None:
                    heard = with_tap(*about)
                else:
                    heard = (with_tcpdump if words is TCPDUMP else with_capture)(words, *about)
                late = heard.sent - heard.kept - heard.dropped
                yield Row(
                    listener, rate, round(heard.sent / heard.lasted), heard.sent, heard.kept, heard.dropped,
                    late, round(heard.ready, 3), round(heard.stopped, 3),
                )  # fmt: skip


def main() -> None:
    """Build the image if need be, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument(
        "--rates",
        type=lambda text: [int(rate) for rate in text.split(",")],
        default=[1_000, 10_000, 50_000],
    )
    options = parser.parse_args()
    if docker.run("image", "inspect", IMAGE, check=False).exit:
        base = os.environ.get("BASE", "machinelab/base:trixie")
        docker.run("build", "-t", IMAGE, f"--build-arg=BASE={base}", str(Path(__file__).parent), limit=600)
    for row in measure(options.rates, options.seconds):
        print(json.dumps(asdict(row)) if options.json else row, flush=True)


if __name__ == "__main__":
    sys.exit(main())
