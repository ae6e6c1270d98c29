"""TCP's options: RFC 9293 §3.2, RFC 7323 (window scale, timestamps), RFC 2018 (SACK), RFC 7413 (Fast Open),
RFC 2385 (MD5), RFC 5925 (TCP-AO), RFC 5482 (user timeout), RFC 9768 (Accurate ECN).
"""

import struct
from collections.abc import Callable

from ....model import Field
from ...core import View
from .multipath import dissect as multipath

Option = Callable[[View, int, int, str], None]
GROUP = "tcp/Options"
MULTIPATH = 30
USUAL = b"\x01\x01\x08\x0a"
TIMESTAMPS = struct.Struct("!II")
NUMBERED = f"{GROUP}/1", f"{GROUP}/2", f"{GROUP}/3"


def dissect(view: View, start: int, stop: int) -> None:
    """Each option: its bytes, kind, length and value."""
    data, buffer, at, number = view.data, view.buffer, start, 0
    view.add(("tcp.options", data[start:stop], start, stop, buffer, 0, GROUP))
    if stop - start == 12 and data[start : start + 4] == USUAL:
        _usual(view, start)
        return
    while at < stop:
        number += 1
        kind, group = data[at], f"{GROUP}/{number}"
        name, least, read = OPTIONS.get(kind, ("unknown", 2, _unknown))
        if kind < 2:
            view.add((f"tcp.options.{name}", data[at : at + 1], at, at + 1, buffer, 0, group))
            view.add(("tcp.option_kind", kind, at, at + 1, buffer, 0, group))
            at += 1
            continue
        size = data[at + 1] if at + 1 < stop else 0
        if size < 2 or at + size > stop:
            return
        if kind != MULTIPATH:  # which has no field of its own in Wireshark, but a protocol
            view.add((f"tcp.options.{name}", data[at : at + size], at, at + size, buffer, 0, group))
        view.out += (
            ("tcp.option_kind", kind, at, at + 1, buffer, 0, group),
            ("tcp.option_len", size, at + 1, at + 2, buffer, 0, group),
        )
        if read is not None and size >= least:
            read(view, at + 2, at + size, group)
        at += size


def _usual(view: View, at: int) -> None:
    """Two fillers and the timestamps, which nearly every segment has and nothing else: a third of the general way's cost."""
    data, buffer = view.data, view.buffer
    sent, echoed = TIMESTAMPS.unpack_from(data, at + 4)
    one, two, three = NUMBERED
    four, stop = at + 4, at + 12
    view.out += (
        ("tcp.options.nop", b"\x01", at, at + 1, buffer, 0, one),
        ("tcp.option_kind", 1, at, at + 1, buffer, 0, one),
        ("tcp.options.nop", b"\x01", at + 1, at + 2, buffer, 0, two),
        ("tcp.option_kind", 1, at + 1, at + 2, buffer, 0, two),
        ("tcp.options.timestamp", data[at + 2 : stop], at + 2, stop, buffer, 0, three),
        ("tcp.option_kind", 8, at + 2, at + 3, buffer, 0, three),
        ("tcp.option_len", 10, at + 3, four, buffer, 0, three),
        ("tcp.options.timestamp.tsval", sent, four, at + 8, buffer, 0, three),
        ("tcp.options.timestamp.tsecr", echoed, at + 8, stop, buffer, 0, three),
    )


def _uint(view: View, name: str, at: int, size: int, group: str) -> int:
    value = int.from_bytes(view.data[at : at + size], "big")
    view.add((f"tcp.options.{name}", value, at, at + size, view.buffer, 0, group))
    return value


def _mss(view: View, at: int, stop: int, group: str) -> None:
    _uint(view, "mss_val", at, 2, group)


def _scale(view: View, at: int, stop: int, group: str) -> None:
    shift = _uint(view, "wscale.shift", at, 1, group)
    view.add(Field("tcp.options.wscale.multiplier", 1 << min(shift, 14), at, at + 1, view.buffer, 0, group))


def _sack(view: View, at: int, stop: int, group: str) -> None:
    """Edges count from the start of the other direction, whose data they are about."""
    flow = None if view.quoted else view.info.flow
    base = flow.stream.bases.get(flow.other.name, 0) if flow is not None and flow.other is not None else 0
    count = (stop - at) // 8
    for place in range(at, at + 8 * count, 8):
        for name, edge in (("sack_le", place), ("sack_re", place + 4)):
            value = int.from_bytes(view.data[edge : edge + 4], "big") - base & 0xFFFFFFFF
            view.add(Field(f"tcp.options.{name}", value, edge, edge + 4, view.buffer, 0, group))
    view.add(Field("tcp.options.sack.count", count, stop, stop, view.buffer, 0, group))
    _duplicate_sack(view, at, count, base, group)


