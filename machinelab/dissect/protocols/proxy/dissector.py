"""The PROXY protocol, versions 1 and 2: who a relayed connection comes from, said before its first byte.

The PROXY protocol (W. Tarreau, HAProxy's doc/proxy-protocol.txt), §2.1 and §2.2. What follows on the connection is another
protocol, told by the looks of its first bytes.
"""

import re
from socket import AF_INET6, inet_ntop

from ....model import Exchange
from ...core import Application, PacketInfo, Part, Stream, View
from ...handover import Handover

MAGIC = b"\r\n\r\n\0\r\nQUIT\n"
LONGEST = 107  # bytes of a line of version 1, its end included
HEAD = 16  # bytes before the addresses of version 2
LINE = re.compile(rb"PROXY (TCP4|TCP6|UNKNOWN)(?: (\S+) (\S+) (\d{1,5}) (\d{1,5}))?[^\r\n]*\r\n")
IPV4, IPV6, UNIX = 1, 2, 3
MARKS = ((0, b"\rP"), (1, b"\nR"), (2, b"\rO"), (3, b"\nX"))  # of version 2 and of version 1
SIZES = {IPV4: 12, IPV6: 36, UNIX: 216}
COMMANDS = {0: "LOCAL", 1: "PROXY"}


class Announcement:
    """The first message of a connection, and nothing after it."""

    __slots__ = ("handover",)

    def __init__(self, stream: Stream) -> None:
        self.handover: Handover | None = None

    def size(self, data: bytes | bytearray, start: int, to_server: bool) -> int:
        """Bytes of the header; −1 for the other side, which has nothing to announce."""
        if self.handover or not to_server:
            return -1
        size = size_of(bytes(data[start : start + 256]))
        if size > 0:
            self.handover = Handover()
        return size

    def observe(self, payload: bytes, info: PacketInfo, to_server: bool) -> tuple[Exchange | None, object]:
        """It asks for nothing."""
        return None, None


def size_of(data: bytes) -> int:
    """How many bytes the header at the beginning takes: 0 not known yet, −1 it is none."""
    if data.startswith(MAGIC):
        return HEAD + int.from_bytes(data[14:16], "big") if len(data) >= HEAD else 0
    if data.startswith(b"PROXY "):
        line = LINE.match(data)
        return line.end() if line and line.end() <= LONGEST else 0 if len(data) < LONGEST else -1
    return 0 if MAGIC.startswith(data) or b"PROXY ".startswith(data) else -1


def is_preamble(data: bytes) -> bool:
    """Whether a connection that begins so is announced."""
    return data.startswith((MAGIC, b"PROXY "))


def dissect(view: View, part: Part) -> None:
    """The fields of a header of either version."""
    view.add(("proxy", "", part.start, part.stop, view.buffer, 0, "proxy"))
    if view.data.startswith(MAGIC, part.start):
        _second(view, part.start, part.stop)
    else:
        _first(view, part.start, part.stop)


def _first(view: View, start: int, stop: int) -> None:
    """`PROXY TCP4 198.18.72.21 198.18.72.7 40000 80`: §2.1."""
    line = LINE.match(view.data[:stop], start)
    if line is None:
        view.add(("proxy.bad_format", "", start, stop, view.buffer, 0, "proxy"))
        return
    view.add(("proxy.v1.magic", "", start, start + 5, view.buffer, 0, "proxy"))
    view.add(("proxy.v1.proto", line[1].decode("ascii"), *line.span(1), view.buffer, 0, "proxy"))
    family = {b"TCP4": "ipv4", b"TCP6": "ipv6"}.get(line[1])
    if family is None or line[2] is None:
        if line.end(1) + 1 < line.end() - 2:
            at, end = line.end(1) + 1, line.end() - 2
            view.add(
                (
                    "proxy.v1.unknown",
                    view.data[at:end].decode("ascii", "replace"),
                    at,
                    end,
                    view.buffer,
                    0,
                    "proxy",
                )
            )
        return
    for place, side in ((2, "src"), (3, "dst")):
        said = line[place].decode("ascii", "replace")
        view.add((f"proxy.{side}.{family}", said, *line.span(place), view.buffer, 0, "proxy"))
    for place, side in ((4, "src"), (5, "dst")):
        view.add((f"proxy.{side}port", int(line[place]), *line.span(place), view.buffer, 0, "proxy"))


