"""What goes wrong on the front channel: a code that leaks, a login that is somebody else's, an address that is not the client's."""

from machinelab.authoring import At, Choice, Step

from . import headlines
from .common import (
    AWAY,
    CLIENT_KEYS,
    GRANT,
    GRANTLESS,
    LANDS,
    OK,
    PAGE,
    QUESTION,
    REFUSED,
    SENT,
    TOKEN,
    asks,
    comes_back,
    experiment,
    first_call,
    only,
    opens,
    redeems,
    signs_in,
)

SPA = At("browser", "browse spa")
SCOPES = Choice(("orders:read", "orders:read orders:write"))
SCRIPT = Step("script", "browser|app > browser|app", "http and not oauth2", times=(2, 2))
LEAK = Step("leak", "browser > mallory", "http.referer and oauth2.code", same={"oauth2.code": "code"})
STYLE = Step("style", "mallory > browser", OK)
STOLEN = Step(
    "stolen-code",
    "mallory > login",
    f"{GRANT} and oauth2.code and not oauth2.code_verifier",
    same={"oauth2.code": "leak"},
)
PREFLIGHT = asks(
    "preflight", "browser > api", 'http.request.method == "OPTIONS"', "preflight-answer", "http.response"
)


def taken() -> tuple[Step, ...]:
    """A public client's login, as far as its page, which asks somebody else for fonts."""
    return (
        SCRIPT,
        *signs_in(),
        *comes_back(),
        Step("callback-page", "app > browser", OK),
        LEAK,
        STOLEN,
    )


no_pkce = experiment(
    "no-pkce",
    "A stolen code, redeemed",
    (SPA,),
    (
        *taken(),
        Step("thief-tokens", "login > mallory", TOKEN),
        *first_call("mallory"),
        STYLE,
        *asks(
            "late-request",
            "browser > login",
            f"{GRANT} and oauth2.code",
            "already-used",
            GRANTLESS,
        ),
    ),
    app="pkce=none 'scope={scope}'",
    knobs={"scope": SCOPES},
    headline=headlines.no_pkce,
)

pkce_stops = experiment(
    "pkce-stops",
    "A stolen code, worth nothing",
    (SPA,),
    (
        *taken(),
        Step("thief-refused", "login > mallory", 'oauth2.error == "invalid_grant"'),
        STYLE,
        *asks("spa-request", "browser > login", f"{GRANT} and oauth2.code_verifier", "spa-token", TOKEN),
        *PREFLIGHT,
        *first_call("browser"),
        Step("thief-stays-out", "mallory > api", "http.request", times=(0, 0)),
    ),
    app="pkce=S256 'scope={scope}'",
    knobs={"scope": SCOPES},
    headline=headlines.pkce_stops,
)

implicit = experiment(
    "implicit",
    "A token in an address",
    (SPA,),
    (
        SCRIPT,
        *signs_in(),
        Step("token-in-address", "login > browser", f"{AWAY} and oauth2.access_token"),
        Step("bare-callback", "browser > app", 'http.request.uri == "/callback"'),
        Step("callback-page", "app > browser", OK),
        *asks("nothing-leaks", "browser > mallory", "http.referer and not oauth2", "style", OK),
        *PREFLIGHT,
        *first_call("browser"),
        Step("no-back-channel", "any > login", GRANT, times=(0, 0)),
    ),
    app="flow=implicit 'scope={scope}'",
    knobs={"scope": SCOPES},
    headline=headlines.implicit,
)

KITTENS = At("browser", "browse open https://fonts.example.test/kittens")
HERS = {"oauth2.code": "own-code", "oauth2.state": "own-code"}
LURED = (
    Step("lured", "browser > mallory", 'http.request.uri == "/kittens"'),
    Step("own-login", "mallory|app|login > mallory|app|login", "http and not oauth2.code", times=(11, 11)),
    Step("own-code", "login > mallory", f"{AWAY} and oauth2.code"),
    Step("passed-on", "mallory > browser", f"{AWAY} and oauth2.code", same=HERS),
    Step("foreign-callback", "browser > app", "http.request and oauth2.code", same=HERS),
)

