"""The tap against a real kernel: what is in the file is what was on the wires, and nothing is left behind."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from machinelab.engine import api, capture, docker
from machinelab.engine.capture import Tap, TapLost
from machinelab.engine.topology import RunningLab
from machinelab.errors import EngineError

from .two_nodes import address, bridge, cast, taps, two_nodes

pytestmark = pytest.mark.live

UDP, ARP = b"\x08\x00", b"\x08\x06"


@pytest.fixture(scope="module")
def up() -> Iterator[RunningLab]:
    with two_nodes() as topology:
        yield topology


def _tap(up: RunningLab, file: Path) -> Tap:
    return Tap(up.lab, up.instance, {name: network.bridge for name, network in up.networks.items()}, file)


def _read(file: Path) -> list[tuple[int, str, bytes]]:
    """Time, network, frame, as somebody else's reader reads them."""
    from scapy.utils import RawPcapNgReader

    with RawPcapNgReader(str(file)) as reader:
        return [(about.tshigh << 32 | about.tslow, about.ifname.decode(), frame) for frame, about in reader]


def _numbers(packets: list[tuple[int, str, bytes]], network: str) -> list[int]:
    found = (
        frame for _, seen, frame in packets if seen == network and frame[12:14] == UDP and frame[23] == 17
    )
    return [int.from_bytes(frame[42:46], "big") for frame in found]


def test_each_frame_once_per_network_in_order_and_nothing_else(up: RunningLab, tmp_path: Path) -> None:
    file = tmp_path / "capture.pcapng"
    with _tap(up, file) as tap:
        cast(up, "left", address(up, "right", "front"), 300)
        cast(up, "left", address(up, "right", "back"), 200)
        cast(up, "right", address(up, "left", "front"), 100)
        counts = tap.stop()
    packets = _read(file)
    assert _numbers(packets, "front") == [*range(300), *range(100)]
    assert _numbers(packets, "back") == list(range(200))
    assert [time for time, _, _ in packets] == sorted(time for time, _, _ in packets)
    # ARP, and ICMP's word that nobody listens on the port, are the nodes' own. All else would be chatter, or a marker.
    assert all(frame[12:14] == ARP or frame[23] in {1, 17} for _, _, frame in packets)
    for network in ("front", "back"):
        seen = sum(name == network for _, name, _ in packets)
        assert counts[network] == capture.Counts(seen, 0)


def test_both_networks_at_once_are_in_order_of_time(up: RunningLab, tmp_path: Path) -> None:
    file = tmp_path / "capture.pcapng"
    program = (
        "import socket,sys\n"
        "out=socket.socket(2,2)\n"
        "for number in range(4000): out.sendto(number.to_bytes(4,'big'),(sys.argv[1+number%2],9))\n"
    )
    to = [address(up, "right", network) for network in ("front", "back")]
    with _tap(up, file) as tap:
        docker.run("exec", up.container("left"), "python3", "-c", program, *to)
        tap.stop()
    packets = _read(file)
    sent = [
        int.from_bytes(frame[42:46], "big")
        for _, _, frame in packets
        if frame[12:14] == UDP and frame[23] == 17
    ]
    assert sent == list(range(4000))


def test_a_capture_of_a_moment_is_whole(up: RunningLab, tmp_path: Path) -> None:
    file = tmp_path / "capture.pcapng"
    program = (
        "import socket,sys\n"
        "out=socket.socket(2,2); print('ready',flush=True); sys.stdin.readline()\n"
        "for number in range(50): out.sendto(number.to_bytes(4,'big'),(sys.argv[1],9))\n"
        "print('sent',flush=True)\n"
    )
    argv = ["exec", "-i", up.container("left"), "python3", "-c", program, address(up, "right", "front")]
    with docker.started(argv, stdin=True) as sender:
        assert sender.stdin and sender.stdout
        assert sender.stdout.readline() == b"ready\n"
        with _tap(up, file) as tap:
            begun = time.monotonic()
            sender.stdin.write(b"\n")
            sender.stdin.flush()
            assert sender.stdout.readline() == b"sent\n"
            tap.stop()
            lasted = time.monotonic() - begun
    assert _numbers(_read(file), "front") == list(range(50))
    print(f"from the first datagram to the last in the file: {lasted * 1000:.0f} ms")


