"""Logical link control: IEEE 802.2 (ISO 8802-2) §3, and the SNAP header of IEEE 802 §10."""

from ....model import Field
from ...bits import bits
from ...core import Layer, Short, View
from ...data import dissect as rest
from ...layers import by_ethertype
from ...links import IPV4, LLC

SNAP, IP = 0xAA, 0x06
ETHERNET, BRIDGED_TUNNEL, CISCO = (
    0x000000,
    0x0000F8,
    0x00000C,
)  # the OUI: the organization that assigned the protocol number
SUPERVISORY = (("control.s_ftype", 0x0C, int), ("control.ftype", 0x03, int))


def dissect(view: View, start: int, stop: int) -> None:
    """The two service access points and the control field, then what SNAP or the access point says."""
    view.protocols.append("llc")
    if stop - start < 3:
        raise Short
    data, buffer, at = view.data, view.buffer, start
    snap = data[at] == SNAP and data[at + 1] & 0xFE == SNAP
    wide = data[at + 2] & 3 != 3
    head = at + (4 if wide else 3)
    end = head + 5 if snap else head
    view.out += (
        Field("llc", "", at, min(end, stop), buffer, 0, "llc"),
        Field("llc.dsap", data[at], at, at + 1, buffer, 0, "llc"),
        *bits("llc.dsap", data[at], (("sap", 0xFE, int), ("ig", 0x01, bool)), at, at + 1, buffer, "llc"),
        Field("llc.ssap", data[at + 1], at + 1, at + 2, buffer, 0, "llc"),
        *bits(
            "llc.ssap", data[at + 1], (("sap", 0xFE, int), ("cr", 0x01, bool)), at + 1, at + 2, buffer, "llc"
        ),
    )
    _control(view, at + 2, head, bool(data[at + 1] & 1))
    if end > stop:
        raise Short
    if snap:
        _snap(view, head, stop)
    elif data[at] == IP:
        by_ethertype(view, IPV4, end, stop)
    else:
        rest(view, end, stop)


def _control(view: View, at: int, stop: int, reply: bool) -> None:
    """One byte of an unnumbered frame, two of the others (IEEE 802.2 §5.3)."""
    if stop > len(view.data):
        raise Short
    value, buffer, group = int.from_bytes(view.data[at:stop], "little"), view.buffer, "llc/Control"
    view.add(Field("llc.control", value, at, stop, buffer, 0, group))
    if stop - at == 2:
        return
    table: list[tuple[str, int, type]] = [(f"control.u_modifier_{'resp' if reply else 'cmd'}", 0xEC, int)]
    if value & 0x10:
        table.insert(0, ("control.f" if reply else "control.p", 0x10, bool))
    view.out += bits("llc", value, (*table, ("control.ftype", 0x03, int)), at, stop, buffer, group)


def _snap(view: View, at: int, stop: int) -> None:
    """The organization that assigned the protocol number, and the number."""
    data, buffer = view.data, view.buffer
    oui, kind = int.from_bytes(data[at : at + 3], "big"), data[at + 3] << 8 | data[at + 4]
    view.add(Field("llc.oui", oui, at, at + 3, buffer, 0, "llc"))
    if oui in (ETHERNET, BRIDGED_TUNNEL):
        view.add(Field("llc.type", kind, at + 3, at + 5, buffer, 0, "llc"))
        by_ethertype(view, kind, at + 5, stop)
        return
    name = "llc.cisco_pid" if oui == CISCO else "llc.pid"
    view.add(Field(name, kind, at + 3, at + 5, buffer, 0, "llc"))
    rest(view, at + 5, stop)


def carries(data: bytes, start: int, stop: int) -> tuple[int, int]:
    """The Ethernet type that SNAP gives, or IP by its own access point."""
    if stop - start >= 8 and data[start] == SNAP and data[start + 2] & 3 == 3:
        if int.from_bytes(data[start + 3 : start + 6], "big") in (ETHERNET, BRIDGED_TUNNEL):
            return data[start + 6] << 8 | data[start + 7], start + 8
    elif stop - start >= 3 and data[start] == IP:
        return IPV4, start + 3
    return -1, stop


LAYERS = (Layer("llc", dissect, ethertypes=(LLC,), carries=carries),)