def _second(view: View, start: int, stop: int) -> None:
    """Magic, version and command, family and protocol, length; addresses; what else there is to tell: §2.2."""
    data, buffer = view.data, view.buffer
    view.add(("proxy.v2.magic", data[start : start + 12], start, start + 12, buffer, 0, "proxy"))
    if stop - start < HEAD:
        view.add(("proxy.header.length_too_small", "", start, stop, buffer, 0, "proxy"))
        return
    at = start + 12
    version, family = data[at] >> 4, data[at + 1] >> 4
    view.out += (
        ("proxy.v2.version", version, at, at + 1, buffer, 0xF0, "proxy"),
        ("proxy.v2.cmd", data[at] & 15, at, at + 1, buffer, 0x0F, "proxy"),
        ("proxy.version", version, at, at + 1, buffer, 0, "proxy"),
        ("proxy.v2.addr_family_protocol", data[at + 1], at + 1, at + 2, buffer, 0, "proxy"),
        ("proxy.v2.addr_family", family, at + 1, at + 2, buffer, 0xF0, "proxy"),
        ("proxy.v2.protocol", data[at + 1] & 15, at + 1, at + 2, buffer, 0x0F, "proxy"),
        ("proxy.v2.length", int.from_bytes(data[at + 2 : at + 4], "big"), at + 2, at + 4, buffer, 0, "proxy"),
    )
    _second_addresses(view, family, start + HEAD, stop)


def _second_addresses(view: View, family: int, at: int, stop: int) -> None:
    data, buffer, size = view.data, view.buffer, SIZES.get(family, 0)
    if size == 0 or at + size > stop:
        if at < stop:
            view.add(("proxy.v2.unknown", data[at:stop], at, stop, buffer, 0, "proxy"))
        return
    if family == UNIX:
        for side in ("src", "dst"):
            view.add((f"proxy.v2.{side}.unix", data[at : at + 108], at, at + 108, buffer, 0, "proxy"))
            at += 108
        _more(view, at, stop)
        return
    width = 4 if family == IPV4 else 16
    for side in ("src", "dst"):
        said = (
            ".".join(map(str, data[at : at + 4]))
            if family == IPV4
            else inet_ntop(AF_INET6, data[at : at + 16])
        )
        view.add(
            (f"proxy.{side}.{'ipv4' if family == IPV4 else 'ipv6'}", said, at, at + width, buffer, 0, "proxy")
        )
        at += width
    for side in ("src", "dst"):
        port = int.from_bytes(data[at : at + 2], "big")
        view.add((f"proxy.{side}port", port, at, at + 2, buffer, 0, "proxy"))
        at += 2
    _more(view, at, stop)


def _more(view: View, at: int, stop: int) -> None:
    """Type, length, value: §2.2."""
    data, buffer, number = view.data, view.buffer, 0
    while at + 3 <= stop:
        length = int.from_bytes(data[at + 1 : at + 3], "big")
        end = min(at + 3 + length, stop)
        number += 1
        group = f"proxy/TLV/{number}"
        view.out += (
            ("proxy.v2.tlv", "", at, end, buffer, 0, group),
            ("proxy.v2.tlv.type", data[at], at, at + 1, buffer, 0, group),
            ("proxy.v2.tlv.length", length, at + 1, at + 3, buffer, 0, group),
        )
        if at + 3 < end:
            view.add(("proxy.v2.tlv.value", data[at + 3 : end], at + 3, end, buffer, 0, group))
        at = end
    if at < stop:
        view.add(("proxy.v2.unknown", data[at:stop], at, stop, buffer, 0, "proxy"))


def summary(payload: bytes, part: Part) -> str:
    """`PROXY v2  198.18.72.21:40000 → 198.18.72.7:8088`."""
    line = LINE.match(payload)
    if line is not None:
        ends = [f"{line[a].decode()}:{line[b].decode()}" for a, b in ((2, 4), (3, 5)) if line[a]]
        return "  ".join(["PROXY v1", " → ".join(ends) or line[1].decode().lower()])
    if len(payload) < HEAD or payload[13] >> 4 not in (IPV4, IPV6):
        return "PROXY v2  " + COMMANDS.get(payload[12] & 15, "") if len(payload) > 12 else "PROXY v2"
    width = 4 if payload[13] >> 4 == IPV4 else 16
    if len(payload) < HEAD + 2 * width + 4:
        return "PROXY v2"
    hosts = [payload[HEAD + i * width : HEAD + (i + 1) * width] for i in (0, 1)]
    names = [".".join(map(str, h)) if width == 4 else f"[{inet_ntop(AF_INET6, h)}]" for h in hosts]
    at = HEAD + 2 * width
    ports = [int.from_bytes(payload[at + 2 * i : at + 2 * i + 2], "big") for i in (0, 1)]
    return f"PROXY v2  {names[0]}:{ports[0]} → {names[1]}:{ports[1]}"


APPLICATIONS = (
    Application(
        "PROXY", "proxy", Announcement, dissect, summary, sized=False, is_preamble=is_preamble, marks=MARKS
    ),
)
