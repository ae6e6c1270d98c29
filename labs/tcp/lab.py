"""TCP, the handshake and what follows: Linux's own stacks, a router between two networks. The prose is in guides/tcp.md.

Break-it rounds that this lab is made for (not built yet):

- *The big ones do not get through*: the line behind the router is narrow and the router is mute. Small requests work, long ones
  hang. Evidence: in `pmtu` with icmp=muted, full segments sent again and again, and no ICMP.
- *The door is open and nobody comes in*: `plain` is under a flood, so its queue of half-open connections is full. A client's SYN
  is seen again and again, with no answer and no refusal. Evidence: SYN-ACKs to addresses that never acknowledge.
"""

from collections.abc import Callable

from machinelab.authoring import (
    ARP,
    Answer,
    At,
    Background,
    Choice,
    Experiment,
    Lab,
    Question,
    Run,
    Step,
    counted,
    packets_of,
)

CS, SC = "client > server", "server > client"
TO, FROM = "client > server|plain", "server|plain > client"
OUT, BACK = "client > router", "router > client"
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
    run=(At("client", "greet server 9507 {text} --end {how}"), At("client", "ss -tan state time-wait")),
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
            "narrow", BACK, "icmp.type == 3 and icmp.code == 4", times=MANY, track="icmp", when="icmp == told"
        ),
        Step("smaller", OUT, f"{DATA} and tcp.len <= 1148 and {AGAIN}", times=MANY, when="icmp == told"),
        Step("black-hole", OUT, f"tcp.len > 1148 and {AGAIN}", times=MANY, when="icmp == muted"),
        Step("no-word", BACK, "icmp", times=(0, 0), when="icmp == muted"),
    ),
)

