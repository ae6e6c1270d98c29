"""The tap: every frame of a lab's bridges, each once per network, as pcapng on standard output.

    tap.py access=br-1a2b3c4d5e6f internet=br-0f9e8d7c6b5a

It listens until its standard input closes or says `stop`, or until SIGTERM or SIGINT. Then it sends a marker frame on
each bridge: once a marker is read back, everything that went before it has been read too. Markers are left out.

Standard error holds control lines:

    since TIME                           its clock, ns since the epoch, as it says the next line
    listening                            every frame from now on is kept
    stepped NANOSECONDS                  the clock was set by so much: times before and after do not belong together
    gone NETWORK                         the bridge went away; the others go on
    count NETWORK RECEIVED DROPPED       at the end, a line per network; DROPPED by the kernel for want of room
    flushed BYTES LATE                   at the end: bytes written in all, and frames that stand behind a later one
    error CODE TEXT                      it cannot listen; CODE is no-bridge, not-permitted or usage

It runs as the first process of a container that has nothing else, so it needs the standard library alone.

Why not Scapy's: measured side by side on two processors, its AsyncSniffer lost 57 to 97 % of 10,000 to 100,000 packets/s. Its
socket read by `recv_raw` lost none either, but is ready after 271 ms (37 here), and gives times as floats (steps of 238 ns) and
neither a frame's direction nor its length on the wire.
"""

import gc
import os
import select
import signal
import socket
import sys
import time
from array import array
from operator import itemgetter
from struct import Struct

TYPE_CHECKING = (
    False  # the type checker takes it for true; importing typing would cost more than the tap's start
)
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# <linux/if_packet.h>, <asm-generic/socket.h>, <linux/filter.h>: names that Python's socket module does not have.
SOL_PACKET = 263
PACKET_ADD_MEMBERSHIP, PACKET_STATISTICS, PACKET_AUXDATA = 1, 6, 8
PACKET_MR_PROMISC, PACKET_OUTGOING = 1, 4
SO_ATTACH_FILTER, SO_RCVBUFFORCE, SO_TIMESTAMPNS = 26, 33, 35
ETH_P_ALL = 3
ETH_P_MARKER = 0x88B5  # IEEE 802 local experimental EtherType 1: no protocol of anybody's
VLAN_VALID, VLAN_TPID_VALID = 0x10, 0x40  # TP_STATUS_…; without the second the tag is 802.1Q's

RECEIVE_BUFFER = 64 << 20  # bytes per bridge, used only as it fills: some 160,000 small frames
LONGEST = 256 << 10  # bytes; a segment that was not cut up yet (GSO) is up to 64 KiB
BATCH = 4096  # frames read from one bridge before the others have their turn
HOLD = 5_000_000  # ns that a frame waits for an earlier one from another bridge or another processor
FOREVER = 1 << 64  # ns; after every frame
MARKER_LIMIT = 0.5  # s without a frame to read; a marker takes less than a millisecond

TIMESPEC = Struct("@ll")
AUXDATA = Struct("=IIIHHHH")  # struct tpacket_auxdata: status, len, snaplen, mac, net, vlan_tci, vlan_tpid
MEMBERSHIP = Struct("=iHH8s")  # struct packet_mreq
BPF, PROGRAM = Struct("=HBBI"), Struct("@HP")  # struct sock_filter, struct sock_fprog
STATISTICS = Struct("=II")  # struct tpacket_stats: packets (with drops), drops
PACKET_HEAD = Struct("<IIIIIII")  # block type, length, interface, time high, time low, captured, original
LENGTH, MOMENT = Struct("<I"), Struct("<II")
VLAN_TAG = Struct(">HH")
PADDING = (b"", b"\0\0\0", b"\0\0", b"\0")

Held = tuple[int, bytes]  # a frame that waits for its turn: its time in ns, its block

# What the bridge itself sends (multicast listener reports, duplicate address detection) is not the lab's: the kernel
# keeps it away from us, but for markers.
FILTER = (
    (0x20, 0, 0, 0xFFFFF004),  # ld  packet type (SKF_AD_OFF + SKF_AD_PKTTYPE)
    (0x15, 0, 2, PACKET_OUTGOING),  # jeq outgoing, else keep
    (0x28, 0, 0, 12),  # ldh EtherType
    (0x15, 0, 1, ETH_P_MARKER),  # jeq marker, else drop
    (0x06, 0, 0, 0xFFFFFFFF),  # keep
    (0x06, 0, 0, 0),  # drop
)


class Refused(Exception):
    """The tap cannot listen: a code and a sentence for the control line."""


