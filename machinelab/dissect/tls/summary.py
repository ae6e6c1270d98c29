"""A handshake message in one line, of whichever protocol carries it."""

from collections.abc import Mapping

from ...fields import tls_handshake as words
from .hello import Hello, extensions_of, hello


def said(message: bytes, versions: Mapping[int, str], types: Mapping[int, str] = words.TYPES) -> str:
    """`ClientHello  www.example.test`, `ServerHello  TLS 1.3  …`, `Certificate`; the words for versions and types are the protocol's."""
    kind = message[0]
    if kind == 1:
        return "  ".join(filter(None, ("ClientHello", name_in(message), _early(hello(message, client=True)))))
    if kind == 2:
        chosen = hello(message, client=False)
        if chosen.retry:
            return "HelloRetryRequest"
        return (
            f"ServerHello  {versions.get(chosen.version, '')}  {words.SUITES.get(chosen.suite, '')}".rstrip()
        )
    return "".join(word.capitalize() for word in types.get(kind, f"handshake {kind}").split())


def _early(said: Hello) -> str:
    return "early data" if said.early else ""


def name_in(message: bytes) -> str:
    """The server's name in a ClientHello, if there is one."""
    listed = extensions_of(message).get(0, b"")
    return listed[5:].decode("ascii", "replace") if len(listed) > 5 else ""
