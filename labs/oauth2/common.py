"""Words and pieces that the experiments share: who says what to whom, by which channel, and what is gathered."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypedDict, Unpack

from machinelab.authoring import (
    ARP,
    Alone,
    At,
    Background,
    Choice,
    Experiment,
    Gather,
    Headline,
    Run,
    Step,
)

OPENERS = ("browser", "app", "api", "tv", "mallory")  # who opens TLS connections has their secrets
KEYS = tuple(Gather(node, "keys", "cat /run/oauth2/keys.log") for node in OPENERS)
FORGET = tuple(At(node, "truncate -s 0 /run/oauth2/keys.log", parallel=node != "browser") for node in OPENERS)
TLS = Background("tls", "tls.handshake or tls.change_cipher_spec or tls.alert_message")
# A connection from before the run is closed late: its first packet is no SYN, its alert is sealed under forgotten keys.
LATE = Background(
    "late-goodbye",
    "(tcp.stream.pnum == 1 and tcp.flags.syn == 0) or (tls.record.length == 19 and tls.app_data and not http)",
)
SCREEN = Background("screen", "udp.port == 7777")
NOISE = (ARP, TLS, LATE, SCREEN)
LOGIN = At("browser", "browse login")
CODE, REFRESH = '"authorization_code"', '"refresh_token"'
GRANT, GRANTLESS = "oauth2.grant_type", 'oauth2.error == "invalid_grant"'
OK, REFUSED, AWAY = (
    "http.response.code == 200",
    "http.response.code >= 400",
    "http.response.code in {302, 303}",
)
TOKEN = "oauth2.access_token and http.response"
QUESTIONS = "oauth2.response_type and oauth2.client_id"
QUESTION = {"oauth2.state": "sends-away", "oauth2.redirect_uri": "sends-away"}
SENT = Step(
    "sends-away",
    "app > browser",
    f"{AWAY} and oauth2.response_type",
    alone=Alone("authorization-redirect", f"{AWAY} and {QUESTIONS}"),
)
NO_ORDER = Step("no-order", "browser > app", 'http.request.method == "POST"', times=(0, 0))


class More(TypedDict, total=False):
    """What an experiment may say besides."""

    knobs: dict[str, str | Choice]
    until: str
    limit: float
    headline: Callable[[Run], Headline | str]


def experiment(
    id: str,
    title: str,
    run: tuple[At, ...],
    steps: tuple[Step, ...],
    *,
    app: str = "",
    login: str = "",
    before: tuple[At, ...] = (),
    **more: Unpack[More],
) -> Experiment:
    """One whose nodes have forgotten what they knew, and whose servers behave as `app` and `login` say (see `configure`)."""
    known = (
        At("login", f"configure {login}"),
        At("app", f"configure {app}", parallel=True),
        At("api", "configure", parallel=True),
    )
    return Experiment(id, title, run, steps, (*known, *before, *FORGET), KEYS, background=NOISE, **more)


def asks(
    id: str, hop: str, sees: str, reply: str, answer: str, when: str = "", track: str = ""
) -> tuple[Step, Step]:
    """A request and its reply."""
    request = Step(id, hop, f"http.request and {sees}", when=when, track=track)
    return request, Step(reply, "", answer, reply_to=id, when=when)


def opens(who: str = "browser") -> tuple[Step, ...]:
    """The application sends somebody away to log in, having asked where that is."""
    return (
        Step("opens", f"{who} > app", 'http.request.uri == "/login"'),
        *asks(
            "discovery",
            "app > login",
            'http.request.uri contains "openid-configuration"',
            "metadata",
            "oauth2.issuer",
        ),
    )


def signs_in(
    authorize: str = "oauth2.response_type", same: Mapping[str, str] | None = None
) -> tuple[Step, ...]:
    """Alice at the authorization server: the request arrives, `same` as it was sent; she says who she is and what she allows."""
    return (
        Step(
            "authorize",
            "browser > login",
            f"http.request and {authorize}",
            same=same or {},
            alone=Alone("authorization-request", f"http.request and {QUESTIONS}"),
        ),
        *form(),
    )


def form() -> tuple[Step, ...]:
    """The form, filled in."""
    at_login = "browser|login > browser|login"
    return (
        Step("login-form", at_login, "http and not urlencoded-form", times=(3, 3)),
        Step("credentials", "browser > login", "http.request and urlencoded-form"),
        Step("resumes", at_login, "http and not oauth2", times=(2, 2)),
    )


def comes_back() -> tuple[Step, ...]:
    """The code, by way of the browser."""
    return (
        Step(
            "code",
            "login > browser",
            f"{AWAY} and oauth2.code",
            alone=Alone("code-redirect", f"{AWAY} and oauth2.code and not oauth2.response_type"),
        ),
        Step(
            "callback",
            "browser > app",
            "http.request and oauth2.code and not oauth2.grant_type",
            same={"oauth2.code": "code", "oauth2.state": "code"},
            alone=Alone(
                "code-callback",
                'http.request.method == "GET" and oauth2.code and oauth2.state and not oauth2.grant_type',
            ),
        ),
    )


# With a password of its own: no page in a browser has one.
REDEEMED = Alone(
    "code-redeemed",
    f"http.request and {GRANT} == {CODE} and oauth2.code and oauth2.code_verifier and oauth2.client_secret",
)


def redeems(
    request: str = "token-request", sees: str = "oauth2.code_verifier", when: str = "", of: str = "callback"
) -> tuple[Step, ...]:
    """The code of that step for tokens, by the back channel."""
    reply = request.replace("request", "tokens").removeprefix("token-")
    bare = request != "token-request"
    shown, given = asks(request, "app > login", f"{GRANT} == {CODE} and {sees}", reply, TOKEN, when)
    return replace(shown, same={"oauth2.code": of}, alone=REDEEMED if not bare else None), given


def keys(who: str, id: str) -> tuple[Step, ...]:
    """The authorization server's public keys, fetched by whoever has a signature to check."""
    return asks(id, f"{who} > login", 'http.request.uri == "/jwks"', f"{id}-answer", "jwk", track="keys")


