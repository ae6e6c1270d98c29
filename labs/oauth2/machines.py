"""No browser in sight: clients on their own account, tokens that are renewed, refused, asked about, revoked, bound."""

from collections.abc import Mapping
from dataclasses import replace

from machinelab.authoring import At, Choice, Step

from . import headlines
from .common import (
    API_KEYS,
    GRANT,
    GRANTLESS,
    LOGIN,
    REFRESH,
    TOKEN,
    asks,
    calls,
    experiment,
    first_call,
    own_token,
    refused,
)

ONE_CALL = Step("one-call", "app > api", "http.request", times=(0, 0))
REFRESHES = f"{GRANT} == {REFRESH}"
SIGNED, OPAQUE = " and jwt", " and not jwt"

client_credentials = experiment(
    "client-credentials",
    "A program on its own account",
    (At("app", "oauth client-credentials {auth}"),),
    (*own_token(), *first_call(), ONE_CALL),
    knobs={"auth": Choice(("client_secret_basic", "client_secret_post", "private_key_jwt"))},
    headline=headlines.client_credentials,
)

FIRST, HEIR = {"oauth2.refresh_token": "refresh-request"}, {"oauth2.refresh_token": "refreshed"}


def shown(same: Mapping[str, str], request: Step, reply: Step) -> tuple[Step, Step]:
    """A request in which the same token is shown as in another step, and its reply."""
    return replace(request, same=same), reply


refresh = experiment(
    "refresh",
    "A refresh token used twice",
    (At("app", "oauth rotate"),),
    (
        *asks("refresh-request", "app > login", REFRESHES, "refreshed", TOKEN),
        *shown(FIRST, *asks("reuse", "app > login", REFRESHES, "reuse-refused", GRANTLESS, "rotate == yes")),
        *shown(HEIR, *asks("heir", "app > login", REFRESHES, "heir-refused", GRANTLESS, "rotate == yes")),
        *shown(FIRST, *asks("same-again", "app > login", REFRESHES, "same-taken", TOKEN, "rotate == no")),
        *shown(FIRST, *asks("and-again", "app > login", REFRESHES, "again-taken", TOKEN, "rotate == no")),
    ),
    login="rotate={rotate}",
    before=(LOGIN,),
    knobs={"rotate": Choice(("yes", "no"))},
    headline=headlines.refresh,
)

expired = experiment(
    "expired",
    "A token whose time is over",
    (At("app", "oauth expired"),),
    (
        *refused("app", "late-call", "token-expired", ""),
        *asks("refresh-request", "app > login", REFRESHES, "refreshed", TOKEN),
        *calls(id="fresh-call"),
    ),
    login="brief=yes rotate={rotate}",
    before=(LOGIN,),
    knobs={"rotate": Choice(("yes", "no"))},
    headline=headlines.expired,
)

audience = experiment(
    "audience",
    "A good token at the wrong door",
    (At("app", "oauth audience {resource}"),),
    (
        *own_token(),
        Step("api-call", "app > api", 'oauth2.access_token and jwt.aud != "https://api.example.test/"'),
        *API_KEYS,
        Step("wrong-audience", "api > app", 'oauth2.error == "invalid_token"'),
    ),
    knobs={"resource": Choice(("https://books.example.test/", "https://api.example.test/"))},
    headline=headlines.audience,
)


def twice(id: str, hop: str, sees: str, reply: str, answer: str, track: str = "") -> tuple[Step, Step]:
    """A request made two times, and both replies."""
    return Step(id, hop, f"http.request and {sees}", times=(2, 2), track=track), Step(
        reply, "", answer, reply_to=id, times=(2, 2)
    )


INTROSPECTION = asks("introspects", "api > login", "oauth2.token", "active", "oauth2.active == 1")

introspection = experiment(
    "introspection",
    "Ask, or read for oneself",
    (At("app", "oauth introspection {scope}"),),
    (
        *own_token("opaque-request", "opaque-token", ' and oauth2.resource == "https://vault.example.test/"'),
        *own_token(),
        *twice(
            "opaque-call",
            "app > api",
            f"oauth2.access_token{OPAQUE}",
            "opaque-answer",
            "http.response.code == 200",
        ),
        *twice("introspects", "api > login", "oauth2.token", "active", "oauth2.active == 1", "introspection"),
        *twice(
            "api-call", "app > api", f"oauth2.access_token{SIGNED}", "api-answer", "http.response.code == 200"
        ),
        *API_KEYS,
        Step("nobody-revokes", "app > login", "oauth2.token", times=(0, 0)),
    ),
    knobs={"scope": Choice(("orders:read", "orders:read orders:write"))},
    headline=headlines.introspection,
)

