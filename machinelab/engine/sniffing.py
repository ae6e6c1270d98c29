"""Capturing on the learner's own machine: Scapy's socket for this system, read until told to stop.

Scapy opens it, asks libpcap for the filter, and knows Linux, BSD, macOS and Windows (Npcap). What it would do with a frame it
does not do: frames stay bytes. Its `recv_raw` makes a time a float, which loses the last 238 ns of today's dates, and tells
neither a frame's length on the wire nor which way it went; so on Linux its socket is read here, by the ancillary data
that Scapy has asked the kernel for.
"""

import re
import struct
import sys
import time
from contextlib import suppress
from typing import Any, Protocol

from ..errors import LabError, UsageError
from . import interfaces
from .packetfile import Frame

RECEIVE_BUFFER = 64 << 20  # bytes, used only as it fills: some 160,000 small frames
LONGEST = 256 << 10  # bytes; a segment that was not cut up yet (GSO) is up to 64 KiB

# <asm-generic/socket.h>, <linux/if_packet.h>: names that Python's socket module does not have.
SOL_PACKET, PACKET_STATISTICS, PACKET_AUXDATA, PACKET_IGNORE_OUTGOING = 263, 6, 8, 23
SO_RCVBUFFORCE, SO_TIMESTAMPNS = 33, 35
PACKET_OUTGOING, ARPHRD_LOOPBACK = 4, 772
VLAN_VALID, VLAN_TPID_VALID = 0x10, 0x40
TIMESPEC, AUXDATA, COUNTS = struct.Struct("@ll"), struct.Struct("=IIIHHHH"), struct.Struct("=II")


class Source(Protocol):
    """An open socket of some system."""

    link: int
    digits: int  # decimal places of a second that its times have
    late: float  # s that a frame may take from the wire to here

    def read(self, most: int, wait: float) -> list[Frame]:
        """The frames that are there, `most` at a time; waits for the first for `wait` seconds."""
        ...

    def dropped(self) -> int | None:
        """Frames lost for want of room since it was opened."""
        ...

    def close(self) -> None:
        """Let go of the interface."""
        ...


class KernelSocket:
    """Scapy's packet socket on Linux (packet(7)), read with the kernel's own nanoseconds and lengths."""

    digits, late = 9, 0.0

    def __init__(self, sock: Any, name: str) -> None:
        import socket

        self._scapy, self._socket, self._name = sock, sock.ins, name
        self.link = interfaces.link_type(sock, name)
        # Linux hands over what goes through its loopback twice, on the way out and on the way in.
        self._loopback = self._socket.getsockname()[3] == ARPHRD_LOOPBACK
        if self._loopback:
            with suppress(OSError):  # before Linux 4.20; then they are left out below, but take room
                self._socket.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
        self._dropped = 0
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER)
        except PermissionError:  # without CAP_NET_ADMIN: as much as net.core.rmem_max allows
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        self._socket.setblocking(False)
        self._statistics()  # reading sets them to zero

    def read(self, most: int, wait: float) -> list[Frame]:
        """See Source."""
        import select

        found: list[Frame] = []
        if wait:
            select.select([self._socket], [], [], wait)
        try:
            while len(found) < most:
                frame, notes, _, sender = self._socket.recvmsg(LONGEST, 128)
                if not (self._loopback and sender[2] == PACKET_OUTGOING):
                    found.append(_frame(frame, notes))
        except BlockingIOError:
            pass
        except OSError as error:  # ENETDOWN
            if not found:
                raise LabError(
                    f"The network interface {self._name} went away.", "Start the capture again."
                ) from error
        return found

    def dropped(self) -> int:
        """See Source."""
        self._dropped += self._statistics()
        return self._dropped

    def _statistics(self) -> int:
        told = self._socket.getsockopt(SOL_PACKET, PACKET_STATISTICS, COUNTS.size)
        return int(COUNTS.unpack(told)[1])

    def close(self) -> None:
        """See Source."""
        self._scapy.close()


def _frame(frame: bytes, notes: list[tuple[int, int, bytes]]) -> Frame:
    """A frame with what the kernel says beside it; a VLAN tag it has taken off is put back."""
    moment, length = 0, len(frame)
    for level, kind, data in notes:
        if kind == SO_TIMESTAMPNS and level != SOL_PACKET:
            seconds, moment = TIMESPEC.unpack(data)
            moment += seconds * 1_000_000_000
        elif kind == PACKET_AUXDATA and level == SOL_PACKET:
            status, length, _, _, _, tag, tpid = AUXDATA.unpack(data)
            if status & VLAN_VALID:
                tpid = tpid if status & VLAN_TPID_VALID else 0x8100
                frame = frame[:12] + struct.pack(">HH", tpid, tag) + frame[12:]
                length += 4
    return Frame(moment or time.time_ns(), frame, length)


