"""`machinelab capture` for real, in a network namespace of its own: what Wireshark's dumpcap saw, and how it ends.

The namespace is that of a container without a network, which has dumpcap; our command enters it (nsenter: root, and an engine
on this machine). Traffic is on its loopback alone.
"""

import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ctypes.util import find_library
from pathlib import Path
from typing import NamedTuple

import pytest

from machinelab.engine import docker
from tests.oracle.judge import IMAGE

pytestmark = pytest.mark.live

DATAGRAMS = """
import socket, sys
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for number in range(int(sys.argv[1])): out.sendto(number.to_bytes(4, "big") * 10, ("127.0.0.1", 9))
"""
# Large ones to a socket that takes none of them, so that the kernel has nothing to say.
FLOOD = """
import socket, sys
sink = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); sink.bind(("127.0.0.1", 9))
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for number in range(int(sys.argv[1])): out.sendto(bytes(60_000), ("127.0.0.1", 9))
"""
# A resolver of one name, asked twice.
ASKED = """
from dnslib import RR, DNSRecord
from dnslib.server import BaseResolver, DNSLogger, DNSServer
class One(BaseResolver):
    def resolve(self, request, handler):
        reply = request.reply()
        reply.add_answer(*RR.fromZone("www.example.test. 300 A 198.51.100.80"))
        return reply
DNSServer(One(), port=53, address="127.0.0.53", logger=DNSLogger("-request,-reply")).start_thread()
for _ in range(2): DNSRecord.question("www.example.test").send("127.0.0.53", 53, timeout=5)
"""


class Ended(NamedTuple):
    """A command that has ended: its exit code and what it said."""

    code: int
    out: str
    err: str


class Namespace:
    """A network namespace, by the container that has it."""

    def __init__(self, container: str) -> None:
        self.container = container
        self.pid = docker.run("inspect", "--format", "{{.State.Pid}}", container).stdout.strip()

    def inside(self, *words: str) -> list[str]:
        return ["nsenter", "--target", self.pid, "--net", *words]

    def run(self, *words: str) -> None:
        subprocess.run(self.inside(*words), check=True, capture_output=True)

    def python(self, program: str, *words: str) -> None:
        self.run(sys.executable, "-c", program, *words)

    @contextmanager
    def capturing(self, *words: str, before: Sequence[str] = ()) -> Iterator[subprocess.Popen[str]]:
        """`machinelab capture` that listens, with its streams as pipes."""
        argv = self.inside(*before, sys.executable, "-m", "machinelab", "capture", *words)
        environment = {**os.environ, "COLUMNS": "160", "NO_COLOR": "1"}
        with subprocess.Popen(
            argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        ) as command:
            try:
                assert command.stderr
                assert "Capturing on lo" in command.stderr.readline()
                yield command
            finally:
                command.kill()

    def refused(self, *words: str, before: Sequence[str] = ()) -> Ended:
        argv = self.inside(*before, sys.executable, "-m", "machinelab", "capture", *words)
        told = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)
        return Ended(told.returncode, told.stdout, told.stderr)


def ended(command: subprocess.Popen[str]) -> Ended:
    out, err = command.communicate(timeout=60)
    return Ended(command.returncode, out, err)


@pytest.fixture(scope="module")
def namespace() -> Iterator[Namespace]:
    name = f"machinelab-test-sniffing-{secrets.token_hex(3)}"
    docker.run(
        *("run", "--detach", "--init", "--pull=never", f"--name={name}", "--network=none"),
        *("--cap-add=NET_RAW", "--cap-add=NET_ADMIN", "--entrypoint=sleep", IMAGE, "600"),
    )
    try:
        found = Namespace(name)
        entered = subprocess.run(found.inside("true"), capture_output=True, text=True, check=False)
        if entered.returncode:
            pytest.skip(f"this machine does not let the namespace be entered: {entered.stderr.strip()}")
        yield found
    finally:
        docker.run("rm", "--force", name, check=False)


