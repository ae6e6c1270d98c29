"""What an HTTP message says, whatever the version that it is sent in: 1.1 in lines, 2 and 3 in header blocks (RFC 9110 §3.9)."""

from ..model import Event, Exchange, Fields

UNKNOWN = object()
"""The content of a reply whose headers came before it, as those of HTTP/2 and 3 do."""

# Where each version has what a request asks for, a reply's status, and names and values.
BLOCKS = {
    "http2": ("http2.headers.", "http2.header.name", "http2.header.value"),
    "http3": ("http3.headers.", "http3.header.header.name", "http3.headers.header.value"),
}
PSEUDO = ":"  # how the names begin that are no headers: RFC 9113 §8.3, RFC 9114 §4.3


def is_http(exchange: Exchange | None) -> bool:
    """Whether a request or its reply; what HTTP/2 acknowledges beside them has no stream."""
    if exchange is None:
        return False
    protocol, last = exchange.key[0], exchange.key[-1]
    return protocol == "http" or (protocol in BLOCKS and isinstance(last, int))


def place(event: Event) -> int:
    """Which of an event's messages is the only one of HTTP; −1 where there is none, or several, that nobody can tell apart.

    Beside a reply's headers, HTTP/2 and 3 have frames that are no exchange: its content.
    """
    found = [number for number, each in enumerate(event.messages) if each.exchange is not None]
    if len(found) != 1:
        return -1
    exchange = event.messages[found[0]].exchange
    assert exchange is not None
    alone = len(event.messages) == 1 or exchange.key[0] in BLOCKS
    return found[0] if alone and is_http(exchange) else -1


def fields(event: Event) -> Fields:
    """The fields of its HTTP message."""
    return event.content.message_fields(max(0, place(event)))


def core(found: Fields, reply: bool) -> tuple[object, ...]:
    """What no proxy changes unasked: method, target and content, or status and content."""
    for prefix, *_ in BLOCKS.values():
        if f"{prefix}status" in found or f"{prefix}method" in found:
            names = ("status",) if reply else ("method", "path")
            said = tuple(_first(found, prefix + name) for name in names)
            return (*said, UNKNOWN if reply else None)
    names = ("response.code",) if reply else ("request.method", "request.uri")
    return tuple(_first(found, f"http.{name}") for name in (*names, "file_data"))


def same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    """Whether two replies agree, as far as their content is known."""
    return one[:-1] == other[:-1] and (one[-1] == other[-1] or UNKNOWN in (one[-1], other[-1]))


def start(found: Fields) -> dict[str, str]:
    """Method, target and status, those that there are."""
    said = {"method": "http.request.method", "target": "http.request.uri", "status": "http.response.code"}
    out = {word: str(found[name][0].value) for word, name in said.items() if name in found}
    for prefix, *_ in BLOCKS.values():
        for word, name in (("method", "method"), ("target", "path"), ("status", "status")):
            if prefix + name in found:
                out[word] = str(found[prefix + name][0].value)
    return out


def headers(found: Fields) -> list[tuple[str, str]]:
    """Names as they stand, and values, in order."""
    out = []
    for name in ("http.request.line", "http.response.line"):
        for each in found.get(name, ()):
            head, _, value = str(each.value).strip().partition(":")
            out.append((head.strip(), value.strip()))
    for _, name, value in BLOCKS.values():
        pairs = zip(found.get(name, ()), found.get(value, ()), strict=False)
        out += [(str(a.value), str(b.value)) for a, b in pairs if not str(a.value).startswith(PSEUDO)]
    return out


def _first(found: Fields, name: str) -> object:
    return found[name][0].value if name in found else None