csrf = experiment(
    "csrf",
    "Logged in as somebody else",
    (KITTENS,),
    (
        *LURED,
        *redeems("bare-request", "not oauth2.code_verifier", of="own-code"),
        *CLIENT_KEYS,
        *LANDS,
        *first_call(),
        PAGE,
    ),
    app="state=unchecked pkce=none 'scope={scope}'",
    knobs={"scope": Choice(("openid profile orders:read", "openid orders:read"))},
    headline=headlines.csrf,
)

state = experiment(
    "state",
    "An answer to no question",
    (KITTENS,),
    (
        *LURED,
        Step("not-mine", "app > browser", "http.response.code == 400"),
        Step("not-redeemed", "app > login", GRANT, times=(0, 0)),
    ),
    app="pkce={pkce}",
    knobs={"pkce": Choice(("none", "S256"))},
    headline=headlines.state,
)

ATTEMPT = At("browser", "browse attempt")
FINISHES = Step("finishes", "browser > app", 'http.request.uri contains "/finish"')  # Alice's browser goes on
INJECTED = (
    Step("lent-page", "app > browser", OK),
    LEAK,
    Step("thief-opens", "mallory > app", 'http.request.uri == "/login"'),
    Step("thief-asked", "app > mallory", f"{AWAY} and oauth2.nonce"),
    Step("injects", "mallory > app", "http.request and oauth2.code", same={"oauth2.code": "leak"}),
)
TOO_LATE = (
    *asks("own-request", "app > login", f"{GRANT} and oauth2.code", "spent", GRANTLESS),
    Step("not-let-in", "app > browser", "http.response.code == 400"),
)

injection = experiment(
    "injection",
    "A stolen code, given to its own client",
    (ATTEMPT,),
    (
        *opens(),
        SENT,
        *signs_in("oauth2.nonce", QUESTION),
        *comes_back(),
        *INJECTED,
        *redeems("bare-request", "not oauth2.code_verifier", of="injects"),
        *CLIENT_KEYS,
        Step("thief-lands", "app > mallory", f"{AWAY} and not oauth2"),
        Step("thief-asks", "mallory > app", 'http.request.uri == "/orders"'),
        *first_call(),
        Step("thief-page", "app > mallory", OK),
        STYLE,
        FINISHES,
        *TOO_LATE,
    ),
    app="letters=yes nonce=unchecked pkce=none 'scope={scope}'",
    knobs={"scope": Choice(("openid profile orders:read", "openid orders:read"))},
    headline=headlines.injection,
)

nonce = experiment(
    "nonce",
    "An ID token for another login",
    (ATTEMPT,),
    (
        *opens(),
        SENT,
        *signs_in("oauth2.nonce", QUESTION),
        *comes_back(),
        *INJECTED,
        *redeems("bare-request", "not oauth2.code_verifier", "pkce == none", "injects"),
        *CLIENT_KEYS,  # for Mallory's attempt, or for Alice after it
        *asks(
            "other-verifier",
            "app > login",
            "oauth2.code_verifier",
            "verifier-refused",
            GRANTLESS,
            "pkce == S256",
        ),
        Step("not-this-login", "app > mallory", "http.response.code == 400"),
        STYLE,
        FINISHES,
        *only("pkce == none", *TOO_LATE),
        *only("pkce == S256", *redeems(), *LANDS, *first_call(), PAGE),
        Step("thief-gets-nothing", "app > mallory", OK, times=(0, 0)),
    ),
    app="letters=yes pkce={pkce}",
    knobs={"pkce": Choice(("none", "S256"))},
    headline=headlines.nonce,
)

ASK = "https://login.example.test/auth?client_id=web&response_type=code&scope=openid&redirect_uri="

redirect = experiment(
    "redirect",
    "An address that was never registered",
    (At("browser", f"browse open {ASK}{{uri}}"),),
    (
        Step("crooked-request", "browser > login", "http.request and oauth2.redirect_uri"),
        Step("no-redirect", "login > browser", f"{REFUSED} and not http.location"),
        Step("no-visit", "browser > mallory", "http.request", times=(0, 0)),
    ),
    knobs={
        "uri": Choice(
            (
                "https://fonts.example.test/callback",
                "https://app.example.test/callback/more",
                "https://app.example.test/callback?to=fonts",
                "http://app.example.test/callback",
            )
        )
    },
    headline=headlines.redirect,
)