def _duplicate_sack(view: View, at: int, count: int, base: int, group: str) -> None:
    """The first block is a D-SACK (it reports bytes that arrived twice) if it lies below the acknowledgement or in the second: RFC 2883 §5."""
    blocks = [
        [int.from_bytes(view.data[edge : edge + 4], "big") - base & 0xFFFFFFFF for edge in (place, place + 4)]
        for place in range(at, at + 8 * min(count, 2), 8)
    ]
    ack = next((item[1] for item in reversed(view.out) if item[0] == "tcp.ack"), 0)
    if not blocks or not isinstance(ack, int):
        return
    (left, right), inside = blocks[0], blocks[-1] if count > 1 else (0, 0)
    if left < ack or inside[0] <= left < right <= inside[1]:
        view.out += (
            Field("tcp.options.sack.dsack", "", group=group),
            Field("tcp.options.sack.dsack_le", left, at, at + 4, view.buffer, 0, group),
            Field("tcp.options.sack.dsack_re", right, at + 4, at + 8, view.buffer, 0, group),
        )


def _timestamps(view: View, at: int, stop: int, group: str) -> None:
    _uint(view, "timestamp.tsval", at, 4, group)
    _uint(view, "timestamp.tsecr", at + 4, 4, group)


def _fast_open(view: View, at: int, stop: int, group: str) -> None:
    if stop == at:
        view.add(Field("tcp.options.tfo.request", "", at - 2, at, view.buffer, 0, group))
    else:
        view.add(Field("tcp.options.tfo.cookie", view.data[at:stop], at, stop, view.buffer, 0, group))


def _experiment(view: View, at: int, stop: int, group: str) -> None:
    """RFC 6994 §3. 0xf989 is Fast Open's, from before it had a number of its own (RFC 7413 §9)."""
    number = _uint(view, "experimental.exid", at, 2, group)
    if number == 0xF989:
        _fast_open(view, at + 2, stop, group)
    elif number in (0xACC0, 0xACC1):
        _accurate(view, at + 2, stop, group, number - 0xACC0)
    elif stop > at + 2:
        view.add(
            Field(
                "tcp.options.experimental.data", view.data[at + 2 : stop], at + 2, stop, view.buffer, 0, group
            )
        )


def _accurate(view: View, at: int, stop: int, group: str, order: int) -> None:
    """Accurate ECN's counters of bytes, three bytes each, as many as the option has: RFC 9768 §3.2.3."""
    names = ("ee1b", "eceb", "ee0b") if order else ("ee0b", "eceb", "ee1b")
    if stop - at in (0, 3, 6, 9):
        for name, place in zip(names, range(at, stop, 3), strict=False):
            _uint(view, f"acc_ecn.{name}", place, 3, group)


def _accurate_first(view: View, at: int, stop: int, group: str) -> None:
    _accurate(view, at, stop, group, 0)


def _accurate_second(view: View, at: int, stop: int, group: str) -> None:
    _accurate(view, at, stop, group, 1)


def _digest(view: View, at: int, stop: int, group: str) -> None:
    """A digest of the segment under a shared key: RFC 2385."""
    view.add(Field("tcp.options.md5.digest", view.data[at:stop], at, stop, view.buffer, 0, group))


def _authentication(view: View, at: int, stop: int, group: str) -> None:
    """TCP-AO: RFC 5925 §2.2."""
    _uint(view, "ao.keyid", at, 1, group)
    _uint(view, "ao.rnextkeyid", at + 1, 1, group)
    if stop > at + 2:
        view.add(Field("tcp.options.ao.mac", view.data[at + 2 : stop], at + 2, stop, view.buffer, 0, group))


def _user_timeout(view: View, at: int, stop: int, group: str) -> None:
    """In minutes, or in seconds: RFC 5482 §3.1."""
    value, buffer = view.data[at] << 8 | view.data[at + 1], view.buffer
    view.out += (
        Field("tcp.options.user_to_granularity", bool(value & 0x8000), at, at + 2, buffer, 0x8000, group),
        Field("tcp.options.user_to_val", value & 0x7FFF, at, at + 2, buffer, 0x7FFF, group),
    )


def _unknown(view: View, at: int, stop: int, group: str) -> None:
    if stop > at:
        view.add(Field("tcp.options.unknown.payload", view.data[at:stop], at, stop, view.buffer, 0, group))


# Kind → name, least length, what reads its value.
OPTIONS: dict[int, tuple[str, int, Option | None]] = {
    0: ("eol", 1, None),
    1: ("nop", 1, None),
    2: ("mss", 4, _mss),
    3: ("wscale", 3, _scale),
    4: ("sack_perm", 2, None),
    5: ("sack", 2, _sack),
    8: ("timestamp", 10, _timestamps),
    19: ("md5", 18, _digest),
    28: ("user_to", 4, _user_timeout),
    29: ("ao", 4, _authentication),
    30: ("mptcp", 3, multipath),
    34: ("tfo", 2, _fast_open),
    172: ("acc_ecn", 2, _accurate_first),
    174: ("acc_ecn", 2, _accurate_second),
    253: ("experimental", 4, _experiment),
    254: ("experimental", 4, _experiment),
}
