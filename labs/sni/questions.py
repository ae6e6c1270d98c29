"""The worksheet's answers, each worked out from the learner's own run. The prose is in worksheet.md."""

from machinelab.authoring import Question, Run, always, choices, counted, observe, seen

from .common import NAME, TYPE


def certificates(run: Run) -> int:
    """Certificates that a server showed, each once however often it was seen."""
    return sum(11 in event.values(TYPE) and not event.again for event in run.trace.events)


def handshakes(run: Run) -> int:
    """TLS handshakes: hellos with a random of their own."""
    return len({event["tls.handshake.random"] for event in run.trace.events if 1 in event.values(TYPE)})


def connections(run: Run) -> int:
    """TCP connections, each counted by its SYN."""
    return sum(
        bool(event["tcp.flags.syn"]) and not event["tcp.flags.ack"] and not event.again
        for event in run.trace.events
        if "tcp.flags.syn" in event
    )


def to_block(run: Run) -> str:
    """The name in the clear of the hello that carries another."""
    return str(run.values("hidden-hello", NAME)[0])


def inside(run: Run) -> str:
    """The name in the hello inside."""
    return str(run.values("hidden-hello", NAME)[-1])


def lines_with_the_name(run: Run) -> int:
    """Lines of the provider's log that have the hidden name."""
    return sum(event["onlooker.name"] == "secret.test" for event in run.trace.events if "onlooker" in event)


def lines(run: Run) -> int:
    """All lines of the provider's log."""
    return sum("onlooker" in event for event in run.trace.events)


QUESTIONS = (
    Question(
        "how-many-names",
        "pick",
        "predict",
        counted("names-read"),
        {"thinks that TLS encrypts all": always(0), "thinks that the address is read": always(1)},
        needs=("names-read",),
        evidence=("apple-hello", "pear-hello", "plum-hello"),
    ),
    observe(
        "where-it-was-read",
        "pick",
        "pear-hello",
        the_certificate="pear-certificate",
        the_request="pear-request",
    ),
    Question(
        "two-rules",
        "unknown",
        "explain",
        seen("one-label-too-many", "c", "a"),
        choices("a", "b", "d"),
        needs=("plum-certificate",),
        evidence=("plum-certificate", "one-label-too-many"),
        knobs={"name": "old.www.plum.test"},
    ),
    Question(
        "shown-to-a-stranger",
        "unknown",
        "predict",
        certificates,
        {"expects the default": always(1), "counts the sites": always(3)},
        needs=("unrecognized-name",),
        evidence=("unrecognized-name",),
        knobs={"door": "8443"},
    ),
    Question(
        "how-many-handshakes",
        "pass-through",
        "work-out",
        handshakes,
        {"counts connections": connections, "thinks of none": always(0)},
        needs=("hello-to-web",),
        evidence=("hello-to-web",),
    ),
    observe(
        "said-where-nobody-reads",
        "fronting",
        "other-request",
        "misdirected-request",
        the_hello="public-hello",
        the_refusal="misdirected-page",
    ),
    observe(
        "never-sent",
        "censor",
        "forged-reset",
        "forged-reset-behind",
        the_hello="stopped",
        the_other_site="public-page",
    ),
    Question(
        "not-down",
        "censor",
        "explain",
        seen("again", "b", "a"),
        choices("a", "c", "d"),
        needs=("again", "gives-up"),
        evidence=("stopped", "again"),
        knobs={"verdict": "drop"},
    ),
    Question(
        "what-to-block",
        "ech",
        "work-out",
        to_block,
        {"names the hidden one": inside, "names the node": always("edge")},
        needs=("hidden-hello",),
        evidence=("hidden-hello",),
    ),
    Question(
        "why-check",
        "stale",
        "explain",
        seen("ech-required", "d", "b"),
        choices("a", "b", "c"),
        needs=("declined", "ech-required"),
        evidence=("public-certificate", "ech-required"),
    ),
    Question(
        "how-often-leaked",
        "leak",
        "work-out",
        lines_with_the_name,
        {"counts all lines": lines, "forgets the second query": always(1)},
        needs=("leaked",),
        evidence=("leaked",),
    ),
    Question(
        "how-often-over-https",
        "leak",
        "predict",
        lines_with_the_name,
        {"thinks that one is left": always(1), "thinks that nothing changes": always(2)},
        needs=("resolver-hello",),
        evidence=("resolver-read",),
        knobs={"via": "https"},
    ),
)