reset = Experiment(
    "reset",
    "A reset that nobody on either end sent",
    run=(
        At("client", "idle distant 9507 {seconds}", background=True),
        At("router", "forge-reset {seq}"),
        At("client", "sleep 1.3"),
    ),
    knobs={"seq": Choice(("exact", "near", "far")), "seconds": Choice(("5", "8"))},
    background=QUIET,
    steps=(
        Step("syn", OUT, SYN),
        Step("syn-ack", BACK, SYN_ACK),
        Step("overheard", OUT, "tcp.analysis.keep_alive", times=MANY),
        Step("forged", BACK, "tcp.flags.reset == 1"),
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


def always(answer: Answer) -> Callable[[Run], Answer]:
    """The same answer whatever the run: what somebody thinks who does not look."""
    return lambda run: answer


def choices(*letters: str) -> dict[str, Callable[[Run], Answer]]:
    """Choices that are wrong unless the run makes them right; the worksheet replies to each by its letter."""
    return {letter: always(letter) for letter in letters}


def observe(id: str, experiment: str, step: str, **wrong: str) -> Question:
    """Point at the packet of a step; the wrong twins point at other steps. (Names with _ for spaces.)"""
    twins = {name.replace("_", " "): packets_of(other) for name, other in wrong.items()}
    return Question(id, experiment, "observe", packets_of(step), twins, needs=(step,))


def before_data(run: Run) -> int:
    """How many packets of the connection come before the first byte of data."""
    first = run.first("say")
    return sum(event.stream == first.stream and event.number < first.number for event in run.trace.events)


def who_said_no(run: Run) -> str:
    """The kernel's reset, or a firewall's ICMP error."""
    return "b" if run.claims("refusal") else "c"


def syns(run: Run) -> int:
    """All SYNs of the client, the first one too."""
    return 1 + len(run.claims("syn-again"))


def doubled(run: Run) -> int:
    """How many SYNs there would be if each wait were twice the one before, from one second on (RFC 6298 §5.5)."""
    seconds = float(run.knobs["wait"])
    return 1 + sum(2**number - 1 < seconds for number in range(1, 7))


def lost_one(run: Run) -> frozenset[str]:
    """The segment of the first flight that was later sent again."""
    number = run.first("fast-again")["tcp.seq"]
    return frozenset(event.id for event in run.claims("flight") if event["tcp.seq"] == number)


def after_the_gap(run: Run) -> int:
    """How many segments had been sent from the lost one on, before it was sent again."""
    again = run.first("fast-again")
    flight = [event for event in run.claims("flight") if event.number < again.number]
    return sum(int(event["tcp.seq"]) >= int(again["tcp.seq"]) for event in flight)


def patience(run: Run) -> float:
    """For how many seconds the client waited before it sent the last segment again."""
    return (run.first("tail-probe").time - run.claims("flight")[-1].time) / 1e9


def first_of(step: str) -> Callable[[Run], frozenset[str]]:
    """The first packet of a step."""
    return lambda run: frozenset([run.first(step).id])


def why_let_in(run: Run) -> str:
    """Room was left, the server kept nothing, or the client did not get in."""
    if not run.claims("syn-ack"):
        return "c"
    return "b" if len(run.claims("half-open")) > 8 else "a"


def late_rounds(run: Run) -> int:
    """In how many rounds the second piece left more than twenty milliseconds after the first."""
    pairs = zip(run.claims("first-piece"), run.claims("second-piece"), strict=False)
    return sum(second.time - first.time > 20_000_000 for first, second in pairs)


def until(step: str) -> Callable[[Run], int]:
    """How many packets of its connection there are up to a step's first packet, and with it."""

    def answer(run: Run) -> int:
        last = run.first(step)
        return sum(event.stream == last.stream and event.number <= last.number for event in run.trace.events)

    return answer


def why_dead_or_not(run: Run) -> str:
    """Where the forged reset's number lies: expected, in the window, outside (RFC 5961 §3.2)."""
    ahead = (int(run.first("forged")["tcp.seq_raw"]) - int(run.first("overheard")["tcp.ack_raw"])) % 2**32
    return "a" if ahead == 0 else "b" if ahead < int(run.first("overheard")["tcp.window_size"]) else "c"


def whose_bytes(run: Run) -> str:
    """Whether the piece that came first was read, or what came later in its place."""
    read = b"".join(bytes(event["tcp.payload"]) for event in run.claims("what-was-read"))
    return "a" if bytes(run.first("ahead")["tcp.payload"]) in read else "b"


QUESTIONS = (
    Question(
        "before-data",
        "handshake",
        "predict",
        before_data,
        {"thinks of a question and an answer": always(2), "thinks it needs none": always(0)},
        needs=("say",),
        evidence=("syn", "syn-ack", "established"),
    ),
    observe("both-know", "handshake", "established", stops_one_too_early="syn-ack", goes_one_too_far="say"),
    Question("who-said-no", "refused", "explain", who_said_no, choices("a", "d"), needs=("syn",)),
    Question(
        "syns",
        "dropped",
        "predict",
        syns,
        {"thinks one is enough": always(1), "thinks each wait is twice the last": doubled},
        needs=("syn", "syn-again"),
        evidence=("syn", "syn-again"),
    ),
    observe(
        "still-open",
        "close",
        "heard-late",
        takes_the_goodbye_for_it="half-closed",
        takes_the_other_goodbye_for_it="bye-back",
    ),
    Question(
        "lost-one",
        "loss",
        "observe",
        lost_one,
        {
            "takes the repetition for it": packets_of("fast-again"),
            "takes a duplicate for it": packets_of("duplicate"),
        },
        needs=("fast-again",),
    ),
    Question(
        "how-many-again",
        "loss",
        "predict",
        counted("fast-again"),
        {"thinks all from the gap on is sent again": after_the_gap, "thinks nothing is": always(0)},
        needs=("fast-again",),
        evidence=("fast-again",),
    ),
    Question(
        "tail-patience",
        "tail-loss",
        "predict",
        patience,
        {"thinks of the second in RFC 6298": always(1.0), "thinks duplicates tell": always(0.0)},
        needs=("tail-probe",),
        evidence=("tail-probe",),
    ),
    Question("who-holds", "zero-window", "explain", always("b"), choices("a", "c", "d"), needs=("no-room",)),
    Question(
        "first-flight",
        "slow-start",
        "predict",
        counted("first-flight"),
        {"thinks it begins with one": always(1), "thinks it begins with what there is": always(208)},
        needs=("first-flight",),
        evidence=("first-flight",),
    ),
    Question(
        "first-sign",
        "slow-start",
        "observe",
        first_of("overflow"),
        {
            "takes the cure for the sign": first_of("sent-again"),
            "takes any receipt for it": first_of("first-acks"),
        },
        needs=("overflow", "sent-again"),
    ),
    Question("let-in", "syn-flood", "explain", why_let_in, choices("d"), needs=("flood",)),
    Question(
        "late-rounds",
        "nagle",
        "predict",
        late_rounds,
        {"thinks each round waits": always(3), "thinks none does": always(0)},
        needs=("first-piece", "second-piece"),
        evidence=("second-piece",),
    ),
    observe(
        "asks", "keepalive", "are-you-there", takes_the_answer_for_it="i-am", looks_at_the_start="established"
    ),
    Question(
        "round-trip-saved",
        "fast-open",
        "predict",
        until("early-answer"),
        {"counts as without Fast Open": until("say-back"), "thinks the first is the last": always(1)},
        needs=("early-answer", "say-back"),
    ),
    observe("tells", "pmtu", "narrow", takes_the_cause_for_it="too-big", takes_the_effect_for_it="smaller"),
    Question("dead-or-not", "reset", "explain", why_dead_or_not, choices("d"), needs=("forged", "overheard")),
    Question(
        "whose-bytes", "overlap", "explain", whose_bytes, choices("c"), needs=("ahead", "what-was-read")
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
    reset=(*WALLS_DOWN, *LINES_FREE, *GREET),
    what={"server": "echo and other services", "plain": "the same, without TCP options or SYN cookies"},
)
