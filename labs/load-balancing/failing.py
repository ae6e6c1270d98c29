"""What happens when a server dies, comes back, is taken out, or does its work and says nothing."""

from machinelab.authoring import Alone, At, Choice, Experiment, Step

from . import headlines
from .common import ANY_WEB, KNOCKING, LOG, MANY, OK, QUIET, REQUEST, fresh, moods

BY_L7 = f"alice > l7 > {ANY_WEB}"

failover = Experiment(
    "failover",
    "A server dies with a request in its hands",
    headline=headlines.failover,
    telling=("bad-gateway", "knock", "refused"),
    reset=fresh("checks={checks} retries={retries}", web2="die-at=3"),
    run=(At("alice", "ask --keep --times 30 --pause 0.03 http://l7/item/@"),),
    gather=LOG,
    after=moods(),
    knobs={"checks": Choice(("active", "passive", "none")), "retries": Choice(("3", "0"))},
    background=QUIET,
    steps=(
        Step("passed-on", BY_L7, REQUEST, times=MANY),
        Step("served", reply_to="passed-on", hop=f"{ANY_WEB} > l7 > alice", sees=OK, times=MANY),
        Step(
            "bad-gateway",
            reply_to="passed-on",
            hop="l7 > alice",
            sees="http.response.code == 502",
            alone=Alone("gateway-error", "http.response.code == 502"),
        ),
        Step(
            "knock",
            "l7 > web2",
            "tcp.flags.syn == 1 and tcp.completeness == 37",
            times=MANY,
            track="knock",
        ),
        Step(
            "refused",
            "web2 > l7",
            "tcp.flags.reset == 1 and tcp.completeness == 37",
            times=MANY,
            track="refused",
        ),
        Step(
            "turned-away",
            "alice > l7",
            f"{REQUEST} and not sighting",
            times=MANY,
            track="turned",
            when="retries == 0",
        ),
        Step(
            "unavailable",
            reply_to="turned-away",
            sees="http.response.code == 503",
            times=MANY,
            when="retries == 0",
        ),
        Step("marked-down", "l7", 'haproxy.event == "DOWN"', track="log", when="checks != none"),
        Step("logged-loss", "l7", "haproxy.status == 502", track="logged"),
    ),
)

comeback = Experiment(
    "comeback",
    "Back again, and not at full strength at once",
    headline=headlines.comeback,
    reset=(
        *fresh("checks=active slowstart={slowstart}"),
        At("web2", "mood dead"),
        At("l7", "balance await web2 DOWN"),
    ),
    run=(
        At("web2", "mood alive"),
        At("alice", "ask --keep --times 70 --pause 0.025 http://l7/item/@"),
    ),
    gather=LOG,
    after=moods(),
    knobs={"slowstart": Choice(("3", "0"))},
    background=(*QUIET, KNOCKING),
    steps=(
        Step("others", "alice > l7 > web1|web3", REQUEST, times=MANY, track="others"),
        Step("others-served", reply_to="others", sees=OK, times=MANY, track="others"),
        Step("up", "l7", 'haproxy.event == "UP"', track="log"),
        Step("returned", "alice > l7 > web2", REQUEST, times=MANY, track="returned"),
        Step("returned-served", reply_to="returned", sees=OK, times=MANY, track="returned"),
    ),
)

drain = Experiment(
    "drain",
    "Out of service, politely or not",
    headline=headlines.drain,
    reset=(
        *fresh("affinity=cookie"),
        At("alice", "rm -f /run/jar"),
    ),
    run=(
        At("alice", "ask --jar /run/jar --times 2 http://l7/cart/@"),
        At("l7", "balance say set server pool/web1 state {state}"),
        At("alice", "ask --jar /run/jar --times 3 http://l7/cart/@?then"),
        At("bob", "ask --times 6 http://l7/new/@"),
    ),
    gather=LOG,
    knobs={"state": Choice(("drain", "maint"))},
    background=QUIET,
    steps=(
        Step("arrives", "alice > l7 > web1", "http.request and not http.cookie"),
        Step("given-a-cookie", reply_to="arrives", sees='proxied.added contains "set-cookie"'),
        Step("returns", "alice > l7 > web1", "http.cookie and not http.request.uri.query"),
        Step("known", reply_to="returns", sees=OK),
        Step(
            "stays",
            "alice > l7 > web1",
            "http.cookie and http.request.uri.query",
            times=(3, 3),
            when="state == drain",
        ),
        Step("still-known", reply_to="stays", sees=OK, times=(3, 3), when="state == drain"),
        Step(
            "moved",
            "alice > l7 > web2|web3",
            "http.cookie and http.request.uri.query",
            times=(3, 3),
            when="state == maint",
        ),
        Step("new-cookie", reply_to="moved", sees=OK, times=(3, 3), when="state == maint"),
        Step("newcomers", "bob > l7 > web2|web3", REQUEST, times=(6, 6)),
        Step("newcomers-served", reply_to="newcomers", sees=OK, times=(6, 6)),
        Step("no-newcomer", "bob > l7 > web1", REQUEST, times=(0, 0)),
    ),
)

order = Experiment(
    "order",
    "An order, and no answer",
    headline=headlines.order,
    reset=fresh("retry={retry}", web1="orders=lose"),
    run=(At("alice", "ask --post http://l7/order"),),
    gather=LOG,
    after=moods(),
    knobs={"retry": Choice(("everything", "safe", "none"))},
    background=QUIET,
    steps=(
        Step(
            "lost", "l7 > web1", "http.request.method == POST and proxied.in_vain", when="retry == everything"
        ),
        Step(
            "again",
            "alice > l7 > web2|web3",
            "http.request.method == POST and proxied.attempt == 2",
            track="again",
            when="retry == everything",
        ),
        Step("done-again", reply_to="again", sees=OK, when="retry == everything"),
        Step("once", "alice > l7 > web1", "http.request.method == POST", when="retry != everything"),
        Step(
            "told-nothing",
            reply_to="once",
            hop="l7 > alice",
            sees="http.response.code == 502",
            when="retry != everything",
        ),
    ),
)
