"""What the kernel says beside a frame, and how a refusal is told. The sockets themselves: tests/live/test_sniffing.py."""

import socket
import sys

import pytest

from machinelab.engine import interfaces, sniffing
from machinelab.errors import LabError, UsageError

FRAME = bytes.fromhex("ffffffffffff 020000000001 0800") + b"x" * 50


def notes(status=0, length=64, tag=0, tpid=0):
    time = sniffing.TIMESPEC.pack(1_796_067_181, 342_597_487)
    return [
        (socket.SOL_SOCKET, sniffing.SO_TIMESTAMPNS, time),
        (
            sniffing.SOL_PACKET,
            sniffing.PACKET_AUXDATA,
            sniffing.AUXDATA.pack(status, length, 64, 0, 0, tag, tpid),
        ),
    ]


def test_nanoseconds_and_the_length_on_the_wire_are_the_kernels():
    assert sniffing._frame(FRAME, notes(length=1500)) == (1_796_067_181_342_597_487, FRAME, 1500)


@pytest.mark.parametrize(("status", "tpid", "said"), [(0x10, 0, b"\x81\0"), (0x50, 0x88A8, b"\x88\xa8")])
def test_a_vlan_tag_that_the_kernel_has_taken_off_is_put_back(status, tpid, said):
    frame = sniffing._frame(FRAME, notes(status, 64, 0x2005, tpid))
    assert frame.data == FRAME[:12] + said + b"\x20\x05" + FRAME[12:]
    assert frame.length == 68


def test_a_frame_without_ancillary_data_is_kept():
    assert sniffing._frame(FRAME, []).data == FRAME


def test_an_interface_that_is_not_there():
    with pytest.raises(UsageError, match="There is no network interface 'nowhere0'") as told:
        interfaces.require("nowhere0")
    assert told.value.hint


def test_completion_knows_the_interfaces():
    # Containers that start and stop meanwhile have interfaces of their own that come and go.
    before = {each.name for each in interfaces.interfaces()}
    names = set(interfaces.names())
    after = {each.name for each in interfaces.interfaces()}
    assert "lo" in names and before & after <= names <= before | after


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError(1, "Operation not permitted"), "not allowed"),
        (OSError("eth0: You don't have permission to perform this capture"), "not allowed"),
        (OSError("Permission denied: could not open /dev/bpf0"), "not allowed"),
        (RuntimeError("Sniffing is not available at layer 2: winpcap is not installed"), "needs Npcap"),
        (OSError("the moon is full"), "the moon is full"),
    ],
)
@pytest.mark.parametrize("system", ["linux", "darwin", "win32", "freebsd14"])
def test_each_systems_refusal_is_one_line_and_a_way(monkeypatch, error, said, system):
    monkeypatch.setattr(sys, "platform", system)
    told = sniffing._refused(error, "eth0")
    assert type(told) is LabError
    assert said in told.message and "\n" not in told.message
    assert told.hint and (said != "not allowed" or told.hint.endswith("machinelab run dns"))
