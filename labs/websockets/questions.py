"""The worksheet's answers, each worked out from the learner's own run. The prose is in worksheet.md."""

from machinelab.authoring import Question, Run, always, choices, packets_of, seen

from .pictures import number


def overhead(run: Run) -> int:
    """Bytes of the client's first text frame that are not its text."""
    event = run.first("say")
    return 2 + 4 if number(event, "websocket.payload_length") < 126 else 2 + 2 + 4


def key_byte(run: Run) -> str:
    """The first byte of the key, in hex."""
    key = run.first("say")["websocket.masking_key"]
    return key[:1].hex() if isinstance(key, bytes) else ""


def plain_byte(run: Run) -> str:
    """The first byte of the text, in hex."""
    return str(run.first("say")["websocket.payload.text"]).encode()[:1].hex()


def masked_byte(run: Run) -> str:
    """The first byte of the payload as it was sent, in hex: RFC 6455 §5.3."""
    return f"{int(key_byte(run), 16) ^ int(plain_byte(run), 16):02x}"


def frames_of(run: Run) -> int:
    """Data frames that the client sent for one message."""
    return len(run.claims("begin")) + len(run.claims("middle")) + len(run.claims("last"))


def code_sent(run: Run) -> int:
    """The status code of the Close that the server began with."""
    for step in ("server-closes", "server-refuses", "server-complains"):
        if run.claims(step):
            return number(run.first(step), "websocket.payload.close.status_code")
    raise KeyError("no Close of the server")


def who_cut(run: Run) -> str:
    """Who sent the first FIN."""
    fins = [event for event in run.trace.events if number(event, "tcp.flags.fin")]
    return run.node(min(fins, key=lambda event: event.time).src)


def round_trips(run: Run) -> int:
    """Pings that were answered."""
    return len(run.claims("beat-back"))


QUESTIONS = (
    Question(
        "everywhere-the-same",
        "upgrade",
        "observe",
        packets_of("goodbye-back"),
        {
            "forgets what is random": packets_of("ask"),
            "forgets what follows from it": packets_of("agreed"),
            "forgets the mask": packets_of("goodbye"),
        },
        needs=("agreed", "goodbye", "goodbye-back"),
    ),
    Question(
        "which-refusal",
        "upgrade",
        "explain",
        seen("too-old", "b", "c"),
        choices("a", "c"),
        needs=("ask-old",),
        evidence=("ask-old", "too-old"),
        knobs={"how": "old"},
    ),
    Question(
        "overhead",
        "frames",
        "work-out",
        overhead,
        {"forgets the mask": lambda run: overhead(run) - 4, "counts as HTTP does": always(0)},
        needs=("say",),
        evidence=("say",),
    ),
    Question(
        "first-byte",
        "frames",
        "work-out",
        masked_byte,
        {"gives the key's byte": key_byte, "gives the letter's own byte": plain_byte},
        needs=("say",),
        evidence=("say",),
    ),
    Question(
        "how-many-frames",
        "fragments",
        "predict",
        frames_of,
        {
            "counts the parts and no more": lambda run: frames_of(run) - 1,
            "takes a message for a frame": always(1),
        },
        needs=("last",),
        evidence=("begin", "middle", "last"),
    ),
    Question(
        "second-smaller",
        "compress",
        "explain",
        seen("as-small", "b", "a"),
        choices("a", "c"),
        needs=("small", "as-small"),
        evidence=("small", "as-small"),
        knobs={"compress": "own"},
    ),
    Question(
        "code-of-big",
        "closes",
        "work-out",
        code_sent,
        {
            "thinks closing is always 1000": always(1000),
            "thinks of the code that is never sent": always(1006),
        },
        needs=("server-refuses",),
        evidence=("too-big", "server-refuses"),
        knobs={"how": "big"},
    ),
    Question(
        "never-sent",
        "closes",
        "explain",
        seen("gone", "c", "a"),
        choices("a", "b"),
        needs=("gone",),
        evidence=("gone",),
        knobs={"how": "vanish"},
    ),
    Question(
        "who-cut",
        "idle",
        "work-out",
        who_cut,
        {"suspects the server": always("server"), "suspects the client": always("client")},
        needs=("cut", "cut-behind"),
        evidence=("cut", "cut-behind"),
    ),
    Question(
        "beats",
        "idle",
        "predict",
        round_trips,
        {"counts both directions": lambda run: 2 * round_trips(run), "thinks the proxy answers": always(0)},
        needs=("beat-back",),
        evidence=("beat", "beat-back"),
        knobs={"rest": "beat"},
    ),
    Question(
        "what-holds-it",
        "slow-reader",
        "explain",
        seen("full", "c", "b"),
        choices("a", "b"),
        needs=("full", "held-up"),
        evidence=("full", "held-up"),
    ),
)
