import importlib.util
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machinelab.engine.capture import put_in_order
from machinelab.errors import EngineError
from tests import ROOT

PROGRAM = ROOT / "compose/images/tap/tap.py"

frames = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 1), st.binary(min_size=14, max_size=40)))


def _program() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tap", PROGRAM)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tap = _program()


def _packet(time: int, interface: int, frame: bytes) -> bytes:
    total = 32 + (len(frame) + 3 & ~3)
    head = tap.PACKET_HEAD.pack(6, total, interface, time >> 32, time & 0xFFFFFFFF, len(frame), len(frame))
    return head + frame + tap.PADDING[len(frame) & 3] + tap.LENGTH.pack(total)


def _file(packets: list[tuple[int, int, bytes]]) -> bytes:
    ends = [tap.statistics(number, 1, 2, len(packets), 3) for number in (0, 1)]
    return b"".join([*tap.opening(["access", "internet"]), *(_packet(*packet) for packet in packets), *ends])


def _read(data: bytes) -> Iterator[tuple[int, str, bytes]]:
    from scapy.utils import RawPcapNgReader

    for frame, about in RawPcapNgReader(io.BytesIO(data)):
        assert about.tsresol == 10**9
        yield about.tshigh << 32 | about.tslow, about.ifname.decode(), frame


@given(frames)
def test_somebody_elses_reader_reads_what_the_tap_writes(packets: list[tuple[int, int, bytes]]) -> None:
    times = [(time + (1 << 60), interface, frame) for time, interface, frame in packets]
    expected = [(time, ("access", "internet")[interface], frame) for time, interface, frame in times]
    assert list(_read(_file(times))) == expected


@given(frames)
def test_put_in_order_sorts_by_time_and_keeps_the_order_of_equals(
    tmp_path_factory: pytest.TempPathFactory, packets: list[tuple[int, int, bytes]]
) -> None:
    file = tmp_path_factory.mktemp("order") / "capture.pcapng"
    file.write_bytes(_file(packets))
    put_in_order(file)
    assert file.read_bytes() == _file(sorted(packets, key=lambda packet: packet[0]))


@given(frames.filter(bool), st.integers(0, 200))
def test_put_in_order_survives_a_file_cut_anywhere(
    tmp_path_factory: pytest.TempPathFactory, packets: list[tuple[int, int, bytes]], missing: int
) -> None:
    file = tmp_path_factory.mktemp("cut") / "capture.pcapng"
    whole = _file(packets)
    file.write_bytes(whole[: max(0, len(whole) - missing)])
    put_in_order(file)


class _Outlet(tap.Outlet):  # type: ignore[misc, name-defined]
    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.written.append(data)


def test_frames_leave_in_order_of_time_and_the_latest_wait() -> None:
    outlet, held = _Outlet(), [(3, b"c"), (1, b"a"), (2, b"b"), (9, b"z")]
    outlet.release(held, 5)
    assert b"".join(outlet.written) == b"abc"
    assert held == [(9, b"z")]
    assert outlet.late == 0


def test_a_frame_that_comes_after_its_time_is_counted() -> None:
    outlet = _Outlet()
    outlet.release([(5, b"e")], 10)
    outlet.release([(4, b"d"), (6, b"f")], 10)
    assert b"".join(outlet.written) == b"edf"
    assert outlet.late == 1


@pytest.mark.parametrize("arguments", [[], ["access"], ["access="], ["=br-1"]])
def test_arguments_without_network_or_bridge_are_refused(arguments: list[str]) -> None:
    with pytest.raises(tap.Refused) as refusal:
        tap.main(arguments)
    assert refusal.value.args[0] == "usage"


def test_the_program_needs_nothing_but_the_smallest_python() -> None:
    # python3-minimal has these; `json` or `pathlib` would be there too, but cost more than the tap's whole start.
    wanted = {"gc", "os", "select", "signal", "socket", "sys", "time", "array", "operator", "struct"}
    lines = PROGRAM.read_text(encoding="utf-8").splitlines()
    imported = {line.split()[1] for line in lines if line.startswith(("import ", "from "))}
    assert imported == wanted
    assert wanted <= set(sys.stdlib_module_names)


def test_the_errors_of_a_tap_that_cannot_listen(tmp_path: Path) -> None:
    from machinelab.engine.capture import Tap

    tapping = Tap("dns", "alice", {"access": "br-1"}, tmp_path / "capture.pcapng")
    gone: EngineError = tapping._refused("error no-bridge br-1: no interface with this name")
    assert gone.message == "The network access is not there any more (br-1: no interface with this name)."
    assert gone.hint == "Start the lab again: machinelab up dns --as alice"
    barred = tapping._refused("error not-permitted br-1: Operation not permitted")
    assert barred.message == "The engine does not let the tap listen (br-1: Operation not permitted)."
    assert barred.hint.startswith("Use an engine")
