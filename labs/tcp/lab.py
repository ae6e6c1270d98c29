"""TCP, the handshake and what follows: Linux's own stacks, a router between two networks. The prose is in guides/tcp.md.

Break-it rounds that this lab is made for (not built yet):

- *The big ones do not get through*: the line behind the router is narrow and the router is mute. Small requests work, long ones
  hang. Evidence: in `pmtu` with icmp=muted, full segments sent again and again, and no ICMP.
- *The door is open and nobody comes in*: `plain` is under a flood, so its queue of half-open connections is full. A client's SYN
  is seen again and again, with no answer and no refusal. Evidence: SYN-ACKs to addresses that never acknowledge.
"""

from machinelab.authoring import ARP, At, Background, Choice, Experiment, Lab, Step

from .questions import QUESTIONS

CS, SC = "client > server", "server > client"
TO, FROM = "client > server|plain", "server|plain > client"
OUT, BACK = "client > distant", "distant > client"
ROUTER = "router > client"
SYN = "tcp.flags.syn == 1 and tcp.flags.ack == 0"
SYN_ACK = "tcp.flags.syn == 1 and tcp.flags.ack == 1"
BARE = "tcp.len == 0 and not tcp.flags.syn == 1 and not tcp.flags.fin == 1 and not tcp.flags.reset == 1"
DATA = "tcp.len > 0"
AGAIN = "tcp.analysis.retransmission"
MANY = (1, None)
ANY = (0, None)
QUIET = (ARP,)

WALLS_DOWN = tuple(At(node, "firewall off") for node in ("server", "plain", "router", "mallory"))
LINES_FREE = tuple(At(node, "line off") for node in ("client", "server", "router"))
# Everybody is spoken to once, so that ARP is done with before the first run.
GREET = (
    *(At("client", f"greet {node} 9507 hello") for node in ("server", "plain", "distant")),
    *(At("mallory", f"knock {node} 9507") for node in ("server", "plain")),
)


def opening(to: str, back: str) -> tuple[Step, Step, Step]:
    """The three packets of the handshake."""
    return (
        Step("syn", to, SYN),
        Step("syn-ack", back, SYN_ACK),
        Step("established", to, BARE),
    )


handshake = Experiment(
    "handshake",
    "Three packets before the first byte",
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
    reset=(At("server", "firewall silent 9509"),),
    run=(At("client", "knock server 9509 --wait {wait}"),),
    after=WALLS_DOWN,
    knobs={"wait": Choice(("8", "3", "16"))},
    background=QUIET,
    steps=(
        Step("syn", CS, SYN),
        Step("syn-again", CS, f"{SYN} and {AGAIN}", times=MANY),
        Step("silence", SC, "tcp or icmp", times=(0, 0)),
    ),
)

HALF, WHOLE, ABORT = "how == half", "how == whole", "how == abort"
close = Experiment(
    "close",
    "Two directions, closed one by one",
    run=(At("client", "greet server 9500 {text} --end {how}"), At("client", "ss -tan state time-wait")),
    knobs={"how": Choice(("half", "whole", "abort")), "text": "hello"},
    background=QUIET,
    steps=(
        *opening(CS, SC),
        Step("say", CS, DATA),
        Step("half-closed", CS, "tcp.flags.fin == 1", when=HALF),
        Step("heard-late", SC, DATA, when=HALF),
        Step("say-back", SC, DATA, when="how != half"),
        Step("bye", CS, "tcp.flags.fin == 1", when=WHOLE),
        Step("bye-back", SC, "tcp.flags.fin == 1", when="how != abort"),
        Step("last-word", CS, BARE, when="how != abort"),
        Step("thrown-away", CS, "tcp.flags.reset == 1", when=ABORT),
        Step("no-goodbye", CS, "tcp.flags.fin == 1", times=(0, 0), when=ABORT),
    ),
)

loss = Experiment(
    "loss",
    "One segment goes missing",
    reset=(At("server", "firewall lose {which} 1 9509"), At("plain", "firewall lose {which} 1 9509")),
    run=(At("client", "upload {server} 9509 60000"),),
    after=WALLS_DOWN,
    knobs={"server": Choice(("server", "plain")), "which": Choice(("5", "15"))},
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
    reset=(At("server", "firewall lose 4 {lost} 9509"),),
    run=(At("client", "upload server 9509 7240"),),
    after=WALLS_DOWN,
    knobs={"lost": Choice(("2", "1", "3"))},
    background=QUIET,
    steps=(
        Step("syn", CS, SYN),
        Step("flight", CS, f"{DATA} and not {AGAIN}", times=MANY),
        Step("tail-probe", CS, f"{DATA} and {AGAIN}"),
        Step("timeout", CS, f"{DATA} and {AGAIN}", when="lost != 1"),
        Step("timeout-again", CS, f"{DATA} and {AGAIN}", when="lost == 3"),
        Step("mended", SC, BARE),
        Step("no-duplicate", SC, "tcp.analysis.duplicate_ack and not tcp.options.sack", times=(0, 0)),
    ),
)

