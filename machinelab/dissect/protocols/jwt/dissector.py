"""JSON Web Tokens in their compact form: RFC 7519, RFC 7515 §7.1. Whether a signature is right is reckoned by `cryptography`."""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

from ...core import Stream, View
from ...secrets import published
from ...subdissector import Observer, Subdissector
from ..json.dissector import Json, parse

TOKEN = re.compile(rb"(eyJ[\w-]+)\.(eyJ[\w-]+)\.([\w-]*)")
JWK_SET = re.compile(rb'\{[ \t\r\n]*"keys"[ \t\r\n]*:')
MOST_KEYS = 1000  # of one capture
HEADER = ("alg", "kid", "typ")
CLAIMS = ("iss", "sub", "aud", "jti", "client_id", "scope", "nonce", "name", "at_hash", "htm", "htu", "ath")
BOUND = {"jkt": "jkt", "x5t#S256": "x5t_S256"}  # no # in the name of a field
TIMES = ("exp", "iat", "auth_time")


def octets(text: "bytes | str") -> bytes | None:
    """What base64url without padding stands for (RFC 7515 §2); None if it is none."""
    raw = text.encode("ascii", "replace") if isinstance(text, str) else text
    try:
        return base64.b64decode(raw + b"=" * (-len(raw) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None


def dissect(view: View, start: int, stop: int, keys: Mapping[str, object]) -> bool:
    """A token's fields, its two JSON texts in buffers of their own. False, and no field, where there is no token.

    `keys` are the public keys that the capture shows, by their `kid`.
    """
    found = TOKEN.fullmatch(view.data, start, stop)
    if found is None:
        return False
    view.add(("jwt", found[0].decode(), start, stop, view.buffer, 0, "jwt"))
    named: dict[str, str] = {}
    for place, part in ((1, "header"), (2, "payload")):
        text = octets(found[place])
        value = parse(text, 0, len(text)) if text is not None else None
        first, last = found.span(place)
        shown = text.decode("utf-8", "replace") if text is not None else ""
        view.add((f"jwt.{part}", shown, first, last, view.buffer, 0, "jwt"))
        if value is not None and text is not None:
            _members(view.enter(text, f"JWT {part}"), value, named, HEADER if place == 1 else CLAIMS)
    signature = octets(found[3]) or b""
    view.add(("jwt.signature", signature, *found.span(3), view.buffer, 0, "jwt"))
    key = keys.get(named.get("kid", ""))
    if key is not None:
        right = verifies(key, signature, view.data[start : found.end(2)])
        view.add(("jwt.signature.right", right, stop, stop, view.buffer, 0, "jwt"))
    return True


def _members(view: View, value: Json, named: dict[str, str], wanted: tuple[str, ...]) -> None:
    for member in value.members:
        first, last = _inside(member)
        if member.name in TIMES and member.kind == "number" and member.text.isdigit():
            seconds = int(member.text[:12])
            view.add((f"jwt.{member.name}", seconds * 10**9, first, last, view.buffer, 0, "jwt"))
        elif member.name in wanted and member.kind == "string":
            named.setdefault(member.name, member.text)
            view.add((f"jwt.{member.name}", member.text, first, last, view.buffer, 0, "jwt"))
        elif member.name == "jwk" and member.kind == "object":
            view.add(("jwt.jwk", "", first, last, view.buffer, 0, "jwt"))
        elif member.name == "cnf":
            for name, ours in BOUND.items():
                if (thumb := member.get(name)) is not None:
                    view.add((f"jwt.cnf.{ours}", thumb.text, *_inside(thumb), view.buffer, 0, "jwt"))


def _inside(value: Json) -> tuple[int, int]:
    """Where a value stands, without its quotes."""
    return (value.start + 1, value.stop - 1) if value.kind == "string" else (value.start, value.stop)


def public_keys(value: Json) -> dict[str, object]:
    """The keys of a JWK set (RFC 7517 §5) that are points of P-256 (RFC 7518 §6.2), by their names."""
    found: dict[str, object] = {}
    listed = value.get("keys")
    for each in listed.members if listed is not None else ():
        said = {member.name: member.text for member in each.members}
        x, y = octets(said.get("x", "")), octets(said.get("y", ""))
        if said.get("kty") == "EC" and said.get("crv") == "P-256" and x and y and "kid" in said:
            key = _point(x, y)
            if key is not None:
                found[said["kid"]] = key
    return found


def _point(x: bytes, y: bytes) -> object | None:
    from cryptography.hazmat.primitives.asymmetric import ec

    numbers = ec.EllipticCurvePublicNumbers(
        int.from_bytes(x, "big"), int.from_bytes(y, "big"), ec.SECP256R1()
    )
    try:
        return numbers.public_key()
    except ValueError:
        return None


def verifies(key: Any, signature: bytes, signed: bytes) -> bool:
    """Whether it is ES256's signature (RFC 7518 §3.4) over these bytes."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import ec, utils
    from cryptography.hazmat.primitives.hashes import SHA256

    if len(signature) != 64:
        return False
    r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
    try:
        key.verify(utils.encode_dss_signature(r, s), signed, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _token(view: View, start: int, stop: int, known: object) -> bool:
    """A token that another protocol carries, checked with the keys that this capture shows."""
    flow = None if view.quoted else view.info.flow
    return dissect(view, start, stop, published(flow.stream) if flow is not None else {})


def publish(body: bytes, stream: Stream) -> None:
    """Keep the keys of a JWK set (RFC 7517 §5) that a reply's body is, for the tokens that one of them signed."""
    if JWK_SET.match(body) is None:
        return
    value, keys = parse(body, 0, len(body)), published(stream)
    if value is not None and len(keys) < MOST_KEYS:
        keys.update(public_keys(value))


SUBDISSECTORS = (Subdissector("oauth2.token", _token, layers=("jwt",)),)
OBSERVERS = (Observer("http.body", publish),)
