"""OAuth's parameters in an HTTP message, each at its bytes: RFC 6749 and its extensions.

They travel in the target of a request, in the address that a redirect names, in forms, in JSON and in the header
`Authorization`. One name each, wherever it stands, so that a secret can be followed from party to party.
"""

import base64
import binascii
import re
from collections.abc import Iterable
from itertools import islice
from urllib.parse import unquote_plus

from ....fields.oauth2 import FIELDS
from ...core import View
from ...registry import offer
from ...subdissector import Subdissector
from ..form import dissector as form
from ..form.dissector import Pair
from ..json.dissector import Json

KNOWN = {
    name.removeprefix("oauth2."): kind.kind for name, kind in FIELDS.items() if name.startswith("oauth2.")
}
# A form with none of these is not OAuth's, even if one of its fields is called `scope`.
MARKS = frozenset(
    ("access_token", "active", "client_assertion", "client_id", "code", "device_code", "error", "grant_type", "id_token",
     "issuer", "refresh_token", "request_uri", "token", "user_code")
)  # fmt: skip
ADDRESS = re.compile(rb"(?:[^?#\r\n]*)(?:\?([^#\r\n]*))?(?:#([^\r\n]*))?")
BEARER = re.compile(rb"[ \t]*(Bearer|DPoP|Basic)[ \t]+([^\r\n \t]+)", re.IGNORECASE)


def address(view: View, start: int, stop: int) -> None:
    """What is behind the question mark and behind the hash of an address."""
    found = ADDRESS.match(view.data, start, stop)
    for place in (1, 2) if found is not None else ():
        assert found is not None
        if found[place]:
            parameters(view, form.pairs(view.data, *found.span(place)))


def parameters(view: View, pairs: Iterable[Pair]) -> None:
    """The pairs of a form that OAuth knows."""
    listed = list(islice(pairs, form.MOST))
    if MARKS.isdisjoint(pair.name for pair in listed):
        return
    for pair in listed:
        if pair.name in KNOWN:
            _say(view, pair.name, pair.value, pair.start, pair.stop)


def body(view: View, value: Json) -> None:
    """The members of a JSON text that OAuth knows; the keys of a JWK set."""
    for each in getattr(value.get("keys"), "members", ()):
        view.add(("jwk", "", each.start, each.stop, view.buffer, 0, "jwk"))
        for member in each.members:
            if f"jwk.{member.name}" in FIELDS:
                view.add((f"jwk.{member.name}", member.text, *_inside(member), view.buffer, 0, "jwk"))
    if MARKS.isdisjoint(member.name for member in value.members):
        return
    for member in value.members:
        if member.kind == "object" and KNOWN.get(member.name) == "none":
            view.add((f"oauth2.{member.name}", "", *_inside(member), view.buffer, 0, "oauth2"))
        elif member.name in KNOWN and member.kind not in ("object", "array", "null"):
            _say(view, member.name, member.text, *_inside(member))


def proof(view: View, start: int, stop: int) -> None:
    """A DPoP proof (RFC 9449 §4.1); `start` is where the header's value begins."""
    while start < stop and view.data[start] in b" \t":
        start += 1
    _say(view, "dpop", view.data[start:stop].decode("latin-1"), start, stop)


def authorization(view: View, start: int, stop: int) -> None:
    """A token, or a client's name and password (RFC 6750 §2.1, RFC 6749 §2.3.1); `start` is where the header's value begins."""
    found = BEARER.match(view.data, start, stop)
    if found is None:
        return
    first, last = found.span(2)
    if found[1].lower() != b"basic":
        _say(view, "access_token", found[2].decode("latin-1"), first, last)
        return
    try:
        said = base64.b64decode(found[2], validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return
    who, _, secret = said.partition(":")
    for name, value in (("client_id", who), ("client_secret", secret)):
        _say(view, name, unquote_plus(value), first, last)


def _inside(value: Json) -> tuple[int, int]:
    return (value.start + 1, value.stop - 1) if value.kind == "string" else (value.start, value.stop)


def _say(view: View, name: str, text: str, start: int, stop: int) -> None:
    kind = KNOWN[name]
    value: str | int | bool = text
    if kind == "uint":
        if not text.isdigit():
            return
        value = int(text[:18])
    elif kind == "bool":
        value = text == "true"
    view.add((f"oauth2.{name}", value, start, stop, view.buffer, 0, "oauth2"))
    if text.startswith("eyJ"):
        offer(view, "oauth2.token", "", start, stop)


def _form(view: View, start: int, stop: int, known: object) -> None:
    if isinstance(known, list):
        parameters(view, known)


def _json(view: View, start: int, stop: int, known: object) -> None:
    if isinstance(known, Json):
        body(view, known)


def _mark(view: View, start: int, stop: int, known: object) -> None:
    """The label of a message that has any of OAuth's fields; `known` is where its fields begin."""
    if any(field[6] == "oauth2" for field in view.out[known if isinstance(known, int) else 0 :]):
        view.add(("oauth2", "", start, start, view.buffer, 0, "oauth2"))


SUBDISSECTORS = (
    Subdissector("http.uri", lambda view, start, stop, known: address(view, start, stop)),
    Subdissector(
        "http.header", lambda view, start, stop, known: address(view, start, stop), ("location", "referer")
    ),
    Subdissector(
        "http.header", lambda view, start, stop, known: authorization(view, start, stop), ("authorization",)
    ),
    Subdissector("http.header", lambda view, start, stop, known: proof(view, start, stop), ("dpop",)),
    Subdissector("http.message", _mark, layers=("oauth2", "jwk")),
    Subdissector("media_type.content", _form, ("application/x-www-form-urlencoded",)),
    Subdissector("media_type.content", _json, ("application/json", "+json")),
)
