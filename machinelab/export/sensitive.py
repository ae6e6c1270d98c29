"""What of an event is confidential: what a reader could use (passwords, codes, tokens, keys), and who a person is.

A further header or field is masked by `secret=True` where it is declared (fields/<protocol>.py), not here. A token's claims are confidential but for those that say who
made it, for whom, for what and until when (`OPEN`): the others name a person, or are marks that tie runs together. Of a form
and of a JSON text that is about somebody, members of certain names are.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import quote

from .. import fields
from ..model import Event, Field, Fields

# RFC 7519 §4.1, RFC 9068 §2.2, RFC 9449 §4.2, RFC 7800 §3.1, RFC 7662 §2.2: nobody's secret, and nobody's name.
OPEN = frozenset(
    ("acr", "active", "amr", "aud", "auth_time", "azp", "client_id", "cnf", "exp", "htm", "htu", "iat", "iss",
     "nbf", "scope", "token_type", "typ")
)  # fmt: skip
# Members of JSON texts that say which token, login or session it is: OpenID Connect Core §2, §3.3.2.11.
MARKS = frozenset(("at_hash", "c_hash", "jti", "nonce", "s_hash", "sid"))
PASSWORDS = frozenset(("password", "passwd", "client_secret", "csrf", "csrf_token", "xsrf"))
PERSONS = frozenset(("name", "username", "user", "login", "email", "mail"))  # beside a password in a form


class Confidential(NamedTuple):
    """Texts to be masked wherever they turn up in events, as they are or (`words`, too short for that) as whole words."""

    texts: frozenset[bytes]
    words: frozenset[bytes]


SHORTEST = 6  # bytes: what is shorter turns up by chance, and is masked as a whole word only
WORD = 3  # bytes: what is shorter than that is masked at its place only


def of(events: Iterable[Event]) -> Confidential:
    """All that is confidential in these events."""
    found = {text for event in events for text in _texts(event)}
    found |= {quote(text, safe=safe).encode() for text in found for safe in ("", "/")}
    return Confidential(
        frozenset(text for text in found if len(text) >= SHORTEST),
        frozenset(text for text in found if WORD <= len(text) < SHORTEST),
    )


def marked(known: Fields) -> list[Field]:
    """The fields that hold something confidential, and nothing else."""
    registry = fields.registry()
    found = [item for name in known if name in registry and registry[name].secret for item in known[name]]
    found += [item for name in ("jwt.sub", "jwt.name") if name in known for item in known[name]]
    clients = {item.value for name in ("jwt.client_id", "oauth2.client_id") for item in known.get(name, ())}
    return [item for item in found if item.name != "jwt.sub" or item.value not in clients] + _typed(known)


def _typed(known: Fields) -> list[Field]:
    """What somebody typed into a form, where it is a password, or a name beside one."""
    pairs = list(
        zip(known.get("urlencoded-form.key", ()), known.get("urlencoded-form.value", ()), strict=False)
    )
    asks = any(key.value == "password" for key, _ in pairs)
    wanted = PASSWORDS | PERSONS if asks else PASSWORDS
    return [value for key, value in pairs if key.value in wanted]


def _texts(event: Event) -> Iterator[bytes]:
    """What the confidential fields of an event hold: their values, and the bytes they stand in, which may be coded."""
    known = event.fields
    items = marked(known)
    buffers: Mapping[str, bytes] = event.content.buffers() if items else {}
    for item in items:
        if isinstance(item.value, str | bytes):
            yield item.value.encode() if isinstance(item.value, str) else item.value
        yield buffers.get(item.buffer, b"")[item.start : item.stop]
        if item.name in ("http.cookie_pair", "http.set_cookie"):
            yield _cookie(str(item.value))
    for name in ("jwt.payload", "json.object"):
        for item in known.get(name, ()):
            yield from _members(str(item.value), token=name == "jwt.payload")


def _cookie(pair: str) -> bytes:
    """A cookie's value: elsewhere it may stand without its name (RFC 6265 §4.1.1)."""
    return pair.partition(";")[0].partition("=")[2].strip().encode()


def _members(text: str, *, token: bool) -> Iterator[bytes]:
    """The confidential members of a token's claims, or of another JSON text."""
    try:
        said = json.loads(text)
    except ValueError:
        return
    if not isinstance(said, dict):
        return
    about = token or ("sub" in said and said["sub"] != said.get("client_id"))  # an answer about somebody
    for name, value in said.items():
        if name in MARKS or (about and name not in OPEN and (name, value) != ("sub", said.get("client_id"))):
            yield from _leaves(name, value)


def _leaves(name: str, value: object) -> Iterator[bytes]:
    """A value in the ways that a JSON text may have it: a text by itself; what is short or a number, with its name."""
    if isinstance(value, dict):
        for inner, member in value.items():
            yield from _leaves(inner, member)
    elif isinstance(value, list):
        for member in value:
            yield from _leaves(name, member)
    else:
        if isinstance(value, str):
            yield value.encode()
            yield json.dumps(value)[1:-1].encode()
        if not isinstance(value, str) or len(value) < WORD:
            coded = json.dumps(value)
            yield from (f'"{name}":{blank}{coded}'.encode() for blank in ("", " "))
