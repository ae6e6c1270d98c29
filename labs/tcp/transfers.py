"""Bytes on their way: what is lost, held back, sent again, and how fast they may go."""

from machinelab.authoring import At, Choice, Experiment, Step

from . import headlines
from .common import (
    AGAIN,
    ANY,
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
)

loss = Experiment(
    "loss",
    "One segment goes missing",
    headline=headlines.loss,
    reset=(At("server", "firewall lose {which} 1 9509"), At("plain", "firewall lose {which} 1 9509")),
    run=(At("client", "upload {server} 9509 60000"),),
    after=WALLS_DOWN,
    knobs={"server": Choice(("server", "plain")), "which": Choice(("5", "15"))},
    telling=("fast-again",),
    background=QUIET,
    steps=(
        Step("syn", TO, SYN),
        Step("flight", TO, f"{DATA} and not {AGAIN}", times=MANY),
        Step("duplicate", FROM, "tcp.analysis.duplicate_ack", times=(2, None)),
        Step("fast-again", TO, "tcp.analysis.fast_retransmission"),
        Step("mended", FROM, f"{BARE} and not tcp.analysis.duplicate_ack"),
        Step("no-timeout", TO, "tcp.analysis.rto", times=(0, 0)),
    ),
)

tail_loss = Experiment(
    "tail-loss",
    "The last segment goes missing",
    headline=headlines.tail_loss,
    reset=(At("server", "firewall lose 4 {lost} 9509"),),
    run=(At("client", "upload server 9509 7240"),),
    after=WALLS_DOWN,
    knobs={"lost": Choice(("2", "1", "3"))},
    background=QUIET,
    steps=(
        Step("syn", CS, SYN),
        Step("flight", CS, f"{DATA} and not {AGAIN}", times=MANY),
        Step("tail-probe", CS, f"{DATA} and {AGAIN}"),
        # RTO_MIN of Linux is 200 ms, and what is lost again doubles it.
        Step("timeout", CS, f"{DATA} and {AGAIN}", when="lost != 1", after={"tail-probe": 0.15}),
        Step("timeout-again", CS, f"{DATA} and {AGAIN}", when="lost == 3", after={"timeout": 0.3}),
        Step("mended", SC, BARE),
        Step("no-duplicate", SC, "tcp.analysis.duplicate_ack and not tcp.options.sack", times=(0, 0)),
    ),
)

zero_window = Experiment(
    "zero-window",
    "A reader that does not read",
    headline=headlines.zero_window,
    run=(At("client", "upload server 9502 {bytes}"),),
    knobs={"bytes": Choice(("20000", "1000"))},
    background=QUIET,
    steps=(
        Step("syn", CS, SYN),
        Step(
            "small-room", SC, f"{SYN_ACK} and tcp.window_size_value < 5840"
        ),  # four segments' worth: RFC 6928 §2
        Step("flight", CS, DATA, times=MANY),
        Step("no-room", SC, "tcp.analysis.zero_window", when="bytes != 1000"),
        Step("room-yet", CS, "tcp.analysis.keep_alive", times=MANY, when="bytes != 1000"),
        Step("still-none", SC, "tcp.analysis.zero_window", times=MANY, track="answers", when="bytes != 1000"),
        Step("room-again", SC, "tcp.analysis.window_update", when="bytes != 1000"),
        Step("flows-again", CS, DATA, times=MANY, when="bytes != 1000"),
    ),
)