CLIENT_KEYS = keys("app", "client-keys")
API_KEYS = keys("api", "api-keys")


def calls(
    client: str = "app", id: str = "api-call", answer: str = "api-answer", sees: str = ""
) -> tuple[Step, Step]:
    """The token is shown, and taken."""
    return asks(id, f"{client} > api", f"oauth2.access_token{sees}", answer, OK)


def first_call(client: str = "app") -> tuple[Step, ...]:
    """The same, by a resource server that has to fetch the keys first."""
    call, answer = calls(client)
    return call, *API_KEYS, answer


LANDS = (
    Step("lands", "app > browser", f"{AWAY} and not oauth2"),
    Step("asks-page", "browser > app", 'http.request.uri == "/orders"'),
)
PAGE = Step("page", "app > browser", f"{OK} and not oauth2")


def refused(client: str, id: str, answer: str, sees: str) -> tuple[Step, Step]:
    """The token is shown, and not taken."""
    return asks(id, f"{client} > api", f"oauth2.access_token{sees}", answer, f"{REFUSED} and oauth2.error")


def only(when: str, *steps: Step) -> tuple[Step, ...]:
    """The same, where a knob says so."""
    return tuple(replace(step, when=when) for step in steps)


FOR_ITSELF = Alone(
    "client-credentials-grant",
    f'http.request and {GRANT} == "client_credentials" and (oauth2.client_secret or oauth2.client_assertion)',
)


def own_token(id: str = "job-request", answer: str = "job-token", sees: str = "") -> tuple[Step, Step]:
    """A client's token for itself: client credentials."""
    request, reply = asks(id, "app > login", f'{GRANT} == "client_credentials"{sees}', answer, TOKEN)
    return (replace(request, alone=FOR_ITSELF) if id == "job-request" else request), reply
