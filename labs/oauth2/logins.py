"""A person logs in: the authorization code flow, whole, with its variants, and the device flow."""

from dataclasses import replace

from machinelab.authoring import Alone, At, Choice, Step

from . import headlines
from .common import (
    AWAY,
    CLIENT_KEYS,
    GRANT,
    LANDS,
    LOGIN,
    NO_ORDER,
    OK,
    PAGE,
    QUESTION,
    SENT,
    TOKEN,
    asks,
    comes_back,
    experiment,
    first_call,
    opens,
    redeems,
    signs_in,
)

pkce = experiment(
    "pkce",
    "One login, four parties",
    (LOGIN,),
    (
        *opens(),
        SENT,
        *signs_in(same=QUESTION),
        *comes_back(),
        *redeems(when="pkce == S256"),
        *redeems("bare-request", "not oauth2.code_verifier", "pkce == none"),
        *CLIENT_KEYS,
        *LANDS,
        *first_call(),
        PAGE,
        NO_ORDER,
    ),
    app="'pkce={pkce}' 'scope={scope}'",
    knobs={"pkce": Choice(("S256", "none")), "scope": "openid profile orders:read"},
    headline=headlines.pkce,
)

openid = experiment(
    "openid",
    "Who has logged in",
    (LOGIN,),
    (
        *opens(),
        SENT,
        *signs_in("oauth2.nonce", QUESTION),
        *comes_back(),
        *redeems(),
        *CLIENT_KEYS,
        *LANDS,
        *asks("userinfo", "app > login", 'http.request.uri == "/me" and oauth2.access_token', "user", OK),
        PAGE,
    ),
    app="'scope={scope}' shows=name",
    knobs={"scope": Choice(("openid profile", "openid"))},
    headline=headlines.openid,
)

scope = experiment(
    "scope",
    "A person allows less than was asked for",
    (At("browser", "browse scope {leave}"),),
    (
        *opens(),
        SENT,
        *signs_in(same=QUESTION),
        *comes_back(),
        *asks("token-request", "app > login", "oauth2.code_verifier", "less-than-asked", TOKEN),
        *CLIENT_KEYS,
        *LANDS,
        *first_call(),
        PAGE,
        Step("orders", "browser > app", 'http.request.method == "POST"'),
        Step("order-call", "app > api", 'http.request.method == "POST" and oauth2.access_token'),
        Step("insufficient", "api > app", 'oauth2.error == "insufficient_scope"'),
        Step("not-ordered", "app > browser", "http.response.code == 403"),
    ),
    app="'scope=openid profile orders:read orders:write'",
    knobs={"leave": "orders:write"},
    headline=headlines.scope,
)

par = experiment(
    "par",
    "The request goes ahead by the back channel",
    (LOGIN,),
    (
        *opens(),
        *asks(
            "pushes",
            "app > login",
            'http.request.uri == "/request" and oauth2.code_challenge',
            "deposited",
            "oauth2.request_uri",
        ),
        Step("sends-number", "app > browser", f"{AWAY} and oauth2.request_uri"),
        *signs_in("oauth2.request_uri", {"oauth2.request_uri": "sends-number"}),
        *comes_back(),
        *redeems(),
        *CLIENT_KEYS,
        *LANDS,
        *first_call(),
        PAGE,
        Step("nothing-in-front", "browser > login", "oauth2.scope or oauth2.redirect_uri", times=(0, 0)),
    ),
    app="par=yes 'scope={scope}'",
    knobs={"scope": "openid profile orders:read"},
    headline=headlines.par,
)

DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
BOTH = "browser|login > browser|login"
POLL = f'{GRANT} == "{DEVICE}"'

DEVICE_ASKS, DEVICE_CODES = asks(
    "device-request", "tv > login", 'http.request.uri == "/device/auth"', "device-codes", "oauth2.device_code"
)
BOTH_CODES = Alone("device-authorization", "http.response and oauth2.device_code and oauth2.user_code")

device = experiment(
    "device",
    "A television without a keyboard",
    (At("browser", "browse device", background=True), At("tv", "oauth device {scope}")),
    (
        DEVICE_ASKS,
        replace(DEVICE_CODES, alone=BOTH_CODES),
        Step("polls", "tv > login", POLL, times=(1, None)),
        Step(
            "pending",
            "login > tv",
            'oauth2.error == "authorization_pending"',
            times=(1, None),
            track="pending",
        ),
        Step(
            "types-code",
            BOTH,
            'http and not http.request.uri contains "/interaction"',
            times=(6, 6),
            track="person",
        ),
        Step("login-form", BOTH, "http and not urlencoded-form", times=(2, 2), track="person"),
        Step("credentials", "browser > login", "http.request and urlencoded-form", track="person"),
        Step("resumes", BOTH, "http", times=(3, 3), track="person"),
        Step("device-tokens", "login > tv", TOKEN, track="tokens"),
        *first_call("tv"),
    ),
    knobs={"scope": Choice(("orders:read", "orders:read orders:write"))},
    limit=40.0,
    headline=headlines.device,
)
