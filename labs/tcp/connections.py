"""The connection itself: how it is opened, refused, kept, closed and broken."""

from dataclasses import replace

from machinelab.authoring import ARP, At, Background, Choice, Experiment, Step

from . import headlines
from .common import (
    AGAIN,
    BACK,
    BARE,
    CS,
    DATA,
    FROM,
    LINES_FREE,
    MANY,
    OUT,
    QUIET,
    ROUTER,
    SC,
    SYN,
    SYN_ACK,
    TO,
    WALLS_DOWN,
    opening,
)

handshake = Experiment(
    "handshake",
    "Three packets before the first byte",
    headline=headlines.handshake,
    run=(At("client", "greet {server} 9507 {text} --mss {mss}"),),
    until="bye-back",
    knobs={"server": Choice(("server", "plain")), "text": "hello", "mss": Choice(("1460", "536"))},
    background=QUIET,
    steps=(
        *opening(TO, FROM),
        Step("say", TO, DATA),
        Step("heard", FROM, BARE),
        Step("say-back", FROM, DATA),
        Step("bye", TO, "tcp.flags.fin == 1"),
        Step("bye-back", FROM, "tcp.flags.fin == 1"),
        Step("one-word", TO, DATA, times=(0, 0)),
    ),
)

refused = Experiment(
    "refused",
    "Nobody listens on that port",
    headline=headlines.refused,
    reset=(At("server", "firewall {by} 9599"),),
    run=(At("client", "knock server 9599"),),
    after=WALLS_DOWN,
    knobs={"by": Choice(("alive", "refuse"))},
    background=QUIET,
    steps=(
        Step("syn", CS, SYN),
        Step("refusal", SC, "tcp.flags.reset == 1 and tcp.flags.ack == 1", when="by == alive"),
        Step("prohibited", SC, "icmp.type == 3 and icmp.code == 13", when="by == refuse"),
    ),
)

dropped = Experiment(
    "dropped",
    "A firewall that says nothing",
    headline=headlines.dropped,
    reset=(At("server", "firewall silent 9509"),),
    run=(At("client", "knock server 9509 --wait {wait}"),),
    after=WALLS_DOWN,
    knobs={"wait": Choice(("8", "3", "16"))},
    background=QUIET,
    steps=(
        Step("syn", CS, SYN),
        # The timer begins with one second (RFC 6298 §2.1); the very same SYN: its number is the same.
        Step(
            "syn-again", CS, f"{SYN} and {AGAIN}", times=MANY, same={"tcp.seq_raw": "syn"}, after={"syn": 0.9}
        ),
        Step("silence", SC, "tcp or icmp", times=(0, 0)),
    ),
)

HALF, WHOLE, ABORT = "how == half", "how == whole", "how == abort"
close = Experiment(
    "close",
    "Two directions, closed one by one",
    headline=headlines.close,
    run=(At("client", "greet server 9500 {text} --end {how}"), At("client", "ss -tan state time-wait")),
    knobs={"how": Choice(("half", "whole", "abort")), "text": "hello"},
    background=QUIET,
    steps=(
        *opening(CS, SC),
        Step("say", CS, DATA),
        *(
            replace(step, same={"tcp.stream": "say"})  # of one connection: a capture may hold several
            for step in (
                Step("half-closed", CS, "tcp.flags.fin == 1", when=HALF),
                Step("heard-late", SC, DATA, when=HALF),
                Step("say-back", SC, DATA, when="how != half"),
                Step("bye", CS, "tcp.flags.fin == 1", when=WHOLE),
                Step("bye-back", SC, "tcp.flags.fin == 1", when="how != abort"),
                Step("last-word", CS, BARE, when="how != abort"),
                Step("thrown-away", CS, "tcp.flags.reset == 1", when=ABORT),
            )
        ),
        Step("no-goodbye", CS, "tcp.flags.fin == 1", times=(0, 0), when=ABORT),
    ),
)

COOKIES, NONE = "server == server", "server == plain"
NEVER_OPEN = "tcp.completeness.ack == 0"  # nobody ever acknowledges the SYN ACK

