"""IEEE 802.11 frames (IEEE 802.11-2020 §9.2, §9.3) and what a radio noted before them (radiotap.org)."""

from ....model import Field
from ...bits import bits
from ...core import Layer, Raw, Short, View
from ...data import dissect as rest
from ...layers import by_ethertype
from ...links import LLC, wlan_header
from .radio import dissect as radio

MANAGEMENT, CONTROL, DATA = 0, 1, 2
CONTROL_FIRST = (("fc.version", 0x03, int), ("fc.type", 0x0C, int), ("fc.subtype", 0xF0, int))
FLAGS = (
    ("ds", 0x03, int), ("tods", 0x01, bool), ("fromds", 0x02, bool), ("frag", 0x04, bool), ("retry", 0x08, bool),
    ("pwrmgt", 0x10, bool), ("moredata", 0x20, bool), ("protected", 0x40, bool), ("order", 0x80, bool),
)  # fmt: skip
# By the two bits that say whether it goes to or comes from the distribution system: what the addresses are (table 9-30).
ROLES = {
    0: (("ra", "da"), ("ta", "sa"), ("bssid",)),
    1: (("ra", "bssid"), ("ta", "sa"), ("da",)),
    2: (("ra", "da"), ("ta", "bssid"), ("sa",)),
    3: (("ra",), ("ta",), ("da",), ("sa",)),
}
TWO = (8, 9, 10, 11, 14, 15)  # control frames with a second address
PROTECTED, QOS, NO_DATA = 0x40, 0x8, 0x4


def tapped(view: View, start: int, stop: int) -> None:
    """The radio's notes, then the frame."""
    end, checked = radio(view, start, stop)
    view.protocols.append("wlan_radio")
    dissect(view, end, stop - 4 if checked and stop - end >= 14 else stop)


def dissect(view: View, start: int, stop: int) -> None:
    """Frame control, duration, addresses; then, of data that is not encrypted, what is inside."""
    view.protocols.append("wlan")
    if stop - start < 10:
        raise Short
    data, buffer, at = view.data, view.buffer, start
    kind, subtype, flags = data[at] >> 2 & 3, data[at] >> 4, data[at + 1]
    place = len(view.out)
    view.out += _control(data, at, buffer, kind, subtype, flags)
    end = _addresses(view, at, stop, kind, subtype, flags)
    view.out.insert(place, ("wlan", "", at, end, buffer, 0, "wlan"))
    if kind != DATA or subtype & NO_DATA:
        return
    if flags & PROTECTED:
        rest(view, min(end + 8, stop), stop)  # behind the numbers that its key goes with
    else:
        by_ethertype(view, LLC, end, stop)


def _control(data: bytes, at: int, buffer: str, kind: int, subtype: int, flags: int) -> list[Raw]:
    group, one, two = "wlan/Frame Control", at + 1, at + 2
    letters = zip("opmPRMFT", (0x80, 0x40, 0x20, 0x10, 0x08, 0x04, 0x02, 0x01), strict=True)
    return [
        ("wlan.fc.type_subtype", kind << 4 | subtype, at, one, buffer, 0, group),
        ("wlan.fc", data[at] << 8 | flags, at, two, buffer, 0, group),
        *bits("wlan", data[at], CONTROL_FIRST, at, one, buffer, group),
        ("wlan.flags", flags, one, two, buffer, 0, group),
        *bits("wlan.fc", flags, FLAGS, one, two, buffer, group),
        (
            "wlan.flags.str",
            "".join(letter if flags & mask else "." for letter, mask in letters),
            at,
            at,
            buffer,
            0,
            group,
        ),
        ("wlan.duration", (data[two] | data[at + 3] << 8) & 0x7FFF, two, at + 4, buffer, 0x7FFF, "wlan"),
    ]


def _addresses(view: View, at: int, stop: int, kind: int, subtype: int, flags: int) -> int:
    """The addresses with sequence control and QoS control; returns where the header ends."""
    if kind == CONTROL:
        second = subtype in TWO and stop - at >= 16
        for roles, place in ((("ra",), at + 4), *(((("ta",), at + 10),) if second else ())):
            _address(view, roles, place)
        return at + (16 if second else 10)
    size = wlan_header(view.data, at, stop) if kind == DATA else 24
    if stop - at < 24 or size > stop - at:
        raise Short
    roles = ROLES[flags & 3]
    for names, place in zip(roles, (at + 4, at + 10, at + 16, at + 24), strict=False):
        _address(view, names, place)
    if kind == DATA and flags & 3 in (1, 2):
        _names(view, "staa", at + 10 if flags & 3 == 1 else at + 4)
    number = view.data[at + 22] | view.data[at + 23] << 8
    view.out += bits(
        "wlan", number, (("frag", 0x0F, int), ("seq", 0xFFF0, int)), at + 22, at + 24, view.buffer, "wlan"
    )
    if kind == DATA and subtype & QOS:
        place = at + (30 if flags & 3 == 3 else 24)
        value, buffer = view.data[place] | view.data[place + 1] << 8, view.buffer
        view.add(Field("wlan.qos", value, place, place + 2, buffer, 0, "wlan/QoS"))
        table = (("tid", 0x0F, int), ("priority", 0x07, int))
        view.out += bits("wlan.qos", value, table, place, place + 2, buffer, "wlan/QoS")
    return at + size


def _address(view: View, roles: tuple[str, ...], at: int) -> None:
    for role in roles:
        _names(view, role, at)
    _names(view, "addr", at)


def _names(view: View, role: str, at: int) -> None:
    octets, buffer, group = view.data[at : at + 6], view.buffer, "wlan"
    view.add(Field(f"wlan.{role}", octets.hex(":"), at, at + 6, buffer, 0, group))


LAYERS = (
    Layer("radiotap", tapped, links=(127,)),
    Layer("wlan", dissect, links=(105,)),
)
