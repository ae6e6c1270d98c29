"""What happened in each experiment, worked out from a run's own packets and the server's log."""

from machinelab.authoring import Headline, Run, harm, some

STATUS = "websocket.payload.close.status_code"
REFUSALS = (
    ("upgrade-required", "it asked for no upgrade"),
    ("too-old", "it speaks a version of long ago"),
    ("no-key", "it sent no key"),
)


def upgrade(run: Run) -> str:
    """Whether the request became a conversation."""
    for step, why in REFUSALS:
        if run.claims(step):
            return f"Refused with {run.text(step, 'http.response.code')}: the client may not have a WebSocket, for {why}"
    run.first("agreed")
    return "The server answered 101, and from then on the connection speaks WebSocket"


def frames(run: Run) -> str:
    """Masked one way, plain the other."""
    out, back = ("say", "bytes", "long"), ("echo", "bytes-back", "long-back")
    masked = sum(bool(value) for step in out for value in run.values(step, "websocket.mask"))
    plain = sum(not value for step in back for value in run.values(step, "websocket.mask"))
    run.first("say")
    return f"To the server went {some(masked, 'masked frame')}, and {some(plain, 'plain one')} came back"


def fragments(run: Run) -> str:
    """How many pieces, and what came back."""
    pieces = len(run.claims("begin") + run.claims("middle") + run.claims("last"))
    ping = (
        "a ping went between the pieces and was answered" if run.claims("checked") else "no ping was answered"
    )
    return f"One message in {some(pieces, 'frame')} arrived whole and came back in one; {ping}"


def compress(run: Run) -> str:
    """How long each of the two frames was."""
    if run.claims("whole"):
        size = run.text("whole", "websocket.payload_length_ext_16")
        return f"Nothing was compressed: the same {size} bytes went twice"
    second = "smaller" if run.claims("smaller") else "as-small"
    first, then = run.text("small", "websocket.payload_length"), run.text(second, "websocket.payload_length")
    return f"The same text took {first} bytes the first time and {then} the second"


def closes(run: Run) -> Headline | str:
    """Who ended it, and whether both agreed."""
    if run.claims("gone"):
        return harm(
            "The client vanished: a reset and no Close, so the server cannot know whether all had been said"
        )
    ends = (
        ("server-closes", "client-agrees", "The server"),
        ("leaves", "leaves-back", "The client"),
        ("server-refuses", "refusal-heard", "The server"),
        ("server-complains", "complaint-heard", "The server"),
    )
    step, reply, who = next(each for each in ends if run.claims(each[0]))
    agreed = "and the other side agreed" if run.claims(reply) else "and had no answer"
    return f"{who} closed with {run.text(step, STATUS)}, {agreed}"


def idle(run: Run) -> Headline | str:
    """Whether the proxy let it live."""
    if run.claims("cut"):
        waited = (run.first("cut").time - run.first("hi-back").time) / 1e9
        return harm(
            f"The proxy cut the connection after {waited:.1f} s of silence, on both sides and without a Close"
        )
    return f"The connection lived: {some(len(run.claims('beat')), 'ping')} kept the proxy from cutting it"


def slow_reader(run: Run) -> str:
    """For how long the sender was held up."""
    run.first("feed")
    if waits := [int(str(value)) for value in run.values("held-up", "sendlog.waited")]:
        return f"The client did not read, its window went to zero, and a send of the server's was held up for {max(waits) / 1e9:.1f} s"
    return (
        f"The client read at once: all {some(len(run.claims('feed')), 'message')} were sent without waiting"
    )