TAKEN_BACK = {"oauth2.access_token": "opaque-call"}

revocation = experiment(
    "revocation",
    "A token is taken back, or not",
    (At("app", "oauth revocation {scope}"),),
    (
        *own_token("opaque-request", "opaque-token", ' and oauth2.resource == "https://vault.example.test/"'),
        *own_token(),
        *asks(
            "opaque-call",
            "app > api",
            f"oauth2.access_token{OPAQUE}",
            "opaque-answer",
            "http.response.code == 200",
        ),
        *INTROSPECTION,
        *asks("revokes", "app > login", f"oauth2.token{OPAQUE}", "revoked", "http.response.code == 200"),
        *shown(TAKEN_BACK, *refused("app", "call-after", "refused-after", OPAQUE)),
        *asks("introspects-again", "api > login", "oauth2.token", "inactive", "oauth2.active == 0"),
        *calls(sees=SIGNED),
        *API_KEYS,
        *asks(
            "revokes-signed",
            "app > login",
            f"oauth2.token{SIGNED}",
            "cannot-revoke",
            'oauth2.error == "unsupported_token_type"',
        ),
        *calls(id="signed-call-after", answer="still-good", sees=SIGNED),
    ),
    knobs={"scope": Choice(("orders:read", "orders:read orders:write"))},
    headline=headlines.revocation,
)

key_rotation = experiment(
    "key-rotation",
    "A new key, and tokens of the old one",
    (At("app", "oauth keep-job"), At("login", "configure keys={keys}"), At("app", "oauth new-and-old")),
    (
        *own_token(),
        *first_call(),
        *own_token("new-request", "new-token"),
        *asks("new-call", "app > api", "oauth2.access_token", "new-answer", "http.response.code == 200"),
        *asks(
            "new-keys",
            "api > login",
            'http.request.uri == "/jwks"',
            "new-keys-answer",
            'jwk.kid == "key-2"',
            "keys == 2",
        ),
        *calls(id="old-call", answer="old-answer", sees=' and jwt.kid == "key-1"'),
    ),
    knobs={"keys": Choice(("2", "1"))},
    headline=headlines.key_rotation,
)

CERTIFICATE = "tls.handshake.type == 11 and tls.handshake.certificates_length > 0"

mtls = experiment(
    "mtls",
    "A token that only a certificate's owner can use",
    (At("app", "oauth mtls {scope}"),),
    (
        *asks(
            "discovery",
            "app > login",
            'http.request.uri contains "openid-configuration"',
            "aliases",
            "oauth2.mtls_endpoint_aliases",
        ),
        Step("asks-certificate", "login > app", "tls.handshake.type == 13"),
        Step("certificate", "app > login", CERTIFICATE),
        *asks("certified-request", "app > login", GRANT, "certified-token", "jwt.cnf.x5t_S256"),
        Step("api-asks", "api > app", "tls.handshake.type == 13"),
        Step("same-certificate", "app > api", CERTIFICATE),
        *asks(
            "certified-call", "app > api", "oauth2.access_token", "api-answer", "http.response.code == 200"
        ),
        *API_KEYS,
        Step("asks-thief", "api > app", "tls.handshake.type == 13"),
        Step("no-certificate", "app > api", "tls.handshake.certificates_length == 0"),
        *refused("app", "bare-call", "no-owner", ""),
        Step("asks-stranger", "api > app", "tls.handshake.type == 13"),
        Step("other-certificate", "app > api", CERTIFICATE),
        *refused("app", "stranger-call", "other-owner", ""),
    ),
    knobs={"scope": Choice(("orders:read", "orders:read orders:write"))},
    headline=headlines.mtls,
)

dpop = experiment(
    "dpop",
    "A token that only its owner can use",
    (At("app", "oauth dpop {scope}"),),
    (
        *asks("bound-request", "app > login", "oauth2.dpop", "bound-token", "jwt.cnf.jkt"),
        *asks("proven-call", "app > api", "oauth2.dpop", "api-answer", "http.response.code == 200"),
        *API_KEYS,
        *refused("app", "bare-call", "bare-refused", " and not oauth2.dpop"),
        *refused("app", "other-key", "other-refused", " and oauth2.dpop"),
    ),
    knobs={"scope": Choice(("orders:read", "orders:read orders:write"))},
    headline=headlines.dpop,
)