zero_window = Experiment(
    "zero-window",
    "A reader that does not read",
    run=(At("client", "upload server 9502 {bytes}"),),
    knobs={"bytes": Choice(("20000", "1000"))},
    background=QUIET,
    steps=(
        Step("syn", CS, SYN),
        Step("small-room", SC, SYN_ACK),
        Step("flight", CS, DATA, times=MANY),
        Step("no-room", SC, "tcp.analysis.zero_window", when="bytes != 1000"),
        Step("room-yet", CS, "tcp.analysis.keep_alive", times=MANY, when="bytes != 1000"),
        Step("still-none", SC, "tcp.analysis.zero_window", times=MANY, track="answers", when="bytes != 1000"),
        Step("room-again", SC, "tcp.analysis.window_update", when="bytes != 1000"),
        Step("flows-again", CS, DATA, times=MANY, when="bytes != 1000"),
    ),
)

FIRST = 1 + 10 * 1448  # where the initial window ends: ten full segments (RFC 6928 §2)
slow_start = Experiment(
    "slow-start",
    "How fast can it go? Nobody knows, so it feels its way",
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
        Step("first-flight", OUT, f"{DATA} and tcp.seq < {FIRST}", times=(2, None)),
        Step("first-acks", BACK, BARE),
        Step("grows", OUT, f"{DATA} and tcp.seq >= {FIRST} and not {AGAIN}", times=MANY),
        Step("overflow", BACK, "tcp.analysis.duplicate_ack", times=ANY, track="loss"),
        Step("sent-again", OUT, AGAIN, times=ANY, track="again"),
    ),
)

COOKIES, NONE = "server == server", "server == plain"
syn_flood = Experiment(
    "syn-flood",
    "Half-open connections without end",
    run=(
        At("mallory", "flood {server} 9503 {count}"),
        At("client", "knock {server} 9503 --wait 2.5"),
    ),
    after=WALLS_DOWN,
    knobs={"server": Choice(("server", "plain")), "count": Choice(("30", "6"))},
    background=QUIET,
    steps=(
        Step("flood", "mallory > server|plain", SYN, times=MANY),
        Step("half-open", "server|plain > mallory", SYN_ACK, times=MANY, track="answers"),
        Step("syn", TO, SYN),
        Step("syn-ack", FROM, SYN_ACK, when=f"{COOKIES} or count == 6"),
        Step("established", TO, BARE, when=f"{COOKIES} or count == 6"),
        Step("syn-again", TO, f"{SYN} and {AGAIN}", times=MANY, when=f"{NONE} and count != 6"),
        Step("shut-out", FROM, "tcp", times=(0, 0), when=f"{NONE} and count != 6"),
    ),
)

nagle = Experiment(
    "nagle",
    "Two small writes, and a wait in between",
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

keepalive = Experiment(
    "keepalive",
    "Nothing to say for seconds: is anybody there?",
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
    reset=(At("client", "ip tcp_metrics flush"),),
    run=2 * (At("client", "quick server 9507 {text}"),),
    after=(At("client", "ip tcp_metrics flush"),),
    knobs={"text": "hello"},
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
    reset=(At("client", "line rate 64kbit 20000"), At("server", "line rate 64kbit 20000")),
    run=(
        At("server", "meet client --ballast 6", background=True),
        At("client", "meet server --ballast {ballast}"),
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

pmtu = Experiment(
    "pmtu",
    "A narrow line behind the router",
    reset=(
        At("client", "forget-mtu"),
        At("router", "line mtu 1200"),
        At("router", "firewall {icmp} icmp"),
    ),
    run=(At("client", "upload distant 9509 4000 --wait 3"),),
    after=(*WALLS_DOWN, *LINES_FREE, At("client", "forget-mtu")),
    knobs={"icmp": Choice(("told", "muted"))},
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

reset = Experiment(
    "reset",
    "A reset that nobody on either end sent",
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

overlap = Experiment(
    "overlap",
    "The same bytes twice, and not the same",
    run=(At("mallory", "overlap server 9507 {how}"),),
    after=WALLS_DOWN,
    knobs={"how": Choice(("late", "early"))},
    background=QUIET,
    steps=(
        Step("by-hand", "mallory > server", SYN),
        Step("by-hand-answered", "server > mallory", SYN_ACK),
        Step("ahead", "mallory > server", "tcp.len == 8"),
        Step("again-with-more", "mallory > server", "tcp.len == 16"),
        Step("what-was-read", "server > mallory", DATA, times=MANY, track="answers"),
    ),
)

LAB = Lab(
    "tcp",
    (
        handshake,
        refused,
        dropped,
        close,
        loss,
        tail_loss,
        zero_window,
        slow_start,
        syn_flood,
        nagle,
        keepalive,
        fast_open,
        simultaneous,
        pmtu,
        reset,
        overlap,
    ),
    QUESTIONS,
    minutes=75,
    memory=60,
    greet=(*WALLS_DOWN, *LINES_FREE, *GREET),
    what={"server": "echo and other services", "plain": "the same, without TCP options or SYN cookies"},
)
