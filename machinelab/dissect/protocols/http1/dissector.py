"""HTTP/1.1 messages: RFC 9112, with bodies in chunks and packed ones (RFC 9110 §8.4). Where they end is in `http1_framing`."""

import base64
import binascii
import re
import string
from http import HTTPStatus

from ...content import by_media_type, decoded
from ...core import Application, Part, Sender, View
from ...registry import offer, tables
from . import pieces
from .beginning import Readers
from .beginning import dissect as beginning
from .framing import REPLY, REQUEST, SIZE, Exchanges, MessageState, head_end, line_end, trailer_end
from .streaming import Piece

HEADERS = (
    "accept", "accept-encoding", "accept-language", "authorization", "cache-control", "connection", "content-encoding",
    "content-range", "content-type", "cookie", "date", "host", "last-modified", "location", "proxy-authenticate",
    "proxy-authorization", "range", "referer", "sec-websocket-accept", "sec-websocket-extensions", "sec-websocket-key",
    "sec-websocket-protocol", "sec-websocket-version", "server", "set-cookie", "transfer-encoding", "upgrade",
    "user-agent", "www-authenticate", "x-forwarded-for",
)  # fmt: skip
FIELDS = {name: f"http.{name.replace('-', '_')}" for name in HEADERS}
REASONS = {status.value: status.phrase for status in HTTPStatus}
PARAMETER, COOKIE = re.compile(rb"[^&+ \t][^&+]*"), re.compile(rb"[^; \t][^;]*")
BEGIN = b"!#$%&'*+-.^_`|~ /" + string.digits.encode() + string.ascii_letters.encode()  # of a start line
# With any of these a body is something of its own; without them Wireshark has it in the message.
TELLS_OF_BODY = frozenset({"content-type", "content-encoding", "transfer-encoding"})
Headers = dict[str, str]


def dissect(view: View, part: Part) -> None:
    """Start line, headers, body; then what only the connection can tell: the other half, the time it took."""
    if isinstance(part.state, Piece):
        pieces.dissect(view, part, part.state)
        return
    start, stop, buffer = part.start, part.stop, view.buffer
    body = head_end(view.data[:stop], start)
    reply = REPLY.match(view.data, start) is not None
    if body <= 0 and part.announced >= 0:
        beginning(view, start, stop, Readers(_request_line, _reply_line, _say, _header))
        return
    if body <= 0 or not (reply or REQUEST.match(view.data, start)):
        view.add(("http", "", start, stop, buffer, 0, "http"))
        if not view.quoted:  # an ICMP error quotes no more than it needs
            view.add(view.broken("http", start))
        return
    whole = len(view.out)
    view.add(("http", "", start, body, buffer, 0, "http"))
    before, (stopped, line) = len(view.out), line_end(view.data, start)
    (_reply_line if reply else _request_line)(view, start, stopped)
    headers = _headers(
        view,
        line,
        body - (2 if view.data[body - 2 : body] == b"\r\n" else 1),
        "response" if reply else "request",
    )
    if isinstance(part.state, MessageState):
        _exchange(view, part.state, start, reply)
    view.add((f"http.{'response' if reply else 'request'}", True, start, start, buffer, 0, "http"))
    if body < stop:
        if not headers.keys() & TELLS_OF_BODY:
            view.out[whole] = ("http", "", start, stop, buffer, 0, "http")
        _body(view, body, stop, headers)
    offer(view, "http.message", "", start, stop, before)


def _text(view: View, start: int, stop: int) -> str:
    return view.data[start:stop].decode("utf-8", "replace")


def _say(view: View, name: str, start: int, stop: int) -> None:
    view.add((f"http.{name}", _text(view, start, stop), start, stop, view.buffer, 0, "http"))


def _request_line(view: View, start: int, stop: int) -> None:
    """Method, target, version: RFC 9112 §3."""
    first = view.data.index(b" ", start)
    second = view.data.rindex(b" ", start, stop)
    _say(view, "request.method", start, first)
    _say(view, "request.uri", first + 1, second)
    question = view.data.find(b"?", first, second)
    if question >= 0:
        _say(view, "request.uri.path", first + 1, question)
        _say(view, "request.uri.query", question + 1, second)
        _pieces(
            view, "request.uri.query.parameter", question + 1, second, PARAMETER
        )  # a plus, too: as Wireshark does
        offer(view, "http.uri", "", first + 1, second)
    _say(view, "request.version", second + 1, stop)


def _reply_line(view: View, start: int, stop: int) -> None:
    """Version, status, reason: RFC 9112 §4."""
    _say(view, "response.version", start, start + 8)
    code = int(view.data[start + 9 : start + 12])
    at, buffer = start + 9, view.buffer
    view.add(("http.response.code", code, at, at + 3, buffer, 0, "http"))
    view.add(("http.response.code.desc", REASONS.get(code, "Unknown"), at, at + 3, buffer, 0, "http"))
    if stop > at + 4:
        _say(view, "response.phrase", at + 4, stop)


def _pieces(view: View, name: str, start: int, stop: int, piece: re.Pattern[bytes]) -> None:
    """A list, element by element, without the blanks before them."""
    for found in piece.finditer(view.data, start, stop):
        _say(view, name, *found.span())


