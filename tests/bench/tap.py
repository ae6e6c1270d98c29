"""How much of a burst the tap keeps, against tcpdump, on this machine.

    python -m tests.bench.tap [--json] [--seconds 2] [--rates 10000,50000,100000]

Two containers of its own on a network of its own; UDP datagrams of 64 bytes from one to the other. Each listener hears the
same burst alone, is stopped the moment the sender has ended, and what its file holds is counted. Needs the images
machinelab/tap and, built here from BASE (default machinelab/base:trixie), machinelab/test-bench.
"""

import argparse
import json
import os
import secrets
import signal
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from machinelab.engine import addresses, docker, routes
from machinelab.engine.capture import Tap

IMAGE = "machinelab/test-bench:latest"
SIZE = 64  # bytes of a datagram
TCPDUMP = ("tcpdump", "-i", "{bridge}", "-w", "-", "-B", "65536", "-Z", "root", "udp port 9")
LISTENERS = {
    "tap": (),
    "tcpdump": TCPDUMP,
    "tcpdump -U --immediate-mode": (*TCPDUMP[:1], "-U", "--immediate-mode", *TCPDUMP[1:]),
}

# A batch per millisecond. UDP_SEGMENT (udp(7)): one call for up to 50 datagrams, cut up before they reach the wire.
SEND = """
import socket, sys, time
host, rate, count, size = sys.argv[1], *map(int, sys.argv[2:])
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); out.connect((host, 9)); out.setsockopt(17, 103, size)
begun, sent = time.monotonic(), 0
while sent < count:
    due = min(count, int((time.monotonic() - begun) * rate) + 1)
    while sent < due:
        batch = min(50, due - sent); out.send(b"x" * size * batch); sent += batch
    time.sleep(0.0005)
print(sent, time.monotonic() - begun)
"""
SINK = "import socket; ear = socket.socket(2, 2); ear.bind(('', 9)); print(flush=True)\nwhile True: ear.recv(100)"


@dataclass(frozen=True, slots=True)
class Row:
    """One burst as one listener heard it. `rate` is what the sender reached, packets a second; times in seconds."""

    listener: str
    wanted: int
    rate: int
    sent: int
    kept: int
    lost_kernel: int
    lost_listener: int
    ready: float
    stopped: float


@dataclass(frozen=True, slots=True)
class Heard:
    """What a listener made of a burst."""

    sent: int
    lasted: float
    kept: int
    dropped: int
    ready: float
    stopped: float


@contextmanager
def wire() -> Iterator[tuple[str, str, str]]:
    """A network with a sender and a receiver: its bridge, the sender's container, the receiver's address."""
    name = f"machinelab-bench-{secrets.token_hex(3)}"
    with ExitStack() as stack:
        prefix = addresses.allocate(["wire"], routes.taken(), name, "default")["wire"]
        created = docker.run("network", "create", f"--subnet={prefix}", name).stdout.strip()
        stack.callback(docker.run, "network", "rm", name, check=False)
        for node, number in (("sender", 2), ("sink", 3)):
            docker.run(
                *("run", "--detach", "--init", "--pull=never", f"--name={name}-{node}", f"--network={name}"),
                *(f"--ip={prefix[number]}", "--cap-add=NET_ADMIN", IMAGE, "sleep", "infinity"),
            )
            stack.callback(docker.run, "rm", "--force", f"{name}-{node}", check=False)
        docker.run(
            "exec", f"{name}-sender", "ethtool", "-K", "eth0", "gso", "off", "tx-udp-segmentation", "off"
        )
        sink = stack.enter_context(docker.started(["exec", f"{name}-sink", "python3", "-ISB", "-c", SINK]))
        assert sink.stdout
        sink.stdout.readline()
        yield f"br-{created[:12]}", f"{name}-sender", str(prefix[3])


def send(sender: str, to: str, rate: int, count: int) -> tuple[int, float]:
    """A burst: how many datagrams were sent, in how many seconds."""
    told = docker.run(
        "exec", sender, "python3", "-ISB", "-c", SEND, to, str(rate), str(count), str(SIZE)
    ).stdout.split()
    return int(told[0]), float(told[1])


def with_tap(bridge: str, file: Path, sender: str, to: str, rate: int, count: int) -> Heard:
    """The burst as the tap hears it."""
    asked = time.monotonic()
    with Tap("bench", "default", {"wire": bridge}, file) as tap:
        ready = time.monotonic()
        sent, lasted = send(sender, to, rate, count)
        stopping = time.monotonic()
        counts = tap.stop()
        stopped = time.monotonic()
    return Heard(sent, lasted, in_pcapng(file), counts["wire"].dropped, ready - asked, stopped - stopping)


