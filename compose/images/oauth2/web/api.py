"""api.example.test: a resource server that reads its tokens itself (RFC 9068), with PyJWT. vault.example.test asks (RFC 7662)."""

import jwt
from flask import Flask, jsonify, request
from lab import ISSUER, Settings, serve

api = Flask("api")
settings = Settings()
NAME = "https://api.example.test/"
ORDERS = [{"order": 17, "what": "a kettle"}, {"order": 18, "what": "two cups"}]


class Refused(Exception):
    """RFC 6750 §3.1: an error code, in words, and with which status."""

    def __init__(self, status, error="", description="", **more):
        super().__init__(error)
        self.status, self.said = status, {"error": error, "error_description": description, **more}


@api.errorhandler(Refused)
def refused(error):
    said = ", ".join(f'{name}="{value}"' for name, value in error.said.items() if value)
    response = jsonify({name: value for name, value in error.said.items() if value})
    response.status_code = error.status
    response.headers["WWW-Authenticate"] = f"Bearer {said}".strip()
    return response


def bearer():
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not token:
        raise Refused(401)  # no token, no error code: RFC 6750 §3.1
    return token


def claims(token):
    """What a token says, if its signature, issuer, audience and time are right: RFC 9068 §4."""
    keys = settings.once("keys", lambda: jwt.PyJWKClient(f"{ISSUER}/jwks", lifespan=3600))
    try:
        if jwt.get_unverified_header(token).get("typ") != "at+jwt":
            raise Refused(401, "invalid_token", "not an access token")
        key = keys.get_signing_key_from_jwt(token)
        needed = {"require": ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"]}
        return jwt.decode(token, key, algorithms=["ES256"], audience=NAME, issuer=ISSUER, options=needed)
    except jwt.PyJWTError as error:
        raise Refused(401, "invalid_token", str(error)) from error


def require(scope, said):
    if scope not in said.get("scope", "").split():
        raise Refused(403, "insufficient_scope", "the token does not allow this", scope=scope)


@api.get("/orders")
def orders():
    require("orders:read", claims(bearer()))
    return jsonify(ORDERS)


@api.post("/orders")
def order():
    require("orders:write", claims(bearer()))
    return jsonify({"order": 19}), 201


if __name__ == "__main__":
    serve({"api": api})
