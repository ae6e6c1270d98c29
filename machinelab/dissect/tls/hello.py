"""What the first pass needs of a hello: RFC 9846 §4.2.2, §4.2.3. Never raises; what is not there is empty."""

from typing import NamedTuple

RETRY = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")  # RFC 9846 §4.2.3
ALPN, EXTENDED, EARLY, VERSIONS = 16, 23, 42, 43


class Hello(NamedTuple):
    """`version`, `suite` as a server chose them; `suites` as a client offers them; `early`: data will follow at once. `alpn` is the
    application protocol that a server chose (RFC 7301); one of TLS 1.3 names it in EncryptedExtensions.
    """

    random: bytes = b""
    version: int = 0
    suite: int = 0
    suites: tuple[int, ...] = ()
    early: bool = False
    extended: bool = False
    retry: bool = False
    alpn: str = ""


def hello(message: bytes, *, client: bool) -> Hello:
    """Read a ClientHello or ServerHello, its four bytes of header included."""
    try:
        return _client(message) if client else _server(message)
    except IndexError:
        return Hello(message[6:38])


def _client(message: bytes) -> Hello:
    at = 39 + message[38]
    size = message[at] << 8 | message[at + 1]
    codes = message[at + 2 : at + 2 + size]
    suites = tuple(high << 8 | low for high, low in zip(codes[::2], codes[1::2], strict=False))
    at += 2 + size
    found = _extensions(message, at + 1 + message[at])
    return Hello(message[6:38], suites=suites, early=EARLY in found)


def _server(message: bytes) -> Hello:
    at = 39 + message[38]
    suite = message[at] << 8 | message[at + 1]
    found = _extensions(message, at + 3)
    said = found.get(VERSIONS, b"")
    version = said[0] << 8 | said[1] if len(said) == 2 else message[4] << 8 | message[5]
    random = message[6:38]
    return Hello(random, version, suite, extended=EXTENDED in found, retry=random == RETRY, alpn=_alpn(found))


def _alpn(extensions: dict[int, bytes]) -> str:
    """The one name in a server's list: RFC 7301 §3.1."""
    listed = extensions.get(ALPN, b"")
    return listed[3 : 3 + listed[2]].decode("latin-1") if len(listed) > 3 else ""


def encrypted_alpn(message: bytes) -> str:
    """The application protocol that EncryptedExtensions name (RFC 9846 §4.4.1); empty if they name none."""
    return _alpn(_extensions(message, 4))


def extensions_of(message: bytes) -> dict[int, bytes]:
    """A ClientHello's extensions, each by its number; none if it is cut short."""
    try:
        at = 39 + message[38]
        at += 2 + (message[at] << 8 | message[at + 1])
        return _extensions(message, at + 1 + message[at])
    except IndexError:
        return {}


def _extensions(message: bytes, at: int) -> dict[int, bytes]:
    """Each extension's bytes by its number; the first of a kind counts."""
    found: dict[int, bytes] = {}
    at += 2
    while at + 4 <= len(message):
        kind, size = message[at] << 8 | message[at + 1], message[at + 2] << 8 | message[at + 3]
        found.setdefault(kind, message[at + 4 : at + 4 + size])
        at += 4 + size
    return found
