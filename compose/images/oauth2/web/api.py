"""Two resource servers: api.example.test reads its tokens itself (RFC 9068), vault.example.test asks what they are worth (RFC 7662)."""

import ssl
from base64 import urlsafe_b64encode
from hashlib import sha256
from threading import Thread
from typing import Any

import dpop
import jwt
import requests
from flask import Flask, Response, jsonify, request
from lab import ISSUER, Settings, serve

api, vault = Flask("api"), Flask("vault")
settings = Settings()
Claims = dict[str, Any]
NAME, SPA = "https://api.example.test/", "https://spa.example.test"
ORDERS = [{"order": 17, "what": "a kettle"}, {"order": 18, "what": "two cups"}]


class Refused(Exception):
    """RFC 6750 §3.1: an error code, in words, and with which status."""

    def __init__(self, status: int, error: str = "", description: str = "", **more: str) -> None:
        super().__init__(error)
        self.status, self.said = status, {"error": error, "error_description": description, **more}


def refused(error: Refused) -> Response:
    """The refusal, in a header and in JSON."""
    said = ", ".join(f'{name}="{value}"' for name, value in error.said.items() if value)
    response = jsonify({name: value for name, value in error.said.items() if value})
    response.status_code = error.status
    response.headers["WWW-Authenticate"] = f"Bearer {said}".strip()
    return response


def shared(response: Response) -> Response:
    """A page of spa.example.test may read the answer, and show a token: https://fetch.spec.whatwg.org, CORS."""
    if request.headers.get("Origin") == SPA:
        response.headers["Access-Control-Allow-Origin"] = SPA
        response.headers["Access-Control-Allow-Headers"] = "Authorization"
    return response


def shown() -> tuple[str, str]:
    """How a token is shown, and the token: RFC 6750 §2.1, RFC 9449 §7.1."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme not in ("Bearer", "DPoP") or not token:
        raise Refused(401)  # no token, no error code: RFC 6750 §3.1
    return scheme, token


def certificate() -> str:
    """The hash of the certificate that the other end has shown, and can sign with: RFC 8705 §3.1. Empty if it has not."""
    pem = request.environ.get("SSL_CLIENT_CERT")
    if not pem:
        return ""
    return urlsafe_b64encode(sha256(ssl.PEM_cert_to_DER_cert(pem)).digest()).rstrip(b"=").decode()


def bound(said: Claims, scheme: str, token: str) -> None:
    """A token that is bound to a key is worth nothing without the key: RFC 9449 §7.1, RFC 8705 §3."""
    known = said.get("cnf", {})
    if known.get("x5t#S256") not in (None, certificate()):
        raise jwt.InvalidTokenError("the token is bound to a certificate, and came without it")
    thumbprint = known.get("jkt")
    if thumbprint is None and scheme == "Bearer":
        return
    if scheme != "DPoP" or thumbprint is None:
        raise jwt.InvalidTokenError("the token is bound to a key, and came without its proof")
    dpop.check(request.headers.get("DPoP", ""), request.method, request.base_url, token, thumbprint)


def claims() -> Claims:
    """What a token says, if its signature, issuer, audience and time are right: RFC 9068 §4."""
    scheme, token = shown()
    keys = settings.once("keys", lambda: jwt.PyJWKClient(f"{ISSUER}/jwks", lifespan=3600))
    try:
        if jwt.get_unverified_header(token).get("typ") != "at+jwt":
            raise jwt.InvalidTokenError("not an access token")
        key = keys.get_signing_key_from_jwt(token)
        needed = {"require": ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"]}
        said = jwt.decode(token, key, algorithms=["ES256"], audience=NAME, issuer=ISSUER, options=needed)
        bound(said, scheme, token)
    except jwt.PyJWTError as error:
        raise Refused(401, "invalid_token", str(error)) from error
    return said


def asked() -> Claims:
    """What the authorization server says of a token: RFC 7662 §2.1. Nothing is remembered, so nothing is out of date."""
    _, token = shown()
    form, me = {"token": token, "token_type_hint": "access_token"}, ("vault", "vault-secret")
    where, headers = f"{ISSUER}/token/introspection", {"Connection": "close"}
    said = requests.post(where, data=form, auth=me, headers=headers, timeout=10).json()
    if not said.get("active"):
        raise Refused(401, "invalid_token", "not active")
    return said


def require(scope: str, said: Claims) -> None:
    """Refuse a token that does not allow this: RFC 6750 §3.1."""
    if scope not in said.get("scope", "").split():
        raise Refused(403, "insufficient_scope", "the token does not allow this", scope=scope)


@api.get("/orders")
def orders() -> Response:
    """The orders, for whoever may read them."""
    require("orders:read", claims())
    return jsonify(ORDERS)


@api.post("/orders")
def order() -> tuple[Response, int]:
    """A new order, from whoever may place one."""
    require("orders:write", claims())
    return jsonify({"order": 19}), 201


@vault.get("/orders")
def vault_orders() -> Response:
    """The same orders, behind the other door."""
    require("orders:read", asked())
    return jsonify(ORDERS)


for each in (api, vault):
    each.register_error_handler(Refused, refused)
    each.after_request(shared)

if __name__ == "__main__":
    Thread(target=serve, args=({"api": api}, 8443, True), daemon=True).start()
    serve({"api": api, "vault": vault})