def test_taps_hear_nothing_of_themselves_or_of_each_other(up: RunningLab, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("one.pcapng", "two.pcapng")]
    with _tap(up, files[0]) as one, _tap(up, files[1]) as two:
        two.stop()
        counts = one.stop()
    assert [_read(file) for file in files] == [[], []]
    assert all(count == capture.Counts(0, 0) for count in counts.values())


def test_no_node_sees_a_marker(up: RunningLab, tmp_path: Path) -> None:
    # Listens on both feet until a datagram comes to port 9, then says how many markers it saw.
    program = (
        "import socket\n"
        "ear=socket.socket(socket.AF_PACKET,socket.SOCK_RAW,socket.htons(3)); print('ready',flush=True); markers=0\n"
        "while (frame:=ear.recv(2000))[12:14]!=b'\\x08\\x00': markers+=frame[12:14]==b'\\x88\\xb5'\n"
        "print(markers,flush=True)\n"
    )
    with docker.started(["exec", up.container("right"), "python3", "-c", program]) as listener:
        assert listener.stdout
        assert listener.stdout.readline() == b"ready\n"
        with _tap(up, tmp_path / "capture.pcapng") as tap:
            tap.stop()
        cast(up, "left", address(up, "right", "front"), 1)
        assert listener.stdout.readline() == b"0\n"


def test_a_vlan_tag_that_the_kernel_takes_off_is_put_back(up: RunningLab, tmp_path: Path) -> None:
    file = tmp_path / "capture.pcapng"
    frame = "ffffffffffff 020000000001 8100 2005 88b6" + "ab" * 50
    program = (
        "import socket; out=socket.socket(socket.AF_PACKET,socket.SOCK_RAW); out.bind(('eth0',0));"
        f"out.send(bytes.fromhex('{frame}'))"
    )
    with _tap(up, file) as tap:
        docker.run("exec", up.container("left"), "python3", "-c", program)
        tap.stop()
    assert [sent for _, _, sent in _read(file)] == [bytes.fromhex(frame)]


