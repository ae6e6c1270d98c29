"""OAuth 2, the flows: a browser, a client, an authorization server, a resource server, and somebody who lends fonts.

The prose is in guides/oauth2.md. Two faults that a break-it round could put in (they are described here, and not built):

- Clocks that differ: the resource server's clock goes ten minutes ahead. Every access token is expired when it arrives, and a
  client that refreshes gets one that is expired too. What tells it from a token that is old: `jwt.iat` is the packet's own time.
- A resource server that trusts any issuer's keys: it takes a token whose `jwt.iss` is another server's. What is seen is a call
  that succeeds, with no request for the keys of the issuer that the token names.
"""

from machinelab.authoring import At, Lab

from .attacks import csrf, implicit, injection, no_pkce, nonce, pkce_stops, redirect, state
from .common import FORGET, KEYS
from .logins import device, openid, par, pkce, scope
from .machines import (
    audience,
    client_credentials,
    dpop,
    expired,
    introspection,
    key_rotation,
    mtls,
    refresh,
    revocation,
)
from .pictures import PICTURES
from .questions import QUESTIONS

PAIRS = {
    "browser": ("login", "app", "api", "fonts", "tv"),
    "app": ("login", "api"),
    "api": ("login",),
    "mallory": ("login", "api", "app"),
    "tv": ("login", "api"),
}

LAB = Lab(
    "oauth2",
    (
        pkce,
        no_pkce,
        pkce_stops,
        client_credentials,
        refresh,
        csrf,
        state,
        redirect,
        expired,
        audience,
        scope,
        device,
        introspection,
        revocation,
        key_rotation,
        openid,
        injection,
        nonce,
        implicit,
        par,
        dpop,
        mtls,
    ),
    QUESTIONS,
    core=("pkce", "no-pkce", "pkce-stops", "refresh", "csrf", "state"),
    minutes=75,
    pictures=PICTURES,
    memory=450,
    gather=KEYS,
    reset=(At("login", "configure"), At("app", "configure"), At("api", "configure")),
    # Every pair that will speak does so once, so that ARP is done with before the first run.
    warm_up=(
        *(At(node, f"greet {' '.join(others)}") for node, others in PAIRS.items()),
        *FORGET,
    ),
    descriptions={
        "browser": "Chromium, and Alice",
        "login": "authorization server: oidc-provider",
        "app": "client: Authlib, Flask",
        "api": "resource server: PyJWT, Flask",
        "tv": "a device: a script",
        "mallory": "lends fonts: Flask",
    },
)