class Wire:
    """One network: its bridge, the socket that listens on it, and how it is getting on."""

    def __init__(self, number: int, network: str, bridge: str) -> None:
        self.number = number
        self.network = network
        self.bridge = bridge
        self.socket = listener(bridge)
        self.latest = 0  # time of the frame read last, ns
        self.listening = True
        self.marker = b""  # what to look for, once it was sent
        self.marked = 0  # when that was, ns
        self.markers = 0

    def read(self, held: list[Held]) -> bool:
        """Append up to BATCH waiting frames to `held` as (time, block). False if there may be more of them."""
        receive, interface = self.socket.recvmsg, self.number
        for _ in range(BATCH):
            try:
                frame, notes, _, sender = receive(LONGEST, 128)
            except BlockingIOError:
                return True
            except OSError:  # ENETDOWN: the bridge is gone
                self.listening = False
                say("gone", self.network)
                return True
            seconds, moment = TIMESPEC.unpack(notes[0][2])
            moment += seconds * 1_000_000_000
            status, original, _, _, _, tag, kind = AUXDATA.unpack(notes[1][2])
            if sender[2] == PACKET_OUTGOING:
                self.own(frame)
                continue
            if status & VLAN_VALID:
                kind = kind if status & VLAN_TPID_VALID else 0x8100
                frame = frame[:12] + VLAN_TAG.pack(kind, tag) + frame[12:]
                original += 4
            size = len(frame)
            total = 32 + (size + 3 & ~3)
            head = PACKET_HEAD.pack(6, total, interface, moment >> 32, moment & 0xFFFFFFFF, size, original)
            held.append((moment, b"".join((head, frame, PADDING[size & 3], LENGTH.pack(total)))))
            self.latest = moment
        # The queue is in order: where something later than the marker is read, the marker found no room in it.
        self.listening = not self.marked or self.latest < self.marked + HOLD
        return False

    def own(self, frame: bytes) -> None:
        """Take note of a marker: ours, or that of a tap that listens beside us."""
        self.markers += 1
        if self.marker and self.marker in frame:
            self.listening = False

    def mark(self) -> None:
        """Send a marker. It goes to the bridge's own address, so that no port, and no node, ever sees it."""
        self.listening = self.listening and carrier(self.bridge)
        if not self.listening:
            return
        self.marker = b"machinelab tap marker " + os.urandom(16)
        self.marked = time.time_ns()
        with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0) as sender:
            try:
                sender.bind((self.bridge, 0))
                address = sender.getsockname()[4]
                frame = address + address + ETH_P_MARKER.to_bytes(2, "big") + self.marker
                sender.send(frame.ljust(60, b"\0"))
            except OSError:
                self.listening = False

    def counts(self) -> tuple[int, int]:
        """Frames received for the capture, and frames the kernel had no room for."""
        told = self.socket.getsockopt(SOL_PACKET, PACKET_STATISTICS, STATISTICS.size)
        packets, drops = STATISTICS.unpack(told)
        return max(0, packets - self.markers), drops


def listener(bridge: str) -> socket.socket:
    """A socket that hears everything on one bridge from the moment it is bound, and nothing before its filter is set."""
    try:
        hearing = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        hearing.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER)
        hearing.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        hearing.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
        program = array("B", b"".join(BPF.pack(*line) for line in FILTER))
        hearing.setsockopt(
            socket.SOL_SOCKET, SO_ATTACH_FILTER, PROGRAM.pack(len(FILTER), program.buffer_info()[0])
        )
        everything = MEMBERSHIP.pack(socket.if_nametoindex(bridge), PACKET_MR_PROMISC, 0, b"")
        hearing.setsockopt(SOL_PACKET, PACKET_ADD_MEMBERSHIP, everything)
        hearing.setblocking(False)
        hearing.bind((bridge, ETH_P_ALL))
    except PermissionError as error:
        raise Refused("not-permitted", f"{bridge}: {error.strerror or error}") from error
    except OSError as error:
        raise Refused("no-bridge", f"{bridge}: {error.strerror or error}") from error
    return hearing


def carrier(bridge: str) -> bool:
    """Whether a bridge has a port that is up. One without has nothing to hear, and sends no marker either."""
    try:
        with open(f"/sys/class/net/{bridge}/carrier") as state:  # noqa: PTH123 (pathlib takes 10 ms to import)
            return state.read(1) == "1"
    except OSError:
        return False


def option(code: int, value: bytes) -> bytes:
    """A pcapng option: code, length, value, padding."""
    return code.to_bytes(2, "little") + len(value).to_bytes(2, "little") + value + PADDING[len(value) & 3]


def block(kind: int, body: bytes) -> bytes:
    """A pcapng block around its body."""
    length = LENGTH.pack(len(body) + 12)
    return LENGTH.pack(kind) + length + body + length


def opening(networks: "Iterable[str]") -> "Iterator[bytes]":
    """The section header, and one interface block per network, times in nanoseconds."""
    order, version, length = b"\x4d\x3c\x2b\x1a", b"\1\0\0\0", b"\xff" * 8  # little-endian, 1.0, not known
    yield block(0x0A0D0D0A, order + version + length + option(4, b"machinelab tap") + option(0, b""))
    ethernet, uncut = b"\1\0\0\0", b"\0\0\0\0"  # link type; no snap length
    for network in networks:
        about = option(2, network.encode()) + option(9, b"\x09") + option(0, b"")  # if_name, if_tsresol 10^-9
        yield block(1, ethernet + uncut + about)