def with_tcpdump(
    words: Sequence[str], bridge: str, file: Path, sender: str, to: str, rate: int, count: int
) -> Heard:
    """The burst as tcpdump hears it, in a container like the tap's, ended by SIGINT."""
    name = f"machinelab-bench-tcpdump-{secrets.token_hex(3)}"
    argv = [
        "docker",
        "run",
        "--rm",
        "--pull=never",
        f"--name={name}",
        "--network=host",
        "--log-driver=none",
        "--init",
    ]
    argv += ["--cap-drop=ALL", "--cap-add=NET_RAW", "--cap-add=NET_ADMIN", IMAGE]
    asked = time.monotonic()
    with (
        file.open("wb") as out,
        subprocess.Popen(
            [*argv, *(word.format(bridge=bridge) for word in words)], stdout=out, stderr=subprocess.PIPE
        ) as process,
    ):
        assert process.stderr
        while b"listening on" not in (line := process.stderr.readline()):
            assert line, "tcpdump ended"
        ready = time.monotonic()
        sent, lasted = send(sender, to, rate, count)
        stopping = time.monotonic()
        process.send_signal(signal.SIGINT)
        told = process.stderr.read().decode()
        process.wait()
        stopped = time.monotonic()
    dropped = next(int(line.split()[0]) for line in told.splitlines() if "dropped by kernel" in line)
    return Heard(sent, lasted, in_pcap(file), dropped, ready - asked, stopped - stopping)


def in_pcapng(file: Path) -> int:
    """How many of the bench's datagrams a pcapng file holds."""
    data, offset, found = file.read_bytes(), 0, 0
    while offset + 12 <= len(data):
        kind, length = struct.unpack_from("<II", data, offset)
        found += kind == 6 and struct.unpack_from("<I", data, offset + 24) == (42 + SIZE,)
        offset += length
    return found


def in_pcap(file: Path) -> int:
    """How many of the bench's datagrams a pcap file holds."""
    data, offset, found = file.read_bytes(), 24, 0
    while offset + 16 <= len(data):
        captured, original = struct.unpack_from("<II", data, offset + 8)
        found += original == 42 + SIZE
        offset += 16 + captured
    return found


def measure(rates: Sequence[int], seconds: float) -> Iterator[Row]:
    """A row for each rate and listener."""
    with tempfile.TemporaryDirectory() as folder, wire() as (bridge, sender, to):
        send(sender, to, 1000, 100)
        for rate in rates:
            for listener, words in LISTENERS.items():
                file, count = Path(folder) / "burst", int(rate * seconds)
                if words:
                    heard = with_tcpdump(words, bridge, file, sender, to, rate, count)
                else:
                    heard = with_tap(bridge, file, sender, to, rate, count)
                yield Row(
                    *(
                        listener,
                        rate,
                        round(heard.sent / heard.lasted),
                        heard.sent,
                        heard.kept,
                        heard.dropped,
                    ),
                    *(
                        heard.sent - heard.kept - heard.dropped,
                        round(heard.ready, 3),
                        round(heard.stopped, 3),
                    ),
                )


def main() -> None:
    """Build the image if need be, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument(
        "--rates",
        type=lambda text: [int(rate) for rate in text.split(",")],
        default=[10_000, 50_000, 100_000],
    )
    options = parser.parse_args()
    if docker.run("image", "inspect", IMAGE, check=False).exit:
        base = os.environ.get("BASE", "machinelab/base:trixie")
        docker.run("build", "-t", IMAGE, f"--build-arg=BASE={base}", str(Path(__file__).parent), limit=600)
    head = f"{'listener':28} {'wanted/s':>8} {'sent/s':>8} {'sent':>7} {'kept':>7} {'lost: k.':>8} {'lost: l.':>8} {'ready s':>8} {'stop s':>7}"
    if not options.json:
        print(head)
    for row in measure(options.rates, options.seconds):
        if options.json:
            print(json.dumps(asdict(row)), flush=True)
            continue
        print(
            f"{row.listener:28} {row.wanted:8} {row.rate:8} {row.sent:7} {row.kept:7} {row.lost_kernel:8} "
            f"{row.lost_listener:8} {row.ready:8.3f} {row.stopped:7.3f}",
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(main())
