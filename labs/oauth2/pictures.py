"""Who sees what: which secret passed through whose hands, by the front channel (the browser) or the back channel."""

from machinelab.authoring import Event, Matrix, Picture, Run

PARTIES = ("browser", "app", "login", "api", "tv", "mallory")
SECRETS = {
    "state": "oauth2.state",
    "code": "oauth2.code",
    "code challenge": "oauth2.code_challenge",
    "code verifier": "oauth2.code_verifier",
    "client secret": "oauth2.client_secret",
    "access token": "oauth2.access_token",
    "refresh token": "oauth2.refresh_token",
    "ID token": "oauth2.id_token",
    "device code": "oauth2.device_code",
}
FRONT, BACK, BOTH = "F", "B", "FB"


def who_sees_what(run: Run) -> Matrix | None:
    """For each secret that the run's packets carry, each party that sent or received it."""
    seen: dict[tuple[str, str], set[str]] = {}
    for event in run.trace.events:
        ends = {run.node(event.src), run.node(event.dst)}
        channel = FRONT if "browser" in ends else BACK
        for secret in _carried(event):
            for party in ends:
                seen.setdefault((secret, party), set()).add(channel)
    secrets = [name for name in SECRETS if any(secret == name for secret, _ in seen)]
    parties = [name for name in PARTIES if any(party == name for _, party in seen)]
    if not secrets:
        return None
    cells = tuple(tuple(_cell(seen.get((secret, party), set())) for party in parties) for secret in secrets)
    legend = (
        ("F", "front channel: in the browser's hands, and in its history"),
        ("B", "back channel: from server to server"),
        ("FB", "both"),
        ("–", "never passed through its hands"),
    )
    return Matrix("party", "secret", tuple(parties), tuple(secrets), cells, legend)


def _carried(event: Event) -> list[str]:
    """The secrets in an event; a redirect's address carries them too."""
    if event.again:
        return []
    return [name for name, field in SECRETS.items() if field in event]


def _cell(channels: set[str]) -> str:
    return "".join(sign for sign in (FRONT, BACK) if sign in channels) or "–"


PICTURES = (
    Picture(
        "who-sees",
        "Who sees what",
        "For each secret of the flow, whose hands it passed through, by the front or the back channel.",
        who_sees_what,
        (
            "pkce",
            "no-pkce",
            "openid",
            "refresh",
            "client-credentials",
            "device",
            "implicit",
            "par",
            "csrf",
            "injection",
        ),
    ),
)
