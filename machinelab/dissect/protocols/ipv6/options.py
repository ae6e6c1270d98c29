"""The options inside IPv6's hop-by-hop and destination headers: RFC 8200 §4.2, router alert RFC 2711."""

from ....model import Field
from ...core import Short, View

PAD1, PADN, ROUTER_ALERT = 0, 1, 5


def dissect(view: View, at: int, stop: int, group: str) -> None:
    """Each option: its type and the type's bits, its length, its value."""
    number = 0
    while at < stop:
        number += 1
        at = _option(view, at, stop, f"{group}/Option {number}")


def _option(view: View, at: int, stop: int, group: str) -> int:
    data, buffer = view.data, view.buffer
    kind = data[at]
    size = 0 if kind == PAD1 else 2 + data[at + 1] if at + 1 < stop else stop
    end = at + max(1, size)
    if end > stop:
        raise Short
    inner = f"{group}/Type"
    view.out += (
        Field("ipv6.opt", "", at, end, buffer, 0, group),
        Field("ipv6.opt.type", kind, at, at + 1, buffer, 0, group),
        Field("ipv6.opt.type.action", kind >> 6, at, at + 1, buffer, 0xC0, inner),
        Field("ipv6.opt.type.change", bool(kind & 0x20), at, at + 1, buffer, 0x20, inner),
        Field("ipv6.opt.type.rest", kind & 0x1F, at, at + 1, buffer, 0x1F, inner),
    )
    if kind == PAD1:
        view.add(Field("ipv6.opt.pad1", "", at, at + 1, buffer, 0, group))
        return end
    view.add(Field("ipv6.opt.length", size - 2, at + 1, at + 2, buffer, 0, group))
    if kind == PADN:
        view.add(Field("ipv6.opt.padn", data[at + 2 : end], at + 2, end, buffer, 0, group))
    elif kind == ROUTER_ALERT and size == 4:
        view.add(
            Field("ipv6.opt.router_alert", data[at + 2] << 8 | data[at + 3], at + 2, end, buffer, 0, group)
        )
    else:
        view.add(Field("ipv6.opt.unknown", data[at + 2 : end], at + 2, end, buffer, 0, group))
    return end
