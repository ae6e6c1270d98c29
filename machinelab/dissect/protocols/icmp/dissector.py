"""ICMP: RFC 792; RFC 1191 (path MTU), RFC 4884 (quoted packet's length)."""

from ....model import Field
from ... import checksum
from ...core import Layer, Short, View
from ...data import dissect as rest
from ...echo import sent, show
from ...layers import quoted

REPLY, UNREACHABLE, QUENCH, REDIRECT, REQUEST, EXCEEDED, PROBLEM = 0, 3, 4, 5, 8, 11, 12
ERRORS = (UNREACHABLE, QUENCH, REDIRECT, EXCEEDED, PROBLEM)
TOO_BIG = 4


def dissect(view: View, start: int, stop: int) -> None:
    """Type, code, checksum; then a ping's numbers, or the packet that an error quotes."""
    view.protocols.append("icmp")
    if stop - start < 8:
        raise Short
    data, buffer, at = view.data, view.buffer, start
    kind, code, total = data[at], data[at + 1], data[at + 2] << 8 | data[at + 3]
    view.out += (
        Field("icmp", "", at, stop, buffer, 0, "icmp"),
        Field("icmp.type", kind, at, at + 1, buffer, 0, "icmp"),
        Field("icmp.code", code, at + 1, at + 2, buffer, 0, "icmp"),
        Field("icmp.checksum", total, at + 2, at + 4, buffer, 0, "icmp"),
        Field("icmp.checksum.status", _status(view, at, stop), at + 2, at + 2, buffer, 0, "icmp"),
    )
    if kind in (REPLY, REQUEST):
        _echo(view, at, stop)
    elif kind in ERRORS:
        _error(view, kind, code, at, stop)
    else:
        rest(view, at + 4, stop)


def _status(view: View, start: int, stop: int) -> int:
    if view.quoted or view.info.frame.length > len(view.info.data):
        return checksum.UNVERIFIED
    return checksum.GOOD if checksum.whole(view.data[start:stop]) else checksum.BAD


def _echo(view: View, at: int, stop: int) -> None:
    data, buffer, group = view.data, view.buffer, "icmp"
    for name, place in (("ident", at + 4), ("seq", at + 6)):
        high, low = data[place], data[place + 1]
        view.add(Field(f"icmp.{name}", high << 8 | low, place, place + 2, buffer, 0, group))
        view.add(Field(f"icmp.{name}_le", low << 8 | high, place, place + 2, buffer, 0, group))
    show(view, "icmp", at)
    rest(view, sent(view, "icmp", at + 8, stop), stop)


def _error(view: View, kind: int, code: int, at: int, stop: int) -> None:
    data, buffer = view.data, view.buffer
    if kind == REDIRECT:
        view.add(
            Field(
                "icmp.redir_gw", ".".join(map(str, data[at + 4 : at + 8])), at + 4, at + 8, buffer, 0, "icmp"
            )
        )
    elif kind == UNREACHABLE and code == TOO_BIG:
        view.add(Field("icmp.unused", data[at + 4 : at + 6], at + 4, at + 6, buffer, 0, "icmp"))
        view.add(Field("icmp.mtu", data[at + 6] << 8 | data[at + 7], at + 6, at + 8, buffer, 0, "icmp"))
    else:
        view.add(Field("icmp.unused", data[at + 4 : at + 8], at + 4, at + 8, buffer, 0, "icmp"))
    quoted(view, 0x0800, at + 8, stop)


LAYERS = (Layer("icmp", dissect, protocols=(1,)),)