FULL = 1448  # bytes in a full segment: 1500 less the headers, with TCP's time stamps (RFC 7323 §3)
FIRST = 1 + 10 * FULL  # where the initial window ends: ten full segments (RFC 6928 §2)
slow_start = Experiment(
    "slow-start",
    "How fast can it go? Nobody knows, so it feels its way",
    headline=headlines.slow_start,
    reset=(At("router", "line rate {rate} {queue}"),),
    run=(At("client", "upload distant 9509 300000 --congestion {congestion}"),),
    after=LINES_FREE,
    knobs={
        "congestion": Choice(("cubic", "bbr", "reno")),
        "rate": Choice(("5mbit", "20mbit")),
        "queue": Choice(("30000", "100000")),
    },
    background=QUIET,
    steps=(
        Step("syn", OUT, SYN),
        Step("first-flight", OUT, f"tcp.len >= {FULL} and tcp.seq < {FIRST}", times=(2, None)),
        Step("first-acks", BACK, BARE),
        Step("grows", OUT, f"{DATA} and tcp.seq >= {FIRST} and not {AGAIN}", times=MANY),
        Step(
            "overflow",
            BACK,
            "tcp.analysis.duplicate_ack and tcp.options.sack",
            times=ANY,
            track="loss",
        ),
        # To any: the router may drop what is sent again as it dropped what was sent first, and then it goes no further.
        Step("sent-again", "client > any", AGAIN, times=ANY, track="again"),
    ),
)

nagle = Experiment(
    "nagle",
    "Two small writes, and a wait in between",
    headline=headlines.nagle,
    telling=("first-piece", "second-piece", "whole-answer"),
    run=(At("client", "pieces server 9501 --nodelay {nodelay} --rounds 3"),),
    knobs={"nodelay": Choice(("no", "yes"))},
    background=QUIET,
    steps=(
        Step("syn", CS, SYN),
        Step("first-piece", CS, "tcp.len == 10", times=(3, 3)),
        Step("second-piece", CS, "tcp.len == 6", times=(3, 3), track="second"),
        Step("late-ack", SC, BARE, times=MANY, track="acks", when="nodelay == no"),
        Step("whole-answer", SC, DATA, times=(3, 3), track="answers"),
    ),
)

pmtu = Experiment(
    "pmtu",
    "A narrow line behind the router",
    headline=headlines.pmtu,
    reset=(
        At("client", "forget-mtu"),
        At("router", "line mtu 1200"),
        At("router", "firewall {icmp} icmp"),
    ),
    run=(At("client", "upload distant 9509 4000 --wait 3"),),
    after=(*WALLS_DOWN, *LINES_FREE, At("client", "forget-mtu")),
    knobs={"icmp": Choice(("told", "muted"))},
    telling=("narrow",),
    background=QUIET,
    steps=(
        Step("syn", OUT, SYN),
        Step("too-big", OUT, "tcp.len > 1148", times=MANY),
        Step(
            "narrow",
            ROUTER,
            "icmp.type == 3 and icmp.code == 4",
            times=MANY,
            track="icmp",
            when="icmp == told",
        ),
        Step("smaller", OUT, f"{DATA} and tcp.len <= 1148 and {AGAIN}", times=MANY, when="icmp == told"),
        Step("black-hole", OUT, f"tcp.len > 1148 and {AGAIN}", times=MANY, when="icmp == muted"),
        Step("no-word", ROUTER, "icmp", times=(0, 0), when="icmp == muted"),
    ),
)

overlap = Experiment(
    "overlap",
    "The same bytes twice, and not the same",
    headline=headlines.overlap,
    run=(At("mallory", "overlap server 9507 {how}"),),
    after=WALLS_DOWN,
    knobs={"how": Choice(("late", "early"))},
    telling=("ahead", "again-with-more"),
    background=QUIET,
    steps=(
        Step("by-hand", "mallory > server", SYN),
        Step("by-hand-answered", "server > mallory", SYN_ACK),
        Step("ahead", "mallory > server", "tcp.len == 8"),
        Step(
            "again-with-more",
            "mallory > server",
            "tcp.len == 16",
            less={"tcp.seq": "ahead.tcp.nxtseq"},
            more={"tcp.len": "ahead"},
        ),
        Step("what-was-read", "server > mallory", DATA, times=MANY, track="answers"),
    ),
)