def _headers(view: View, start: int, stop: int, kind: str) -> Headers:
    """Each line as it is, and the ones Wireshark has a name for as a field too. Values by small-letter name."""
    found: Headers = {}
    at = start
    while at < stop:
        last, end = line_end(view.data, at)
        name, _, value = _text(view, at, last).partition(":")
        name, value = name.strip().lower(), value.strip()
        found.setdefault(name, value)
        _header(view, name, value, at, end)
        _say(view, f"{kind}.line", at, end)
        if ("http.header", name) in tables().subdissectors:
            offer(view, "http.header", name, view.data.find(b":", at, last) + 1, last)
        at = end
    return found


def _header(view: View, name: str, value: str, start: int, stop: int) -> None:
    def said(field: str, what: str | int) -> None:
        view.add((field, what, start, stop, view.buffer, 0, "http"))

    if name in FIELDS:
        said(FIELDS[name], value)
    if name == "content-length":
        said("http.content_length_header", value)
        if value.isdigit():
            said("http.content_length", int(value))
    elif name == "cookie":
        _pieces(view, "cookie_pair", view.data.index(b":", start) + 1, stop - 2, COOKIE)
    elif name == "authorization" and value.lower().startswith("basic "):
        try:
            said("http.authbasic", base64.b64decode(value[6:], validate=True).decode("utf-8", "replace"))
        except (binascii.Error, ValueError):
            return


def _exchange(view: View, state: MessageState, at: int, reply: bool) -> None:
    """The matching request or reply; the full URI of the request."""
    known, info, buffer = state.transaction, view.info, view.buffer
    if known is None:
        return
    if reply:
        view.out += (
            ("http.request_in", known.request, at, at, buffer, 0, "http"),
            ("http.time", info.time - known.time, at, at, buffer, 0, "http"),
            ("http.request.uri", known.target, at, at, buffer, 0, "http"),
        )
    elif known.reply:
        view.add(("http.response_in", known.reply, at, at, buffer, 0, "http"))
    if known.host:
        scheme = "https" if "tls" in view.protocols else "http"
        address = (
            known.target if known.target[:4].lower() == "http" else f"{scheme}://{known.host}{known.target}"
        )
        view.add(("http.request.full_uri", address, at, at, buffer, 0, "http"))


def _body(view: View, start: int, stop: int, headers: Headers) -> None:
    """The body as it was meant: taken out of its chunks and unpacked, each in a buffer of its own."""
    sent = view
    if "chunked" in headers.get("transfer-encoding", "").lower():
        sent = view.enter(_chunks(view, start, stop), "De-chunked entity body")
        start, stop = 0, len(sent.data)
    content, first, last, more = decoded(sent, start, stop, headers.get("content-encoding", ""))
    if more:
        view.add(("http.cut", True, start, stop, sent.buffer, 0, "http"))
    if first == last:
        return
    view.add(("http.file_data", content.data[first:last], first, last, content.buffer, 0, "http"))
    by_media_type(content, first, last, headers.get("content-type", ""))


def _chunks(view: View, start: int, stop: int) -> bytes:
    """The chunks' fields; their data joined: RFC 9112 §7.1."""
    data, buffer, at, found = view.data, view.buffer, start, bytearray()
    while line := SIZE.match(data, at, stop):
        size, after = int(line[1], 16), line.end()
        view.add(("http.chunk_size", size, at, after, buffer, 0, "http"))
        if size == 0:
            if trailer_end(data[:stop], after) > after + 2:
                _say(view, "chunked_trailer_part", after, trailer_end(data[:stop], after) - 2)
            break
        end = min(after + size, stop)
        view.add(("http.chunk_data", data[after:end], after, end, buffer, 0, "http"))
        view.add(("http.chunk_boundary", data[end : end + 2], end, min(end + 2, stop), buffer, 0, "http"))
        found += data[after:end]
        at = end + 2
    return bytes(found)


def summary(payload: bytes, part: Part) -> str:
    """`GET /index.html`, `200 OK  text/html  12 bytes`."""
    if isinstance(part.state, Piece):
        return pieces.summary(payload, part.state)
    end = head_end(payload, 0)
    line, _, head = payload[: max(end, 0)].decode("latin-1").replace("\r\n", "\n").partition("\n")
    if not line.startswith("HTTP/1."):
        return line.rpartition(" ")[0]
    kind = next(
        (each[13:].strip() for each in head.split("\n") if each.lower().startswith("content-type:")), ""
    )
    size = f"{len(payload) - end} bytes" if len(payload) > end else ""
    return "  ".join(filter(None, (line.partition(" ")[2], kind, size)))


def is_stream(data: bytes) -> Sender | None:
    """A whole request line, or a whole status line: RFC 9112 §3, §4."""
    if REQUEST.match(data):
        return Sender.CLIENT
    return Sender.SERVER if REPLY.match(data) else None


# Wireshark's preference http.tcp.port. On any other port a connection is known by a start line (`is_stream`).
PORTS = (80, 3128, 3132, 5985, 8080, 8088, 11371, 1900, 2869, 2710)
APPLICATIONS = (
    Application(
        "HTTP",
        "http",
        Exchanges,
        dissect,
        summary,
        tcp=PORTS,
        sized=False,
        alpn=("http/1.1", "http/1.0"),
        is_stream=is_stream,
        marks=tuple((at, BEGIN) for at in range(4)),
    ),
)