def statistics(number: int, started: int, ended: int, received: int, dropped: int) -> bytes:
    """An interface statistics block: isb_starttime, isb_endtime, isb_ifrecv, isb_ifdrop."""
    begin, end = (MOMENT.pack(time >> 32, time & 0xFFFFFFFF) for time in (started, ended))
    numbers = option(4, received.to_bytes(8, "little")) + option(5, dropped.to_bytes(8, "little"))
    return block(5, LENGTH.pack(number) + end + option(2, begin) + option(3, end) + numbers + option(0, b""))


class Outlet:
    """Standard output, in time order as far as the holding time allows."""

    def __init__(self) -> None:
        self.bytes = 0
        self.late = 0
        self.latest = 0

    def write(self, data: bytes) -> None:
        """All of it, at once."""
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        self.bytes += len(data)

    def release(self, held: list[Held], horizon: int) -> None:
        """Write the frames from before `horizon` in order of time, and keep the rest."""
        held.sort(key=itemgetter(0))
        ready = held
        if held[-1][0] >= horizon:
            ready = [entry for entry in held if entry[0] < horizon]
        if not ready:
            return
        if ready[0][0] < self.latest:
            self.late += sum(entry[0] < self.latest for entry in ready)
        self.latest = max(self.latest, ready[-1][0])
        self.write(b"".join([entry[1] for entry in ready]))
        del held[: len(ready)]


def ahead() -> int:
    """How far the clock is ahead of the one that nobody can set, ns. Whoever is kept waiting between the two readings finds less."""
    return max(time.time_ns() - time.monotonic_ns() for _ in range(3))


def set_meanwhile(before: int, wires: "list[Wire]", outlet: "Outlet", held: list[Held]) -> int:
    """How far ahead the clock is now. If it was set: say so, and let what came before it out, lest it wait for its time to come."""
    now = ahead()
    if abs(now - before) < HOLD:
        return before
    say("stepped", now - before)
    if held:
        outlet.release(held, FOREVER)
    outlet.latest = 0
    for wire in wires:
        wire.latest = 0
    return now


def say(*words: object) -> None:
    """A control line."""
    os.write(2, (" ".join(map(str, words)) + "\n").encode())


def listen(wires: list[Wire], outlet: Outlet, stop: tuple[int, ...]) -> None:
    """Copy frames until a descriptor of `stop` has something, and then until every marker was read back."""
    poll = select.poll()
    for descriptor in (*stop, *(wire.socket.fileno() for wire in wires)):
        poll.register(descriptor, select.POLLIN)
    held: list[Held] = []
    deadline, clock = 0.0, ahead()
    while not deadline or (time.monotonic() < deadline and any(wire.listening for wire in wires)):
        ready = poll.poll(HOLD // 1_000_000 if held or deadline else None)
        clock = set_meanwhile(clock, wires, outlet, held)
        horizon = time.time_ns()
        behind = [wire for wire in wires if wire.listening and not wire.read(held)]
        if held and (held[0][0] < horizon - 2 * HOLD or len(held) >= BATCH):
            outlet.release(held, min([horizon, *(wire.latest for wire in behind)]) - HOLD)
        if not deadline and any(descriptor in stop for descriptor, _ in ready):
            for descriptor in stop:
                poll.unregister(descriptor)
            for wire in wires:
                wire.mark()
            deadline = time.monotonic() + MARKER_LIMIT
        elif deadline and behind:
            deadline = time.monotonic() + MARKER_LIMIT  # a marker stands at the end of a long queue
    if held:
        outlet.release(held, FOREVER)


def stop_signals() -> int:
    """A descriptor that has something to read once SIGTERM or SIGINT came. (A first process has no default for them.)"""
    waking, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.set_wakeup_fd(waker)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    return waking


def main(arguments: list[str]) -> None:
    """Listen, copy, count."""
    networks = [argument.partition("=")[::2] for argument in arguments]
    if not networks or not all(name and bridge for name, bridge in networks):
        raise Refused("usage", "tap.py NETWORK=BRIDGE ...")
    waking = stop_signals()
    wires = [Wire(number, name, bridge) for number, (name, bridge) in enumerate(networks)]
    started = time.time_ns()
    outlet = Outlet()
    outlet.write(b"".join(opening(wire.network for wire in wires)))
    say("since", time.time_ns())
    say("listening")
    listen(wires, outlet, stop=(0, waking))
    for wire in wires:
        received, dropped = wire.counts()
        outlet.write(statistics(wire.number, started, time.time_ns(), received, dropped))
        say("count", wire.network, received, dropped)
    say("flushed", outlet.bytes, outlet.late)


if __name__ == "__main__":
    gc.disable()  # nothing here is circular, and each collection would cost milliseconds in the middle of a burst
    try:
        main(sys.argv[1:])
    except Refused as refusal:
        say("error", *refusal.args)
        sys.exit(1)
    except BrokenPipeError:  # nobody reads any more
        sys.exit(1)
