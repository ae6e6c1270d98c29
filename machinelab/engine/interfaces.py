"""The network interfaces of this machine, as Scapy finds them on Linux, macOS, BSD and Windows."""

import logging
import sys
from dataclasses import dataclass
from typing import Any

from ..errors import UsageError, nearest

LINKTYPE_RAW = 101  # IP and nothing below it; its number in files, where systems have several (12, 14)


@dataclass(frozen=True, slots=True)
class Interface:
    """One interface: the name to give it by, what the system says it is, whether it is up, its addresses."""

    name: str
    description: str
    up: bool
    addresses: tuple[str, ...]


def scapy_conf() -> Any:
    """Scapy's configuration, its interfaces and sockets loaded: half a second of a processor, so only where they are wanted."""
    from scapy.config import conf

    # Its warnings are for those who type Scapy; what concerns a capture is told as an error of ours.
    logging.getLogger("scapy").setLevel(logging.CRITICAL)
    import scapy.arch
    import scapy.layers.inet
    import scapy.layers.l2  # noqa: F401 - a socket asks which layer its frames begin with

    return conf


def interfaces() -> list[Interface]:
    """All there are at this moment, those that are up first, in the system's order."""
    known = scapy_conf().ifaces
    known.reload()  # Scapy keeps what it found first; containers come and go
    found = [
        Interface(
            dev.name,
            dev.description if dev.description != dev.name else "",
            bool(dev.is_valid()),
            (*dev.ips[4], *dev.ips[6]),
        )
        for dev in sorted(known.values(), key=lambda dev: dev.index)
        if not dev.dummy
    ]
    return sorted(found, key=lambda each: not each.up)


def names() -> list[str]:
    """The names alone, in a moment: for completion."""
    import socket

    if sys.platform == "win32":  # if_nameindex has other names there than people and Npcap use
        return [each.name for each in interfaces()]
    return [name for _, name in socket.if_nameindex()]


def default() -> str:
    """The interface with the way to the world, else the first that is up. Raises UsageError where there is none."""
    conf = scapy_conf()
    import scapy.route  # noqa: F401 - fills conf.route, by which conf.iface is found

    conf.ifaces.reload()
    if conf.iface is None:
        raise UsageError(
            "No network interface is up on this machine.",
            "Name one with -i; machinelab capture --interfaces lists them.",
        )
    return str(conf.iface.name)


def require(name: str) -> None:
    """Raises UsageError where there is no such interface, or it is down."""
    known = {each.name: each for each in interfaces()}
    if name not in known:
        there = f"There are: {', '.join(known)}."
        raise UsageError(f"There is no network interface {name!r}.", nearest(name, list(known)) or there)
    # The kernel lets a socket be bound to an interface that is down, and then has nothing for it.
    if sys.platform == "linux" and not scapy_conf().use_pcap and not known[name].up:
        raise UsageError(f"The network interface {name} is down.", f"Start it: sudo ip link set {name} up")


def link_type(sock: Any, name: str) -> int:
    """The link type (LINKTYPE_…) of what a Scapy socket reads. Raises UsageError where there is none for it."""
    from scapy.data import ARPHRD_TO_DLT

    if hasattr(sock, "pcap_fd"):
        found = sock.pcap_fd.datalink()
    elif sys.platform == "linux":
        found = ARPHRD_TO_DLT.get(sock.ins.getsockname()[3], -1)
    else:
        found = _bpf_link(sock)
    if found < 0:
        raise UsageError(
            f"The frames of {name} are of a kind that capture files have no name for.",
            "Choose another interface.",
        )
    return LINKTYPE_RAW if found in (12, 14) else int(found)


def _bpf_link(sock: Any) -> int:
    """BIOCGDLT (bpf(4)): the data link type of a BPF device."""
    import fcntl
    import struct

    from scapy.arch.bpf.consts import BIOCGDLT

    (found,) = struct.unpack("I", fcntl.ioctl(sock.bpf_fd, BIOCGDLT, struct.pack("I", 0)))
    return int(found)
