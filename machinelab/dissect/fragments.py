"""IP datagrams put together from their fragments: RFC 791 §3.2, RFC 8200 §4.5."""

from dataclasses import dataclass, field

from ..model import Field
from .core import PacketInfo, Piece, Reassembly, View

LIMIT = 4096  # datagrams that may be unfinished at a time; the oldest is given up first
LONGEST = 65_535


@dataclass(slots=True)
class _Open:
    reassembly: Reassembly = field(default_factory=Reassembly)
    parts: list[tuple[int, int, bytes]] = field(default_factory=list)
    size: int = 0
    total: int = -1


class Fragments:
    """The datagrams that are not complete yet, by addresses, identification and protocol."""

    def __init__(self) -> None:
        self._open: dict[tuple[object, ...], _Open] = {}

    def add(
        self, key: tuple[object, ...], info: PacketInfo, offset: int, more: bool, payload: bytes
    ) -> Reassembly:
        """Take a fragment. The result is shared by the packets of all fragments and fills when the last one is there."""
        held = self._open.get(key)
        if held is None:
            if len(self._open) >= LIMIT:
                del self._open[next(iter(self._open))]
            held = self._open[key] = _Open()
        held.size += len(payload)
        if offset + len(payload) <= LONGEST and held.size <= 4 * LONGEST:
            held.parts.append((offset, info.number, payload))
        if not more:
            held.total = offset + len(payload)
        if held.total >= 0:
            _join(held, info.number)
            if held.reassembly.at:
                del self._open[key]
        return held.reassembly


def _join(held: _Open, number: int) -> None:
    """Fill the datagram if no byte is missing; where fragments overlap, the one that begins first has its way."""
    data, pieces = bytearray(), []
    for offset, frame, payload in sorted(held.parts):
        if offset > len(data):
            return
        pieces.append(Piece(frame, offset, len(payload)))
        data += payload[len(data) - offset :]
    if len(data) >= held.total:
        held.reassembly.data = bytes(data[: held.total])
        held.reassembly.pieces = pieces
        held.reassembly.at = number


def show(view: View, layer: str, at: int) -> View | None:
    """The fields that say how the datagram was put together; its own buffer, if this frame completes it."""
    info = view.info
    whole = info.reassembly
    if whole is None or not whole.at:
        return None
    if whole.at != info.number:
        name = "ip.reassembled_in" if layer == "ip" else "ipv6.reassembled.in"
        view.add(Field(name, whole.at, at, at, view.buffer, 0, layer))
        return None
    name = "Reassembled IPv4" if layer == "ip" else "Reassembled IPv6"
    inner = view.enter(whole.data, name)
    name, group, size = inner.buffer, f"{layer}/Fragments", len(whole.data)
    inner.add(Field(f"{layer}.fragments", "", 0, size, name, 0, group))
    known = 0
    for frame, offset, length in whole.pieces:
        inner.add(Field(f"{layer}.fragment", frame, offset, offset + length, name, 0, group))
        if offset < known:
            inner.add(Field(f"{layer}.fragment.overlap", True, 0, 0, name, 0, group))
        known = max(known, offset + length)
    inner.add(Field(f"{layer}.fragment.count", len(whole.pieces), 0, 0, name, 0, group))
    inner.add(Field(f"{layer}.reassembled.length", size, 0, 0, name, 0, group))
    inner.add(Field(f"{layer}.reassembled.data", whole.data, 0, size, name, 0, group))
    return inner
