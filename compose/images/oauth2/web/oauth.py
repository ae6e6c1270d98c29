"""oauth DEED: what clients do without a browser. Authlib speaks with the authorization server; each request on a connection of its own."""

import json
import socket
import sys
import time
from pathlib import Path
from typing import Any

import requests
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from dpop import Key
from lab import ISSUER, TLS

TOKEN = f"{ISSUER}/token"
API, VAULT = "https://api.example.test/", "https://vault.example.test/"
KEPT = Path("/run/oauth2/tokens.json")
WAIT = 15.0  # seconds for anything


def told(what: str, response: requests.Response) -> requests.Response:
    """Say what was answered."""
    print(f"{what}: {response.status_code} {response.text.strip()[:200]}")
    return response


def call(
    where: str, token: str, method: str = "GET", scheme: str = "Bearer", **headers: str
) -> requests.Response:
    """Ask a resource server, with a token."""
    headers = {"Authorization": f"{scheme} {token}", "Connection": "close", **headers}
    return told(
        f"{method} {where}orders", requests.request(method, f"{where}orders", headers=headers, timeout=WAIT)
    )


def post(path: str, client: tuple[str, str] | None, **form: str) -> requests.Response:
    """Ask the authorization server; whatever it answers."""
    told_ = requests.post(
        f"{ISSUER}{path}", data=form, auth=client, headers={"Connection": "close"}, timeout=WAIT
    )
    return told(f"POST {path}", told_)


def job(auth: str = "client_secret_basic", scope: str = "orders:read", resource: str = API) -> str:
    """The job's own access token: RFC 6749 §4.4."""
    name = {"client_secret_post": "job-post", "private_key_jwt": "job-jwt"}.get(auth, "job")
    secret = (TLS / "job.key").read_text() if auth == "private_key_jwt" else "job-secret"
    with OAuth2Session(name, secret, token_endpoint_auth_method=auth, scope=scope) as session:
        session.headers["Connection"] = "close"
        if auth == "private_key_jwt":
            session.register_client_auth_method(PrivateKeyJWT(TOKEN, headers={"kid": "job"}, alg="ES256"))
        return session.fetch_token(TOKEN, grant_type="client_credentials", resource=resource)["access_token"]


def client_credentials(auth: str) -> None:
    """One token, one call."""
    call(API, job(auth))


def audience(resource: str) -> None:
    """A token that is good, at the wrong door."""
    call(API, job(scope="books:read" if "books" in resource else "orders:read", resource=resource))


def introspection(scope: str) -> None:
    """Two calls with a token that is a mere number, two with one that speaks for itself."""
    opaque, signed = job(scope=scope, resource=VAULT), job(scope=scope)
    for where, token in ((VAULT, opaque), (VAULT, opaque), (API, signed), (API, signed)):
        call(where, token)


def revocation(scope: str) -> None:
    """Both kinds are revoked: RFC 7009."""
    opaque, signed = job(scope=scope, resource=VAULT), job(scope=scope)
    for where, token in ((VAULT, opaque), (API, signed)):
        call(where, token)
        post("/token/revocation", ("job", "job-secret"), token=token, token_type_hint="access_token")
        call(where, token)


def keep_job() -> None:
    """A token for later."""
    KEPT.write_text(json.dumps({"access_token": job()}))
    call(API, json.loads(KEPT.read_text())["access_token"])


def new_and_old() -> None:
    """A token that the new key signed, and the one from before."""
    call(API, job())
    call(API, json.loads(KEPT.read_text())["access_token"])


def kept() -> dict[str, Any]:
    """What was put aside for later."""
    return json.loads(KEPT.read_text())


def refresh(token: str) -> dict[str, Any]:
    """New tokens for a refresh token: RFC 6749 §6."""
    return post("/token", ("web", "web-secret"), grant_type="refresh_token", refresh_token=token).json()


def rotate() -> None:
    """The refresh token of the last login, used; then once more, by whoever has a copy; then the one that came for it."""
    first = kept()["refresh_token"]
    second = refresh(first).get("refresh_token", first)
    refresh(first)
    refresh(second)


def expired() -> None:
    """The access token of the last login when its time is over; then a fresh one."""
    tokens = kept()
    time.sleep(max(0.0, tokens["expires_at"] + 0.1 - time.time()))  # the clock is what this is about
    call(API, tokens["access_token"])
    call(API, refresh(tokens["refresh_token"])["access_token"])


def device(scope: str) -> None:
    """A television: RFC 8628. It asks, shows a code, and asks again until somebody has typed it in elsewhere."""
    form = {"client_id": "tv", "scope": scope, "resource": API}
    asked = post("/device/auth", None, **form).json()
    grant = {
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "device_code": asked["device_code"],
    }
    token = post("/token", None, client_id="tv", **grant).json()
    # Somebody looks at the screen. Nobody here has eyes: a datagram comes, and one with the code goes back.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as screen:
        screen.bind(("0.0.0.0", 7777))
        screen.settimeout(WAIT)
        _, eyes = screen.recvfrom(64)
        screen.sendto(asked["user_code"].encode(), eyes)
    end = time.monotonic() + WAIT
    while token.get("error") == "authorization_pending" and time.monotonic() < end:
        time.sleep(asked.get("interval", 5))  # RFC 8628 §3.5
        token = post("/token", None, client_id="tv", **grant).json()
    call(API, token["access_token"])


def dpop(scope: str) -> None:
    """A token bound to a key: RFC 9449. Shown with the key's proof, then without."""
    key = Key()
    proof = key.proof("POST", TOKEN)
    form = {"grant_type": "client_credentials", "scope": scope, "resource": API}
    headers = {"DPoP": proof, "Connection": "close"}
    token = requests.post(TOKEN, data=form, auth=("job", "job-secret"), headers=headers, timeout=WAIT).json()[
        "access_token"
    ]
    call(API, token, scheme="DPoP", DPoP=key.proof("GET", f"{API}orders", token))
    call(API, token)  # a thief has the token, not the key
    call(API, token, scheme="DPoP", DPoP=Key().proof("GET", f"{API}orders", token))  # nor is any key good


def mtls(scope: str) -> None:
    """A token bound to a certificate: RFC 8705. Shown with the certificate, without one, and with another."""
    metadata = requests.get(
        f"{ISSUER}/.well-known/openid-configuration", headers={"Connection": "close"}, timeout=WAIT
    )
    where = metadata.json()["mtls_endpoint_aliases"]["token_endpoint"]
    form = {"grant_type": "client_credentials", "client_id": "till", "scope": scope, "resource": API}
    told_ = requests.post(
        where, data=form, cert=holder("till"), headers={"Connection": "close"}, timeout=WAIT
    )
    token = told("POST /token", told_).json()["access_token"]
    for cert in (holder("till"), None, holder("stranger")):
        headers = {"Authorization": f"Bearer {token}", "Connection": "close"}
        address = "https://api.example.test:8443/orders"
        told("GET orders", requests.get(address, headers=headers, cert=cert, timeout=WAIT))


def holder(name: str) -> tuple[str, str]:
    """The certificate and the key of somebody who shows one."""
    return str(TLS / f"{name}.pem"), str(TLS / f"{name}.key")


DEEDS = (
    client_credentials,
    audience,
    introspection,
    revocation,
    keep_job,
    new_and_old,
    rotate,
    expired,
    device,
    dpop,
    mtls,
)

if __name__ == "__main__":
    name, *words = sys.argv[1:]
    {deed.__name__.replace("_", "-"): deed for deed in DEEDS}[name](*words)
