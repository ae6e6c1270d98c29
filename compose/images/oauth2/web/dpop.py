"""Proof of possession: RFC 9449, both ends of it, with PyJWT and Authlib's keys."""

import hashlib
import time
import uuid
from base64 import urlsafe_b64encode

import jwt
from authlib.jose import JsonWebKey

FRESH = 60  # seconds a proof is good for


def digest(text: str) -> str:
    """SHA-256 in base64url: RFC 9449 §4.2, `ath`."""
    return urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


class Key:
    """A client's key, made on the spot."""

    def __init__(self) -> None:
        self._key = JsonWebKey.generate_key("EC", "P-256", is_private=True)

    def proof(self, method: str, address: str, token: str = "") -> str:
        """RFC 9449 §4.2: for one request, with one token."""
        claims = {"jti": str(uuid.uuid4()), "htm": method, "htu": address, "iat": int(time.time())}
        if token:
            claims["ath"] = digest(token)
        headers = {"typ": "dpop+jwt", "jwk": self._key.as_dict(is_private=False)}
        return jwt.encode(claims, self._key.get_private_key(), algorithm="ES256", headers=headers)


def check(proof: str, method: str, address: str, token: str, thumbprint: str) -> None:
    """RFC 9449 §4.3, §7.1. Raises jwt.PyJWTError."""
    public = jwt.get_unverified_header(proof).get("jwk", {})
    claims = jwt.decode(proof, jwt.PyJWK(public, "ES256"), algorithms=["ES256"])
    right = {"htm": method, "htu": address, "ath": digest(token)}
    if (
        any(claims.get(name) != value for name, value in right.items())
        or abs(time.time() - claims["iat"]) > FRESH
    ):
        raise jwt.InvalidTokenError("the proof is for something else")
    if JsonWebKey.import_key(public).thumbprint() != thumbprint:
        raise jwt.InvalidTokenError("the proof is made with another key")
