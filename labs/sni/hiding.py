"""Who reads the name and stops it, how it is hidden, and where it shows all the same."""

from machinelab.authoring import Alone, At, Background, Choice, Experiment, Step

from . import headlines
from .common import (
    FORGET,
    GATHER,
    NAME,
    NOISE,
    OUTER,
    TYPE,
    WITH_ECH_KEY,
    back,
    certificate,
    clear,
    hello,
    looked,
    page,
    where,
)

EDGE, DNS = "client > isp > edge", "client > isp > dns"
HIDDEN = f'{TYPE} == 1 and {OUTER} and {NAME} == "public.test"'
ACCEPTED = "tls.derived.ech.accepted == 1"

censor = Experiment(
    "censor",
    "Stopped by name",
    headline=headlines.censor,
    reset=(*FORGET, At("isp", "policy {verdict} secret.test")),
    run=(At("client", "visit public.test"), At("client", "visit secret.test", exits=(0, 1))),
    after=(At("isp", "policy pass"),),
    gather=GATHER,
    knobs={"verdict": Choice(("reset", "drop"))},
    telling=(
        "public-certificate",
        "public-page",
        "stopped",
        "forged-reset",
        "forged-reset-behind",
        "again",
        "gives-up",
    ),
    background=NOISE,
    steps=(
        hello("public-hello", EDGE, "public.test"),
        certificate("public-certificate", EDGE, "public.test"),
        *page("public-", EDGE, "public.test"),
        hello("stopped", "client > isp", "secret.test"),
        *where(
            "verdict == reset",
            Step("forged-reset", "edge > client", "tcp.flags.reset == 1", track="resets"),
            Step("forged-reset-behind", "client > edge", "tcp.flags.reset == 1", track="resets-behind"),
            looked("stopped-read", clear("secret.test", "reset")),
        ),
        *where(
            "verdict == drop",
            Step("again", "client > isp", "tcp.analysis.retransmission", times=(1, None), track="again"),
            Step("gives-up", EDGE, "tcp.flags.reset == 1"),
            looked("vanished-read", clear("secret.test", "dropped")),
        ),
        looked("public-read", clear("public.test"), track="onlooker-public"),
    ),
)

HIDDEN_HELLO = Step("hidden-hello", EDGE, HIDDEN, alone=Alone("hidden-hello", f"{TYPE} == 1 and {OUTER}"))
accepted = (
    HIDDEN_HELLO,
    Step("accepted", back(EDGE), f"{TYPE} == 2 and {ACCEPTED}"),
    certificate("secret-certificate", EDGE, "secret.test"),
    *page("secret-", EDGE, "secret.test"),
)

ech = Experiment(
    "ech",
    "A hello inside the hello",
    headline=headlines.ech,
    reset=(*FORGET, At("isp", "policy reset {blocked}")),
    run=(At("client", "visit -ech /published/ech secret.test", exits=(0, 1)),),
    after=(At("isp", "policy pass"),),
    gather=WITH_ECH_KEY,
    knobs={"blocked": Choice(("secret.test", "public.test"))},
    telling=("accepted", "secret-page", "stopped-with-public", "forged-reset", "forged-reset-behind"),
    background=NOISE,
    steps=(
        *where(
            "blocked == secret.test",
            *accepted,
            looked("only-public-read", clear("public.test", ech=True)),
        ),
        *where(
            "blocked == public.test",
            Step("stopped-with-public", "client > isp", HIDDEN),
            Step("forged-reset", "edge > client", "tcp.flags.reset == 1", track="resets"),
            Step("forged-reset-behind", "client > edge", "tcp.flags.reset == 1", track="resets-behind"),
            looked("public-blocked", clear("public.test", "reset", ech=True)),
        ),
        looked("secret-unread", 'onlooker.name == "secret.test"', (0, 0)),
        # The client has the key from before: else this would be `leak`.
        Step("no-lookup", "client > dns", "dns or tls", times=(0, 0)),
    ),
)

stale = Experiment(
    "stale",
    "Encrypted for yesterday's key",
    headline=headlines.stale,
    reset=FORGET,
    run=(At("client", "visit -ech /published/ech-before secret.test", exits=(1,)),),
    gather=WITH_ECH_KEY,
    telling=("hidden-hello", "declined", "public-certificate", "ech-required"),
    # Caddy takes the alert for a bad request, and says so to a client that has gone.
    background=(*NOISE, Background("bad-request", "http.response.code == 400", "edge > client")),
    steps=(
        HIDDEN_HELLO,
        Step("declined", back(EDGE), f"{TYPE} == 2 and not {ACCEPTED}"),
        certificate("public-certificate", EDGE, "public.test"),
        Step("ech-required", EDGE, "tls.alert_message.desc == 121"),
        Step("no-request", EDGE, "http.request", times=(0, 0)),
        looked("only-public-read", clear("public.test", ech=True)),
    ),
)


# A query to the resolver; over HTTPS it stands in a POST, and its answer in the response.
QUERY = 'dns.flags.response == 0 and dns.qry.name == "secret.test"'
ANSWER = "dns.flags.response == 1 and dns.count.answers > 0"
LOOKUPS = tuple(
    step
    for name, kind in (("address", 1), ("https", 65))
    for step in (
        Step(f"{name}-asked", DNS, f"{QUERY} and dns.qry.type == {kind}"),
        Step(f"{name}-answered", back(DNS), f"{ANSWER} and dns.qry.type == {kind}"),
    )
)

leak = Experiment(
    "leak",
    "The name that was asked for before",
    headline=headlines.leak,
    reset=FORGET,
    run=(At("client", "browse {via} secret.test"),),
    gather=WITH_ECH_KEY,
    knobs={"via": Choice(("udp", "tls", "https"))},
    telling=("address-asked", "https-asked", "https-answered", "hidden-hello", "accepted", "secret-page"),
    background=(
        *NOISE,
        Background("resolver-certificate", f"{TYPE} == 11", "dns > client"),
        Background("http2", "http2", "client|dns > client|dns"),
    ),
    steps=(
        *where(
            "via != udp",
            Step("resolver-hello", DNS, f"{TYPE} == 1", times=(2, 2), track="resolver"),
        ),
        *LOOKUPS,
        *accepted,
        *where(
            "via == udp",
            looked(
                "leaked", 'onlooker.what == "dns" and onlooker.name == "secret.test"', (2, 2), "onlooker-dns"
            ),
        ),
        *where(
            "via != udp",
            looked("secret-unread", 'onlooker.name == "secret.test"', (0, 0)),
            looked(
                "resolver-read",
                'onlooker.what == "tls" and onlooker.name in {"dns.test", "none"}',
                (2, 2),
                "onlooker-dns",
            ),
        ),
        looked("only-public-read", clear("public.test", ech=True)),
    ),
)