class ScapySocket:
    """Scapy's socket where it is not Linux's own: BPF (macOS, BSD), or libpcap (Npcap; Linux with SCAPY_USE_LIBPCAP)."""

    digits, late = (
        6,
        0.2,
    )  # Scapy's times are floats; libpcap hands over what it has after 0.1 s (Scapy's to_ms)

    def __init__(self, sock: Any, name: str) -> None:
        self._scapy, self._name = sock, name
        self.link = interfaces.link_type(sock, name)

    def read(self, most: int, wait: float) -> list[Frame]:
        """See Source."""
        found: list[Frame] = []
        while len(found) < most and self._scapy.select([self._scapy], 0 if found else wait):
            _, data, moment = self._scapy.recv_raw()
            if data is None:
                break
            pcap = getattr(self._scapy, "pcap_fd", None)
            length = pcap.header.contents.len if pcap is not None else len(data)
            found.append(Frame(round(moment * 1_000_000) * 1000, data, length))
        return found

    def dropped(self) -> int | None:
        """See Source: pcap_stats(3PCAP), or BIOCGSTATS (bpf(4))."""
        if not hasattr(self._scapy, "pcap_fd"):
            dropped = self._scapy.get_stats()[1]
            return None if dropped is None else int(dropped)
        from ctypes import byref

        from scapy.libs.winpcapy import pcap_stat, pcap_stats

        counts = pcap_stat()
        return int(counts.ps_drop) if pcap_stats(self._scapy.pcap_fd.pcap, byref(counts)) == 0 else None

    def close(self) -> None:
        """See Source."""
        self._scapy.close()


def listen(name: str, bpf: str = "") -> Source:
    """Begin to hear an interface. Raises UsageError (no such interface, a filter that is none), LabError (not allowed)."""
    conf = interfaces.scapy_conf()
    interfaces.require(name)
    if bpf:
        _compile(bpf, name)
    try:
        sock = conf.L2listen(iface=name, filter=bpf or None)
        on_linux = sys.platform == "linux" and not conf.use_pcap
        return KernelSocket(sock, name) if on_linux else ScapySocket(sock, name)
    except Exception as error:
        raise _refused(error, name) from error


def _compile(bpf: str, name: str) -> None:
    """Raises UsageError where libpcap does not take the filter, or is not there to be asked."""
    from scapy.arch.common import compile_filter
    from scapy.error import Scapy_Exception

    try:
        compile_filter(bpf, name)
    except ImportError as error:
        raise UsageError(
            "A BPF filter is compiled by libpcap, and this machine has none.",
            "Install it (Debian, Ubuntu: sudo apt install libpcap0.8), or leave -f out and filter what was captured:"
            " machinelab packets FILE --filter EXPR",
        ) from error
    except (Scapy_Exception, OSError) as error:
        why = re.search(r"\((.*)\)\s*$", str(error), re.DOTALL)
        raise UsageError(
            f"{bpf!r} is no BPF filter: {why.group(1) if why else error}.",
            "Write it as for tcpdump, e.g. -f 'udp port 53' (pcap-filter(7)). A display filter goes to: machinelab packets FILE --filter",
        ) from error


def _refused(error: Exception, name: str) -> LabError:
    text = str(error)
    if isinstance(error, LabError):
        return error
    if isinstance(error, PermissionError) or "ermission" in text or "/dev/bpf" in text:
        return LabError(f"You are not allowed to capture on {name}.", _right())
    if "winpcap" in text.lower() or "npcap" in text.lower():
        return LabError(
            "Capturing on Windows needs Npcap, and it is not installed.", "Install it: https://npcap.com"
        )
    return LabError(
        f"{name} cannot be captured: {text}.", "See the interfaces: machinelab capture --interfaces"
    )


def _right() -> str:
    """How to be allowed to, on this system, and how to do without."""
    from pathlib import Path

    ways = {
        "linux": f"Allow Python to: sudo setcap cap_net_raw,cap_net_admin=eip {Path(sys.executable).resolve()}"
        " (every program of that Python may, then), or put sudo before the command.",
        "darwin": "Join the group that may read /dev/bpf* (access_bpf; Wireshark's ChmodBPF makes it), or put sudo before the command.",
        "win32": "Install Npcap without its administrators-only option, or start the terminal as administrator.",
    }
    way = ways.get(sys.platform, "Put sudo (or doas) before the command.")
    return f"{way}\nA lab's own packets need no such right: machinelab run dns"
