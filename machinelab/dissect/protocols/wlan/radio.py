"""The radiotap header: what a radio noted of a frame. radiotap.org, "Radiotap", "Defined fields"."""

from ....model import Field
from ...bits import bits
from ...core import Raw, Short, View

PRESENT = (
    ("tsft", 1 << 0, bool), ("flags", 1 << 1, bool), ("rate", 1 << 2, bool), ("channel", 1 << 3, bool), ("fhss", 1 << 4, bool),
    ("dbm_antsignal", 1 << 5, bool), ("dbm_antnoise", 1 << 6, bool), ("lock_quality", 1 << 7, bool),
    ("tx_attenuation", 1 << 8, bool), ("db_tx_attenuation", 1 << 9, bool), ("dbm_tx_power", 1 << 10, bool),
    ("antenna", 1 << 11, bool), ("db_antsignal", 1 << 12, bool), ("db_antnoise", 1 << 13, bool), ("rxflags", 1 << 14, bool),
    ("txflags", 1 << 15, bool), ("data_retries", 1 << 17, bool), ("xchannel", 1 << 18, bool), ("mcs", 1 << 19, bool),
    ("ampdu", 1 << 20, bool), ("vht", 1 << 21, bool), ("timestamp", 1 << 22, bool), ("he", 1 << 23, bool),
    ("he_mu", 1 << 24, bool), ("0_length.psdu", 1 << 26, bool), ("l_sig", 1 << 27, bool), ("reserved", 1 << 25, int),
    ("tlv", 1 << 28, bool), ("rtap_ns", 1 << 29, bool), ("vendor_ns", 1 << 30, bool), ("ext", 1 << 31, bool),
)  # fmt: skip
FLAGS = (
    ("cfp", 0x01, bool), ("preamble", 0x02, bool), ("wep", 0x04, bool), ("frag", 0x08, bool), ("fcs", 0x10, bool),
    ("datapad", 0x20, bool), ("badfcs", 0x40, bool), ("shortgi", 0x80, bool),
)  # fmt: skip
RX_FLAGS = (("badplcp", 0x02, bool),)
CHECKED = 0x10  # the frame check sequence is there
# What comes first, by its bit: name (none: passed over), size and alignment in bytes, whether it has a sign.
VALUES: tuple[tuple[str, int, int, bool], ...] = (
    ("mactime", 8, 8, False), ("flags", 1, 1, False), ("datarate", 1, 1, False), ("channel", 4, 2, False),
    ("", 2, 2, False), ("dbm_antsignal", 1, 1, True), ("dbm_antnoise", 1, 1, True), ("quality", 2, 2, False),
    ("tx_attenuation", 2, 2, False), ("db_tx_attenuation", 2, 2, False), ("txpower", 1, 1, True), ("antenna", 1, 1, False),
    ("db_antsignal", 1, 1, False), ("db_antnoise", 1, 1, False), ("rxflags", 2, 2, False),
)  # fmt: skip
MORE = 1 << 31


def dissect(view: View, start: int, stop: int) -> tuple[int, bool]:
    """The header; gives where the frame begins, and whether a frame check sequence ends it."""
    view.protocols.append("radiotap")
    if stop - start < 8:
        raise Short
    data, buffer, at, group = view.data, view.buffer, start, "radiotap"
    length, present = data[at + 2] | data[at + 3] << 8, int.from_bytes(data[at + 4 : at + 8], "little")
    end = at + length
    if length < 8 or end > stop:
        raise Short
    view.out += (
        Field("radiotap", "", at, end, buffer, 0, group),
        Field("radiotap.version", data[at], at, at + 1, buffer, 0, group),
        Field("radiotap.pad", data[at + 1], at + 1, at + 2, buffer, 0, group),
        Field("radiotap.length", length, at + 2, at + 4, buffer, 0, group),
        Field("radiotap.present", "", at + 4, at + 8, buffer, 0, group),
        Field("radiotap.present.word", present, at + 4, at + 8, buffer, 0, f"{group}/Present"),
        *bits("radiotap.present", present, PRESENT, at + 4, at + 8, buffer, f"{group}/Present"),
    )
    return end, _values(view, at, end, present)


def _values(view: View, start: int, stop: int, present: int) -> bool:
    """The first few values; those behind them are passed over."""
    data, at, word, checked = view.data, start + 8, present, False
    while word & MORE:  # further words say what further antennas heard
        if stop - at < 4:
            raise Short
        word, at = int.from_bytes(data[at : at + 4], "little"), at + 4
    for bit, (name, size, alignment, signed) in enumerate(VALUES):
        if not present >> bit & 1:
            continue
        at += -(at - start) % alignment
        if at + size > stop:
            raise Short
        view.out += _value(name, data[at : at + size], at, view.buffer, signed)
        checked |= name == "flags" and bool(data[at] & CHECKED)
        at += size
    return checked


def _value(name: str, octets: bytes, at: int, buffer: str, signed: bool) -> list[Raw]:
    value, stop, group = int.from_bytes(octets, "little", signed=signed), at + len(octets), "radiotap"
    if name == "channel":
        return [
            ("radiotap.channel.freq", value & 0xFFFF, at, at + 2, buffer, 0, group),
            ("radiotap.channel.flags", value >> 16, at + 2, stop, buffer, 0, group),
        ]
    shown = value / 2 if name == "datarate" else value  # in units of 500 kb/s
    found: list[Raw] = [(f"radiotap.{name}", shown, at, stop, buffer, 0, group)] if name else []
    if name == "flags":
        found += bits("radiotap.flags", value, FLAGS, at, stop, buffer, f"{group}/Flags")
    elif name == "rxflags":
        found += bits("radiotap.rxflags", value, RX_FLAGS, at, stop, buffer, f"{group}/RX flags")
    return found
