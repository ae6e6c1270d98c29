"""IPv4's options: RFC 791 §3.1; router alert RFC 2113. Of obsolete options: name, type and length."""

from _socket import inet_ntoa
from collections.abc import Callable

from ...core import View

END, NOTHING = 0, 1
ADDRESSED = (1, 3)  # flags of a timestamp option with an address before each time

Reader = Callable[[View, int, int, str], None]


def dissect(view: View, start: int, stop: int) -> None:
    """Each option, up to the end of the list or the first that reaches beyond it."""
    data, at, number = view.data, start, 0
    while at < stop:
        number += 1
        kind, group = data[at], f"ip/Options/{number}"
        single = kind in (END, NOTHING)
        size = 1 if single else data[at + 1] if at + 1 < stop else 0
        if at + size > stop or size < (1 if single else 2):
            return
        name, least, read = OPTIONS.get(kind, ("", 2, None))
        if name and size >= least:
            _head(view, name, kind, at, size, group)
            if read is not None:
                read(view, at + 2, at + size, group)
        if kind == END:
            return
        at += size


def _head(view: View, name: str, kind: int, at: int, size: int, group: str) -> None:
    buffer = view.buffer
    view.out += (
        (f"ip.options.{name}", view.data[at : at + size], at, at + size, buffer, 0, group),
        ("ip.opt.type", kind, at, at + 1, buffer, 0, group),
        ("ip.opt.type.copy", bool(kind & 0x80), at, at + 1, buffer, 0x80, group),
        ("ip.opt.type.class", kind >> 5 & 3, at, at + 1, buffer, 0x60, group),
        ("ip.opt.type.number", kind & 31, at, at + 1, buffer, 0x1F, group),
    )
    if kind not in (END, NOTHING):
        view.add(("ip.opt.len", size, at + 1, at + 2, buffer, 0, group))


def _number(name: str) -> Reader:
    def read(view: View, at: int, stop: int, group: str) -> None:
        value = int.from_bytes(view.data[at : at + 2], "big")
        view.add((name, value, at, at + 2, view.buffer, 0, group))

    return read


def _recorded(view: View, at: int, stop: int, group: str) -> None:
    """The addresses of the routers so far; behind the pointer there is room for more."""
    pointer, buffer = view.data[at], view.buffer
    view.add(("ip.opt.ptr", pointer, at, at + 1, buffer, 0, group))
    for place in range(at + 1, stop - 3, 4):
        name = "ip.rec_rt" if place - at + 3 < pointer else "ip.empty_rt"
        view.add((name, inet_ntoa(view.data[place : place + 4]), place, place + 4, buffer, 0, group))


def _pointer(view: View, at: int, stop: int, group: str) -> None:
    view.add(("ip.opt.ptr", view.data[at], at, at + 1, view.buffer, 0, group))


def _timestamps(view: View, at: int, stop: int, group: str) -> None:
    """When routers saw it, in ms since midnight UT, and maybe which: as many as there was room for, the others counted."""
    data, buffer = view.data, view.buffer
    flag = data[at + 1] & 15
    view.out += (
        ("ip.opt.ptr", data[at], at, at + 1, buffer, 0, group),
        ("ip.opt.overflow", data[at + 1] >> 4, at + 1, at + 2, buffer, 0xF0, group),
        ("ip.opt.flag", flag, at + 1, at + 2, buffer, 0x0F, group),
    )
    place = at + 2
    while place + (8 if flag in ADDRESSED else 4) <= stop:
        if flag in ADDRESSED:
            address = inet_ntoa(data[place : place + 4])
            view.add(("ip.opt.time_stamp_addr", address, place, place + 4, buffer, 0, group))
            place += 4
        value = int.from_bytes(data[place : place + 4], "big")
        view.add(("ip.opt.time_stamp", value, place, place + 4, buffer, 0, group))
        place += 4


# Type → name, least length, what reads its value.
OPTIONS: dict[int, tuple[str, int, Reader | None]] = {
    END: ("eol", 1, None),
    NOTHING: ("nop", 1, None),
    7: ("record_route", 3, _recorded),
    25: ("qs", 8, None),
    68: ("timestamp", 4, _timestamps),
    82: ("traceroute", 12, None),
    130: ("security", 3, None),
    131: ("route", 3, _pointer),
    136: ("sid", 4, _number("ip.opt.sid")),
    137: ("source_route", 3, _pointer),
    148: ("routeralert", 4, _number("ip.opt.ra")),
}