# What is half open is tried again for seconds, into whatever is run next: with the walls down, mallory's stack resets it.
HALF_OPEN_GONE = tuple(
    At(node, "sh -c 'until [ -z \"$(ss -Htan state syn-recv)\" ]; do sleep 0.1; done'")
    for node in ("server", "plain")
)
syn_flood = Experiment(
    "syn-flood",
    "Half-open connections without end",
    headline=headlines.syn_flood,
    run=(
        At("mallory", "flood {server} 9503 {count}"),
        At("client", "knock {server} 9503 --wait 2.5"),
    ),
    after=(*WALLS_DOWN, *HALF_OPEN_GONE),
    knobs={"server": Choice(("server", "plain")), "count": Choice(("30", "6"))},
    background=QUIET,
    steps=(
        Step("flood", "mallory > server|plain", f"{SYN} and {NEVER_OPEN}", times=MANY),
        Step(
            "half-open",
            "server|plain > mallory",
            f"{SYN_ACK} and {NEVER_OPEN}",
            times=MANY,
            track="answers",
        ),
        Step("syn", TO, SYN),
        Step("syn-ack", FROM, SYN_ACK, when=f"{COOKIES} or count == 6"),
        Step("established", TO, BARE, when=f"{COOKIES} or count == 6"),
        Step("syn-again", TO, f"{SYN} and {AGAIN}", times=MANY, when=f"{NONE} and count != 6"),
        Step("shut-out", FROM, "tcp", times=(0, 0), when=f"{NONE} and count != 6"),
    ),
)

keepalive = Experiment(
    "keepalive",
    "Nothing to say for seconds: is anybody there?",
    headline=headlines.keepalive,
    reset=(At("server", "firewall {peer} 9507"),),
    run=(At("client", "idle server 9507 5.5"),),
    after=WALLS_DOWN,
    knobs={"peer": Choice(("alive", "gone"))},
    background=QUIET,
    steps=(
        *opening(CS, SC),
        Step("are-you-there", CS, "tcp.analysis.keep_alive", times=MANY),
        Step("i-am", SC, "tcp.analysis.keep_alive_ack", times=MANY, track="answers", when="peer == alive"),
        Step("given-up", CS, "tcp.flags.reset == 1", when="peer == gone"),
        Step("no-answer", SC, BARE, times=(0, 0), when="peer == gone"),
    ),
)

fast_open = Experiment(
    "fast-open",
    "Data in the very first packet",
    headline=headlines.fast_open,
    reset=(At("client", "ip tcp_metrics flush"),),
    run=2 * (At("client", "quick server 9507 {text}"),),
    after=(At("client", "ip tcp_metrics flush"),),
    knobs={"text": "hello"},
    telling=("syn-with-data",),
    background=QUIET,
    steps=(
        Step("asks-cookie", CS, f"{SYN} and tcp.options.tfo.request"),
        Step("cookie", SC, f"{SYN_ACK} and tcp.options.tfo.cookie"),
        Step("say", CS, DATA),
        Step("say-back", SC, DATA),
        Step("syn-with-data", CS, f"{SYN} and tcp.options.tfo.cookie and {DATA}"),
        Step("takes-data", SC, SYN_ACK),
        Step("early-answer", SC, DATA),
    ),
)

BALLAST = Background("ballast", "udp.dstport == 9509")
simultaneous = Experiment(
    "simultaneous",
    "Two clients and no server",
    headline=headlines.simultaneous,
    reset=(At("client", "line rate 64kbit 20000"), At("server", "line rate 64kbit 20000")),
    run=(
        At("server", "meet client --ballast 6", background=True),
        At("client", "meet server --ballast {ballast} --later"),
    ),
    after=LINES_FREE,
    until="other-syn-ack",
    knobs={"ballast": Choice(("6", "7"))},
    background=(ARP, BALLAST),
    steps=(
        Step("one-syn", SC, SYN),
        Step("other-syn", CS, SYN, track="other"),
        Step("one-syn-ack", SC, SYN_ACK),
        Step("other-syn-ack", CS, SYN_ACK, track="other"),
    ),
)

reset = Experiment(
    "reset",
    "A reset that nobody on either end sent",
    headline=headlines.reset,
    run=(
        At("client", "idle distant 9507 15", background=True),
        At("router", "forge-reset {seq}"),
        At("client", "sleep 1.3"),
    ),
    knobs={"seq": Choice(("exact", "near", "far"))},
    background=QUIET,
    steps=(
        Step("syn", OUT, SYN),
        Step("syn-ack", BACK, SYN_ACK),
        Step("overheard", OUT, "tcp.analysis.keep_alive", times=MANY),
        Step("forged", ROUTER, "tcp.flags.reset == 1"),
        Step("challenge", OUT, "tcp.analysis.duplicate_ack", times=MANY, when="seq == near"),
        Step("lives-on", OUT, "tcp.analysis.keep_alive", times=MANY, when="seq != exact"),
    ),
)
