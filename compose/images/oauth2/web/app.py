"""app.example.test: a web application that lets people in by OpenID Connect, and fetches their orders. Authlib and Flask.

It is a confidential client (RFC 6749 §2.1): its secret, and all tokens, stay on this server.
"""

import json
import secrets
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from authlib.oidc.core import CodeIDToken
from flask import Flask, Response, redirect, request, session
from lab import ISSUER, Settings, bare, serve
from markupsafe import escape
from spa import LETTERS, spa

app = Flask(__name__)
app.secret_key = secrets.token_bytes(32)
app.after_request(bare)
settings = Settings()
Answer: TypeAlias = Response | str | tuple[str, int] | tuple[str, dict[str, str]]
KEPT = Path("/run/oauth2/tokens.json")  # where `oauth` finds the tokens of the last login
BACK = "https://app.example.test/callback"
API = "https://api.example.test/orders"
HEAD = '<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>Orders</title>'


def client() -> Any:
    """The OAuth client, with what it has learned about the authorization server since `configure`."""

    def make() -> Any:
        options = {"scope": settings("scope", "openid profile orders:read")}
        if settings("pkce", "S256") != "none":
            options["code_challenge_method"] = settings("pkce", "S256")
        return OAuth(app).register(
            "login",
            overwrite=True,
            client_id="web",
            client_secret="web-secret",
            server_metadata_url=f"{ISSUER}/.well-known/openid-configuration",
            client_kwargs=options,
        )

    return settings.once("client", make)


def tokens() -> dict[str, Any]:
    """The tokens of those who are logged in."""
    return settings.once("tokens", dict)


@app.get("/")
def home() -> str:
    """The front page."""
    return f'{HEAD}<h1>Orders</h1><a href="/login">Log in</a>'


@app.get("/login")
def login() -> Response:
    """Send the browser to the authorization server."""
    if settings("par") == "yes":
        return pushed()
    return client().authorize_redirect(BACK)


def pushed() -> Response:
    """The request goes to the authorization server by the back channel; the browser carries no more than its number: RFC 9126."""
    asked = client().create_authorization_url(BACK)
    client().save_authorize_data(redirect_uri=BACK, **asked)
    form = dict(parse_qsl(urlsplit(asked["url"]).query))
    told = requests.post(f"{ISSUER}/request", data=form, auth=("web", "web-secret"), timeout=10).json()
    return redirect(f"{ISSUER}/auth?client_id=web&request_uri={told['request_uri']}")


class Careless(CodeIDToken):
    """An ID token whose nonce nobody looks at: how it must not be done (OpenID Connect Core §3.1.3.7)."""

    def validate_nonce(self) -> None:
        """Whatever it is, it is taken."""


def redeemed() -> dict[str, Any]:
    """Tokens for the code that came back. `state=unchecked` is how it must not be done: RFC 9700 §4.7."""
    if settings("state") != "unchecked":
        careless = settings("nonce") == "unchecked"
        return client().authorize_access_token(claims_cls=Careless if careless else None)
    token = client().fetch_access_token(redirect_uri=BACK, code=request.args["code"])
    return {**token, "userinfo": client().parse_id_token(token, nonce=None)}


@app.get("/callback")
def callback() -> Answer:
    """The browser is back, with a code."""
    return lent() if settings("letters") == "yes" else finish()


def lent() -> Answer:
    """First a page in somebody else's letters, at an address with a code in it; its script goes on: RFC 9700 §4.2."""
    script = '<script>location.replace("/finish" + location.search)</script>'
    return f"{HEAD}{LETTERS}<h1>One moment</h1>{script}", {"Referrer-Policy": "unsafe-url"}


@app.get("/finish")
def finish() -> Answer:
    """Let in whoever brings a code that belongs here."""
    try:
        token = redeemed()
    except AuthlibBaseError as error:
        return f"{HEAD}<h1>Not let in</h1><p>{escape(error.error)}: {escape(error.description)}", 400
    session.clear()
    session["id"] = secrets.token_urlsafe(9)
    tokens()[session["id"]] = token
    KEPT.write_text(json.dumps(token))
    return redirect("/orders")


def ask(method: str) -> requests.Response:
    """Ask the resource server, with this browser's token."""
    token = tokens()[session["id"]]
    header = {"Authorization": f"Bearer {token['access_token']}", "Connection": "close"}
    return requests.request(method, API, headers=header, timeout=10)


@app.get("/orders")
def orders() -> Answer:
    """What the resource server gives, or who has logged in."""
    token = tokens().get(session.get("id"))
    if token is None:
        return redirect("/login")
    told = client().userinfo(token=token) if settings("shows") == "name" else ask("GET").text
    form = '<form method="post"><button>Order</button></form>' if "orders:write" in settings("scope") else ""
    name = token.get("userinfo", {}).get("name", "?")
    return f"{HEAD}<h1>Orders of {escape(name)}</h1><p>{escape(told)}</p>{form}"


@app.post("/orders")
def order() -> Answer:
    """Pass an order on."""
    told = ask("POST")
    return (
        f"{HEAD}<h1>{'Ordered' if told.ok else 'Not ordered'}</h1><p>{escape(told.text)}</p>",
        told.status_code,
    )


if __name__ == "__main__":
    serve({"app": app, "spa": spa})