def test_a_killed_command_leaves_no_tap(up: RunningLab, tmp_path: Path) -> None:
    bridges = {name: network.bridge for name, network in up.networks.items()}
    program = (
        "import sys; from pathlib import Path; from machinelab.engine.capture import Tap\n"
        f"with Tap({up.lab!r},{up.instance!r},{bridges!r},Path({str(tmp_path / 'capture.pcapng')!r})):\n"
        "    print('listening',flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as victim:
        assert victim.stdout
        assert victim.stdout.readline() == b"listening\n"
        assert len(taps(up)) == 1
        victim.send_signal(signal.SIGKILL)
        killed = time.monotonic()
    while taps(up):
        assert time.monotonic() - killed < 2, "the tap still runs two seconds after the command was killed"
    assert _read(tmp_path / "capture.pcapng") == []


def test_a_capture_that_is_broken_off_leaves_no_tap(up: RunningLab, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), _tap(up, tmp_path / "capture.pcapng"):
        raise KeyboardInterrupt
    assert taps(up) == []


def test_the_engine_stops_a_tap_gently(up: RunningLab, tmp_path: Path) -> None:
    file = tmp_path / "capture.pcapng"
    with _tap(up, file) as tap:
        cast(up, "left", address(up, "right", "front"), 5)
        docker.run("stop", "--time=5", *taps(up))
        tap.stop()
    assert _numbers(_read(file), "front") == list(range(5))


def test_a_tap_that_is_killed_leaves_what_it_heard(up: RunningLab, tmp_path: Path) -> None:
    file, heard = tmp_path / "capture.pcapng", []
    bridges = {name: network.bridge for name, network in up.networks.items()}
    with Tap(up.lab, up.instance, bridges, file, heard.append) as tap:
        cast(up, "left", address(up, "right", "front"), 5)
        end = time.monotonic() + 5
        while len(b"".join(heard)) < 600:
            assert time.monotonic() < end, "nothing came live"
        docker.run("kill", *taps(up))  # to be removed by force is gentle with Podman
        with pytest.raises(TapLost) as error:
            tap.stop()
    assert f"What it heard until then is in {file}." in error.value.message
    assert _numbers(_read(file), "front") == list(range(5))
    assert heard[-1] == b""


def test_a_bridge_that_is_not_there(up: RunningLab, tmp_path: Path) -> None:
    with (
        pytest.raises(EngineError) as error,
        Tap(up.lab, "default", {"front": "br-none"}, tmp_path / "x.pcapng"),
    ):
        pass
    assert error.value.message.startswith("The network front is not there any more (br-none")
    assert error.value.hint == f"Start the lab again: machinelab up {up.lab}"
    assert taps(up) == []


def test_a_bridge_that_goes_away_is_told_and_the_others_go_on(up: RunningLab, tmp_path: Path) -> None:
    file = tmp_path / "capture.pcapng"
    if api.podman():
        pytest.skip("Podman's networks have a bridge only while somebody is in them")
    extra = f"{up.lab}-extra"
    docker.run("network", "create", extra)
    bridges = {"front": up.networks["front"].bridge, "extra": bridge(extra)}
    try:
        with Tap(up.lab, up.instance, bridges, file) as tap:
            docker.run("network", "rm", extra)
            cast(up, "left", address(up, "right", "front"), 3)
            tap.stop()
        assert tap.gone == ["extra"]
    finally:
        docker.run("network", "rm", extra, check=False)
    assert _numbers(_read(file), "front") == [0, 1, 2]


def test_a_missing_image_is_told_with_the_way_to_get_it(
    up: RunningLab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capture, "IMAGE", "machinelab/not-there:latest")
    with pytest.raises(EngineError) as error, _tap(up, tmp_path / "x.pcapng"):
        pass
    assert error.value.message == "The image machinelab/not-there:latest is not on this machine."
    assert "machinelab images build" in error.value.hint


def test_a_file_that_cannot_be_written(up: RunningLab, tmp_path: Path) -> None:
    with pytest.raises(EngineError) as error, _tap(up, tmp_path / "no-such-folder" / "capture.pcapng") as tap:
        tap.stop()
    assert error.value.message.startswith("The capture cannot be written to ")
    assert taps(up) == []


def test_a_full_disk(up: RunningLab) -> None:
    with pytest.raises(EngineError) as error, _tap(up, Path("/dev/full")) as tap:
        tap.stop()
    assert error.value.message == "The capture cannot be written to /dev/full: No space left on device."
    assert taps(up) == []


@pytest.mark.skipif(not shutil.which("capinfos"), reason="Wireshark's command line is not installed")
def test_wireshark_reads_the_file_without_a_complaint(up: RunningLab, tmp_path: Path) -> None:
    file = tmp_path / "capture.pcapng"
    with _tap(up, file) as tap:
        cast(up, "left", address(up, "right", "front"), 20)
        cast(up, "left", address(up, "right", "back"), 20)
        tap.stop()
    told = subprocess.run(["capinfos", "-M", str(file)], capture_output=True, text=True, check=True).stdout
    assert "Strict time order:   True" in told
    assert "Capture application: machinelab tap" in told
    assert "nanoseconds (9)" in told
    asked = [
        "tshark",
        "-r",
        str(file),
        "-Y",
        "udp and not icmp",
        "-T",
        "fields",
        "-e",
        "frame.interface_name",
    ]
    shown = subprocess.run(asked, capture_output=True, text=True, check=True)
    assert shown.stdout.split() == ["front"] * 20 + ["back"] * 20
    assert "malformed" not in shown.stderr.lower()
