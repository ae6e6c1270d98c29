"""Ethernet II and 802.3 frames, with 802.1Q tags: IEEE 802.3 §3.2, 802.1Q §9.6."""

from functools import lru_cache

from ....model import Field
from ...core import Layer, Short, View
from ...layers import by_ethertype
from ...links import BRIDGED, LEAST_TYPE, LLC, bridged, typed
from ...trailer import dissect as trailer


def dissect(view: View, start: int, stop: int) -> None:
    """The two addresses and the type, then the payload of that type."""
    if stop - start < 14:
        view.protocols.append("eth")
        raise Short
    data = view.data
    ethertype = data[start + 12] << 8 | data[start + 13]
    if ethertype < LEAST_TYPE:
        _length(view, start, stop, ethertype)
        return
    view.protocols += ("eth", "ethertype")
    view.out.extend(_header(data[start : start + 14], start, view.buffer))
    _stream(view, start)
    by_ethertype(view, ethertype, start + 14, stop)


def _stream(view: View, start: int) -> None:
    """The pair's number: of the frame itself, or of one that a tunnel carries."""
    info, number = view.info, -1
    if start == 0 and view.buffer == "frame" and info.frame.source.link == 1:
        number = info.ethernet
    elif view.bridges < len(info.bridged):
        number = info.bridged[view.bridges]
        view.bridges += 1
    if number >= 0:
        view.add(("eth.stream", number, start, start, view.buffer, 0, "eth"))


@lru_cache(4096)
def _header(header: bytes, start: int, buffer: str) -> tuple[Field, ...]:
    return (
        Field("eth", "", start, start + 14, buffer, group="eth"),
        *address("dst", header[:6], start, buffer),
        *address("src", header[6:12], start + 6, buffer),
        Field("eth.type", header[12] << 8 | header[13], start + 12, start + 14, buffer, group="eth"),
    )


def address(name: str, octets: bytes, start: int, buffer: str) -> tuple[Field, ...]:
    """An address and its bits: `eth.<name>…`, and `eth.addr…`, which stand for either end."""
    group = "eth/Source" if name == "src" else "eth/Destination"
    stop, value, oui = start + 6, octets.hex(":"), int.from_bytes(octets[:3], "big")
    local, many = bool(octets[0] & 2), bool(octets[0] & 1)
    return (
        Field(f"eth.{name}", value, start, stop, buffer, group=group),
        Field(f"eth.{name}.oui", oui, start, start + 3, buffer, group=group),
        Field(f"eth.{name}.lg", local, start, start + 3, buffer, 0x020000, group),
        Field(f"eth.{name}.ig", many, start, start + 3, buffer, 0x010000, group),
        Field("eth.addr", value, start, stop, buffer, group=group),
        Field("eth.addr.oui", oui, start, start + 3, buffer, group=group),
        Field("eth.lg", local, start, start + 3, buffer, 0x020000, group),
        Field("eth.ig", many, start, start + 3, buffer, 0x010000, group),
    )


def _length(view: View, start: int, stop: int, length: int) -> None:
    """802.3: the two bytes are the payload's length; the LLC header inside names its protocol."""
    data = view.data
    view.protocols.append("eth")
    view.out.extend(_header(data[start : start + 14], start, view.buffer)[:-1])
    view.add(Field("eth.len", length, start + 12, start + 14, view.buffer, group="eth"))
    _stream(view, start)
    end = min(stop, start + 14 + length)
    by_ethertype(view, LLC, start + 14, end)
    trailer(view, end, stop)


def vlan(view: View, start: int, stop: int) -> None:
    """The tag: priority, drop eligibility, VLAN number; then the type of what is tagged."""
    if stop - start < 4:
        raise Short
    data, add, buffer = view.data, view.add, view.buffer
    tag = data[start] << 8 | data[start + 1]
    ethertype = data[start + 2] << 8 | data[start + 3]
    known = ethertype >= LEAST_TYPE
    view.protocols += ("vlan", "ethertype") if known else ("vlan",)
    two = start + 2
    add(Field("vlan", "", start, start + 4, buffer, group="vlan"))
    add(Field("vlan.priority", tag >> 13, start, two, buffer, 0xE000, "vlan"))
    add(Field("vlan.dei", bool(tag & 0x1000), start, two, buffer, 0x1000, "vlan"))
    add(Field("vlan.id", tag & 0xFFF, start, two, buffer, 0x0FFF, "vlan"))
    add(Field("vlan.etype" if known else "vlan.len", ethertype, two, start + 4, buffer, group="vlan"))
    by_ethertype(view, ethertype if known else LLC, start + 4, stop)


def provider(view: View, start: int, stop: int) -> None:
    """A provider's tag around a customer's: IEEE 802.1ad, now 802.1Q §9.6."""
    if stop - start < 4:
        raise Short
    data, add, buffer, group = view.data, view.add, view.buffer, "ieee8021ad"
    tag, ethertype = data[start] << 8 | data[start + 1], data[start + 2] << 8 | data[start + 3]
    view.protocols += (group, "ethertype")
    two = start + 2
    add(Field(group, "", start, start + 4, buffer, group=group))
    add(Field("ieee8021ad.priority", tag >> 13, start, start + 1, buffer, 0xE0, group))
    add(Field("ieee8021ad.dei", tag >> 12 & 1, start, start + 1, buffer, 0x10, group))
    add(Field("ieee8021ad.id", tag & 0xFFF, start, two, buffer, 0x0FFF, group))
    add(Field("ieee8021ah.etype", ethertype, two, start + 4, buffer, group=group))
    by_ethertype(view, ethertype, start + 4, stop)


def tagged(data: bytes, start: int, stop: int) -> tuple[int, int]:
    """What a tag is around."""
    return typed(data[start + 2] << 8 | data[start + 3], start + 4) if stop - start >= 4 else (-1, stop)


LAYERS = (
    Layer("eth", dissect, links=(1,), ethertypes=(BRIDGED,), carries=bridged),
    Layer("vlan", vlan, ethertypes=(0x8100, 0x9100), carries=tagged),
    Layer("ieee8021ad", provider, ethertypes=(0x88A8,), carries=tagged),
)
