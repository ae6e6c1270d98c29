"""app.example.test: a web application that lets people in by OpenID Connect, and fetches their orders. Authlib and Flask.

It is a confidential client (RFC 6749 §2.1): its secret, and all tokens, stay on this server.
"""

import secrets

import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask, redirect, request, session
from lab import ISSUER, Settings, serve
from markupsafe import escape
from spa import spa

app = Flask(__name__)
app.secret_key = secrets.token_bytes(32)
settings = Settings()
API = "https://api.example.test/orders"
HEAD = '<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>Orders</title>'


def client():
    """The OAuth client, with what it has learned about the authorization server since `configure`."""

    def make():
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


def tokens():
    return settings.once("tokens", dict)


@app.get("/")
def home():
    return f'{HEAD}<h1>Orders</h1><a href="/login">Log in</a>'


@app.get("/login")
def login():
    return client().authorize_redirect("https://app.example.test/callback")


@app.get("/callback")
def callback():
    try:
        token = client().authorize_access_token()
    except OAuthError as error:
        return f"{HEAD}<h1>Not let in</h1><p>{escape(error.error)}: {escape(error.description)}", 400
    session.clear()
    session["id"] = secrets.token_urlsafe(9)
    tokens()[session["id"]] = token
    return redirect("/orders")


@app.get("/orders")
def orders():
    token = tokens().get(session.get("id"))
    if token is None:
        return redirect("/login")
    told = requests.get(API, headers={"Authorization": f"Bearer {token['access_token']}"}, timeout=10)
    return f"{HEAD}<h1>Orders of {escape(token['userinfo'].get('name', '?'))}</h1><p>{escape(told.text)}", told.status_code


if __name__ == "__main__":
    serve({"app": app, "spa": spa})