def frames(file: Path) -> list[tuple[int, bytes]]:
    """Time (ns) and bytes, as Scapy's reader reads them."""
    from scapy.utils import RawPcapNgReader

    with RawPcapNgReader(str(file)) as reader:
        return [
            ((about.tshigh << 32 | about.tslow) * (10**9 // about.tsresol), data) for data, about in reader
        ]


@pytest.mark.parametrize("library", ["", "yes"], ids=["kernel", "libpcap"])
def test_it_sees_what_dumpcap_sees(
    namespace: Namespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    if library and not find_library("pcap"):
        pytest.skip("this machine has no libpcap")
    monkeypatch.setenv("SCAPY_USE_LIBPCAP", library)
    ours, theirs = tmp_path / "ours.pcapng", tmp_path / "theirs.pcapng"
    argv = ["docker", "exec", namespace.container, "dumpcap", "-q", "-i", "lo", "-w", "-", "-c", "500"]
    with (
        theirs.open("wb") as out,
        subprocess.Popen(argv, stdout=out, stderr=subprocess.PIPE, text=True) as other,
        namespace.capturing("-i", "lo", "-o", str(ours), "--count", "500") as command,
    ):
        assert other.stderr
        while "File:" not in other.stderr.readline():
            assert other.poll() is None
        namespace.python(DATAGRAMS, "300")
        done = ended(command)
        other.communicate(timeout=20)
    assert done.code == 0, done.err
    assert "500 packets from lo, none lost." in done.err
    saw, judge = frames(ours), frames(theirs)
    assert len(judge) == 500
    assert [data for _, data in saw] == [data for _, data in judge]
    # A kernel's stamp is made once for all who listen.
    assert all(abs(one - other) < 1000 for (one, _), (other, _) in zip(saw, judge, strict=True))
    assert library or any(time % 1000 for time, _ in saw), "nanoseconds"


def test_ctrl_c_ends_it_well(namespace: Namespace, tmp_path: Path) -> None:
    file = tmp_path / "x.pcapng"
    with namespace.capturing("-i", "lo", "-o", str(file)) as command:
        namespace.python(DATAGRAMS, "20")
        command.send_signal(signal.SIGINT)
        done = ended(command)
    assert done.code == 0, done.err
    # Each datagram, and ICMP's word that nobody listens there (six of them a burst: icmp_msgs_burst is 50).
    numbers = [data[42:46] for _, data in frames(file) if data[23] == 17]
    assert numbers == [number.to_bytes(4, "big") for number in range(20)]
    assert "none lost" in done.err and "Traceback" not in done.err
    assert len(done.out.splitlines()) == 1 + len(frames(file))


def test_what_the_kernel_has_no_room_for_is_counted(namespace: Namespace, tmp_path: Path) -> None:
    file, sent = tmp_path / "x.pcapng", 4000  # 240 MB, where 64 are asked for (and Linux gives the double)
    with namespace.capturing("-i", "lo", "-o", str(file)) as command:
        command.send_signal(signal.SIGSTOP)
        namespace.python(FLOOD, str(sent))
        command.send_signal(signal.SIGCONT)
        command.send_signal(signal.SIGINT)
        done = ended(command)
    kept = len(frames(file))
    assert 0 < kept < sent
    assert f"{kept:,} packets from lo; {sent - kept:,} more were lost" in done.err


def test_a_filter_is_the_kernels(namespace: Namespace, tmp_path: Path) -> None:
    if not find_library("pcap"):
        told = namespace.refused("-i", "lo", "-f", "icmp")
        assert told.code == 2 and "libpcap" in told.err
        return
    file = tmp_path / "x.pcapng"
    with namespace.capturing(
        "-i", "lo", "-f", "udp port 9 and not icmp", "-o", str(file), "--count", "20"
    ) as command:
        namespace.python(DATAGRAMS, "20")
        assert ended(command).code == 0
    assert {data[23] for _, data in frames(file)} == {17}
    told = namespace.refused("-i", "lo", "-f", "udp prt 9")
    assert told.code == 2
    assert "'udp prt 9' is no BPF filter: " in told.err.splitlines()[0]


def test_a_real_question_is_read_against_the_guide(namespace: Namespace) -> None:
    with namespace.capturing("-i", "lo", "--guide", "dns", "--count", "4", "--json") as command:
        namespace.python(ASKED)
        done = ended(command)
    assert done.code == 0, done.err
    rows = [json.loads(line) for line in done.out.splitlines()]
    # The server is authoritative and its TTL stays: no experiment of the guide, so each message is explained by itself.
    assert [row["step"] for row in rows] == ["query", "zone-answer", "query", "zone-answer"]
    assert {row["src"] for row in rows} == {"127.0.0.1", "127.0.0.53"}
    assert rows[1]["fields"]["dns.a"] == ["198.51.100.80"]


@pytest.mark.parametrize("guide", [(), ("--guide", "dns")], ids=["plain", "guide"])
def test_packets_are_printed_as_they_come(namespace: Namespace, guide: Sequence[str]) -> None:
    with namespace.capturing("-i", "lo", "--live", *guide) as command:
        assert command.stdout
        namespace.python(ASKED)
        shown = ""
        while "NOERROR" not in shown:  # while it runs: nobody has told it to end
            shown += command.stdout.readline()
        assert command.poll() is None
        command.send_signal(signal.SIGINT)
        done = ended(command)
    assert done.code == 0, done.err
    assert "A? www.example.test" in shown
    assert not guide or "The question is for the whole answer" in shown


def test_without_the_right_it_says_how_to_get_it(namespace: Namespace) -> None:
    told = namespace.refused("-i", "lo", before=("setpriv", "--bounding-set=-net_raw"))
    assert told.code == 3
    first, way, without = told.err.splitlines()
    assert first == "✗ You are not allowed to capture on lo."
    assert "sudo setcap cap_net_raw" in way and str(Path(sys.executable).resolve()) in way
    assert without.strip() == "A lab's own packets need no such right: machinelab run dns"


def test_an_interface_that_is_down_and_one_that_goes_down(namespace: Namespace) -> None:
    namespace.run("ip", "link", "add", "gone0", "type", "veth", "peer", "name", "gone1")
    told = namespace.refused("-i", "gone0")
    assert (told.code, told.err.splitlines()[0]) == (2, "✗ The network interface gone0 is down.")
    namespace.run("ip", "link", "set", "gone0", "up")
    argv = namespace.inside(sys.executable, "-m", "machinelab", "capture", "-i", "gone0")
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as command:
        assert command.stderr
        assert "Capturing on gone0" in command.stderr.readline()
        namespace.run("ip", "link", "del", "gone0")
        done = ended(command)
    assert done.code == 3
    assert "The network interface gone0 went away." in done.err
