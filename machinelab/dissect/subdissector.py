"""Readers of parts of other protocols' messages: bodies by their media type, headers, addresses, tokens."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .core import Stream, View


@dataclass(frozen=True, slots=True)
class Subdissector:
    """Reads the parts of messages that are offered in `table` under one of `keys`.

    The tables: "media_type" (bodies by media type, or by structured-syntax suffix such as "+json", RFC 6839 §3);
    "media_type.content" (what such a reader made of a body); "http.uri" (a request's target), "http.header" (a header's
    value, by its name in small letters), "http.message" (a message at its end); "oauth2.token" (the text of a token); "quic.crypto" and "quic.stream" (what QUIC's frames carry, the latter by ALPN name); "dns.svcparam"
    (the value of a service parameter, by its key in decimal; what is known is the group that its fields go to).

    `dissect` is given the view, where the part starts and stops, and what the offering protocol knows of it; it gives what
    it made of the part, or None. `layers` are the first parts of the names of the fields that it adds. `session` makes what the first pass keeps of a connection whose bytes it reads, if it does;
    `summary` says in a line what that is of so many bytes.
    """

    table: str
    dissect: Callable[[View, int, int, object], object]
    keys: tuple[str, ...] = ("",)
    layers: tuple[str, ...] = ()
    session: Callable[[Stream], Any] | None = None
    summary: Callable[[bytes, Any], str] | None = None


@dataclass(frozen=True, slots=True)
class Observer:
    """Sees the bytes of parts offered in `table` during the first pass ("http.body": a reply's body, as it was sent)."""

    table: str
    observe: Callable[[bytes, Stream], None]
