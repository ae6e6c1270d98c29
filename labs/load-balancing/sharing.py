"""How work is shared out: below TCP and above HTTP, in turn, by load, by a hash, by a cookie, by connection."""

from machinelab.authoring import Alone, At, Choice, Experiment, Step, Text

from . import headlines
from .common import ANY_WEB, LOG, MANY, OK, QUIET, fresh, shared


def asked(uri: str) -> str:
    """The pattern of a request for this."""
    return f'http.request and http.request.uri == "{uri}"'


BY_L7, BACK_BY_L7 = f"alice > l7 > {ANY_WEB}", f"{ANY_WEB} > l7 > alice"

doors = Experiment(
    "doors",
    "One request, four ways in",
    headline=headlines.doors,
    reset=fresh("proxy={proxy}"),
    run=(
        At("alice", "ask http://l4/dnat"),
        At("alice", "ask http://l7:8080/bytes"),
        At("alice", "ask http://l7:3128/told"),
        At("alice", "ask http://l7/http"),
    ),
    gather=LOG,
    knobs={"proxy": Choice(("v2", "v1"))},
    background=QUIET,
    steps=(
        Step("ask-l4", f"alice > l4 > {ANY_WEB}", asked("/dnat")),
        Step("l4-answer", reply_to="ask-l4", hop=f"{ANY_WEB} > l4 > alice", sees=OK),
        Step("ask-bytes", BY_L7, f"{asked('/bytes')} and not proxied.added"),
        Step("bytes-answer", reply_to="ask-bytes", hop=BACK_BY_L7, sees=OK),
        Step("ask-told", BY_L7, f"{asked('/told')} and not proxied.added"),
        Step("told-answer", reply_to="ask-told", hop=BACK_BY_L7, sees=OK),
        Step(
            "announce",
            f"l7 > {ANY_WEB}",
            "proxy",
            track="announce",
            # A proxy that speaks for itself names nobody (LOCAL, UNKNOWN).
            alone=Alone("proxy-header", "proxy.dstport and (proxy.src.ipv4 or proxy.src.ipv6)"),
        ),
        Step("ask-l7", BY_L7, f'{asked("/http")} and proxied.added contains "x-forwarded-for"'),
        Step("l7-answer", reply_to="ask-l7", hop=BACK_BY_L7, sees=OK),
    ),
)

turns = Experiment(
    "turns",
    "Everybody in turn, and some more often",
    headline=headlines.turns,
    reset=fresh("weights={weights}"),
    run=(At("alice", "ask --keep --times 12 http://l7/turn/@"),),
    gather=LOG,
    knobs={"weights": Choice(("1:1:1", "2:1:1", "4:1:1"))},
    background=QUIET,
    steps=shared("turn"),
)

slow = Experiment(
    "slow",
    "One of three is slow",
    headline=headlines.slow,
    reset=fresh("algorithm={algorithm}", web3="delay={delay}"),
    run=(At("alice", "ask --keep --times 48 --parallel 6 http://l7/job/@"),),
    gather=LOG,
    knobs={
        "algorithm": Choice(("roundrobin", "leastconn", "random(2)", "random(1)")),
        "delay": Text("0.12", r"\d+(\.\d+)?", "Give a time in seconds, like 0.5."),
    },
    background=QUIET,
    steps=shared("job"),
)

FIRST, SECOND = 'http.request.uri.query == "round=1"', 'http.request.uri.query == "round=2"'

keys = Experiment(
    "keys",
    "Every key has its server, until one server leaves",
    headline=headlines.keys,
    reset=fresh("algorithm=uri hash={hash} connections=kept"),
    run=(
        At("alice", "ask --keep --times 48 http://l7/key/@?round=1"),
        At("l7", "balance say set server pool/web2 state maint"),
        At("alice", "ask --keep --times 48 http://l7/key/@?round=2"),
    ),
    gather=LOG,
    knobs={"hash": Choice(("consistent", "map-based"))},
    background=QUIET,
    steps=(
        Step("first-round", BY_L7, f"http.request and {FIRST}", times=(48, 48)),
        Step("first-answer", reply_to="first-round", sees=OK, times=(48, 48)),
        Step("second-round", "alice > l7 > web1|web3", f"http.request and {SECOND}", times=(48, 48)),
        Step("second-answer", reply_to="second-round", sees=OK, times=(48, 48)),
        Step("gone", "alice > l7 > web2", SECOND, times=(0, 0)),
    ),
)

affinity = Experiment(
    "affinity",
    "The same server again, by what is known of the client",
    headline=headlines.affinity,
    reset=fresh("affinity={by}"),
    run=(
        At("alice", "ask --sessions 4 --times 3 http://l7/shop/@"),
        At("bob", "ask --sessions 2 --times 3 http://l7/shop/@"),
    ),
    gather=LOG,
    knobs={"by": Choice(("cookie", "source", "none"))},
    background=QUIET,
    steps=(
        Step("alice-comes", BY_L7, "http.request and not http.cookie", times=MANY, track="alice"),
        Step("alice-served", reply_to="alice-comes", sees=OK, times=MANY, track="alice"),
        Step(
            "alice-returns",
            BY_L7,
            "http.request and http.cookie",
            times=(8, 8),
            track="alice-returns",
            when="by == cookie",
        ),
        Step("alice-known", reply_to="alice-returns", sees=OK, times=(8, 8), when="by == cookie"),
        Step(
            "bob-comes", f"bob > l7 > {ANY_WEB}", "http.request and not http.cookie", times=MANY, track="bob"
        ),
        Step("bob-served", reply_to="bob-comes", sees=OK, times=MANY, track="bob"),
        Step(
            "bob-returns",
            f"bob > l7 > {ANY_WEB}",
            "http.request and http.cookie",
            times=(4, 4),
            track="bob-returns",
            when="by == cookie",
        ),
        Step("bob-known", reply_to="bob-returns", sees=OK, times=(4, 4), when="by == cookie"),
    ),
)

kept = Experiment(
    "kept",
    "One connection for everything, and what that does to the balance",
    headline=headlines.kept,
    telling=("one-connection", "six-connections"),
    reset=fresh(),
    run=(
        At("alice", "ask --keep --times 18 http://{door}/page/@"),
        At("bob", "ask --times 6 http://{door}/page/@"),
    ),
    gather=LOG,
    knobs={"door": Choice(("l4", "l7:8080", "l7"))},
    background=QUIET,
    steps=(
        Step("one-connection", f"alice > l4|l7 > {ANY_WEB}", "http.request", times=(18, 18)),
        Step("one-connection-served", reply_to="one-connection", sees=OK, times=(18, 18)),
        Step("six-connections", f"bob > l4|l7 > {ANY_WEB}", "http.request", times=(6, 6)),
        Step("six-connections-served", reply_to="six-connections", sees=OK, times=(6, 6)),
    ),
)
