"""What the first pass needs of an IP header: the addresses, what is inside, and whether it is a fragment."""

from _socket import inet_ntoa  # all that `socket` adds takes 5 ms at the start
from ipaddress import IPv6Address
from typing import NamedTuple

# RFC 8200 §4: headers that say "next" in their first byte and their own length in the second.
EXTENSIONS = {0, 43, 60, 135, 139, 140}
FRAGMENT, AUTHENTICATION, NOTHING = 44, 51, 59


class Packet(NamedTuple):
    """An IP packet: `proto` stands at `start`:`stop`; `addresses` are both, as bytes; `ident` is −1 if it is whole.

    `missing` is how many bytes of it the capture did not keep.
    """

    proto: int
    start: int
    stop: int
    addresses: bytes
    ident: int = -1
    offset: int = 0
    more: bool = False
    missing: int = 0


def ipv4(data: bytes, at: int, end: int) -> Packet | None:
    """RFC 791 §3.1. None if there is no whole header."""
    if end - at < 20:
        return None
    size = (data[at] & 15) * 4
    length = data[at + 2] << 8 | data[at + 3]
    start = at + size
    # A length of 0 is what segmentation offload leaves in a capture.
    stop = min(end, at + length) if length else end
    if size < 20 or start > stop:
        return None
    fragment = data[at + 6] << 8 | data[at + 7]
    addresses, missing = data[at + 12 : at + 20], max(0, at + length - end)
    # The first fragment, not all of it there, is never put together: Wireshark reads it as it is (IPv6's it does not).
    if fragment & 0x3FFF and (fragment & 0x1FFF or not missing):
        ident, offset = data[at + 4] << 8 | data[at + 5], (fragment & 0x1FFF) * 8
        return Packet(data[at + 9], start, stop, addresses, ident, offset, bool(fragment & 0x2000), missing)
    return Packet(data[at + 9], start, stop, addresses, -1, 0, False, missing)


def ipv6(data: bytes, at: int, end: int) -> Packet | None:
    """RFC 8200 §3, §4: past the extension headers. None if there is no whole header."""
    if end - at < 40:
        return None
    addresses = data[at + 8 : at + 40]
    length = data[at + 4] << 8 | data[at + 5]
    stop = min(end, at + 40 + length) if length else end
    packet = upper(data, data[at + 6], at + 40, stop, addresses)
    missing = at + 40 + length - end
    return packet._replace(missing=missing) if missing > 0 else packet


def upper(data: bytes, proto: int, start: int, stop: int, addresses: bytes) -> Packet:
    """Past the extension headers from `start` on; a fragment's payload is where the walk ends."""
    while True:
        if proto in EXTENSIONS and start + 8 <= stop:
            proto, start = data[start], start + 8 + data[start + 1] * 8
        elif proto == AUTHENTICATION and start + 8 <= stop:
            proto, start = data[start], start + 8 + data[start + 1] * 4
        elif proto == FRAGMENT and start + 8 <= stop:
            flags = data[start + 2] << 8 | data[start + 3]
            ident = int.from_bytes(data[start + 4 : start + 8], "big")
            if flags & 0xFFF9:
                return Packet(data[start], start + 8, stop, addresses, ident, flags & 0xFFF8, bool(flags & 1))
            proto, start = data[start], start + 8
        else:
            return Packet(proto, min(start, stop), stop, addresses)


class Addresses:
    """The numbers of address pairs (`ip.stream`, `ipv6.stream`), and the addresses as text."""

    def __init__(self) -> None:
        self._pairs: dict[bytes, tuple[int, str, str]] = {}
        self._counts = {8: 0, 32: 0}

    def find(self, addresses: bytes) -> tuple[int, str, str]:
        """The pair's number, whichever way round, and source and destination as text."""
        found = self._pairs.get(addresses)
        if found is None:
            half = len(addresses) // 2
            src, dst = addresses[:half], addresses[half:]
            number = self._counts[len(addresses)]
            self._counts[len(addresses)] += 1
            found = number, _text(src), _text(dst)
            self._pairs[dst + src] = number, found[2], found[1]
            self._pairs[addresses] = found
        return found


def _text(address: bytes) -> str:
    return inet_ntoa(address) if len(address) == 4 else str(IPv6Address(address))
