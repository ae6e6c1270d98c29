"""What happened in each experiment, worked out from a run's own packets."""

from machinelab.authoring import Event, Headline, Run, harm, often, some


def seconds(first: Event, last: Event) -> str:
    """The time between two events: `44 ms`, `7.1 s`."""
    ms = abs(last.time - first.time) / 1e6
    if ms < 0.1:
        return f"{ms * 1000:.0f} µs"
    return f"{ms:.1f} ms" if ms < 10 else f"{ms:.0f} ms" if ms < 1000 else f"{ms / 1000:.1f} s"


def last(run: Run) -> Event:
    """The last event of the run."""
    return run.trace.events[-1]


def payload(run: Run, *steps: str) -> int:
    """How many bytes the segments of these steps carried."""
    return sum(int(event["tcp.len"]) for step in steps for event in run.claims(step))


def handshake(run: Run) -> str:
    """How many packets went before the first byte, and how many in all."""
    before = [
        event for event in run.trace.events if event.number < run.first("say").number and "tcp.flags" in event
    ]
    whole = [event for event in run.trace.events if "tcp.flags" in event]
    return f"Before the first byte went {some(len(before), 'packet')}; {payload(run, 'say')} bytes out and {payload(run, 'say-back')} back took {some(len(whole), 'packet')}"


def refused(run: Run) -> str:
    """By a reset or by a message of a firewall's."""
    if run.claims("prohibited"):
        return f"Refused after {seconds(run.first('syn'), run.first('prohibited'))}: a firewall said that it is prohibited"
    return (
        f"Refused after {seconds(run.first('syn'), run.first('refusal'))}: a reset, as nobody listens there"
    )


def dropped(run: Run) -> str:
    """How often the client asked, and for how long."""
    again = run.claims("syn-again")
    return f"No answer to {some(len(again) + 1, 'SYN')} in {seconds(run.first('syn'), again[-1])}: the client cannot know why"


def close(run: Run) -> Headline | str:
    """Whether the answer still came after the goodbye."""
    if run.claims("thrown-away"):
        return harm(
            "The client threw the connection away by a reset, and said no goodbye: what was still under way is lost"
        )
    if run.claims("heard-late"):
        return f"The client said goodbye first, and still got its answer: {payload(run, 'heard-late')} bytes over the half that was open"
    run.first("bye")
    return "Both sides closed, one after the other, when the answer was there"


def loss(run: Run) -> str:
    """How it was noticed, and how soon it was mended."""
    again = run.first("fast-again")
    lost = next(event for event in run.claims("flight") if event["tcp.seq"] == again["tcp.seq"])
    return f"One segment of {len(run.claims('flight'))} was lost; {some(len(run.claims('duplicate')), 'duplicate ACK')} told of it, and it was sent again after {seconds(lost, again)}: nothing is missing"


def tail_loss(run: Run) -> str:
    """How many times it had to be sent, and how long that took."""
    probe, mended = run.first("tail-probe"), run.first("mended")
    timeouts = len(run.claims("timeout") + run.claims("timeout-again"))
    then = f"and {some(timeouts, 'timeout')}" if timeouts else "no timeout was needed"
    first = next(event for event in run.claims("flight") if event["tcp.seq"] == probe["tcp.seq"])
    return f"The last segment was lost and nobody could tell but the clock: a probe, {then}, and it was through after {seconds(first, mended)}"


def zero_window(run: Run) -> str:
    """How long the sender stood still."""
    if not run.claims("no-room"):
        return f"All {payload(run, 'flight')} bytes fitted into the receiver's buffer: nobody read them, and the sender never noticed"
    stood = seconds(run.first("no-room"), run.first("room-again"))
    return f"The window went to zero and the sender stood still for {stood}, asking {often(len(run.claims('room-yet')))}, until the reader read"


def slow_start(run: Run) -> Headline | str:
    """How long the upload took, and what was lost on the way."""
    sent = run.claims("first-flight") + run.claims("grows")
    again, took = len(run.claims("sent-again")), seconds(run.first("syn"), last(run))
    grown = max(
        int(event.values("tcp.analysis.bytes_in_flight")[0])
        for event in sent
        if "tcp.analysis.bytes_in_flight" in event
    )
    lost = f"{some(again, 'segment')} had to be sent again" if again else "nothing had to be sent again"
    return f"300,000 bytes took {took}: from ten segments the sender grew to {grown // 1448} in flight, and {lost}"


def syn_flood(run: Run) -> Headline | str:
    """Whether the client got in."""
    flood = some(len(run.claims("flood")), "forged SYN")
    if run.claims("established"):
        return f"The flood failed: {flood} had no effect, and the client got in"
    return harm(
        f"The flood shut the service: {flood} filled the queue, and the client's {some(len(run.claims('syn') + run.claims('syn-again')), 'SYN')} had no answer"
    )


def nagle(run: Run) -> str:
    """How long each answer took."""
    waits = [
        seconds(first, answer)
        for first, answer in zip(run.claims("first-piece"), run.claims("whole-answer"), strict=True)
    ]
    return (
        f"Three answers took {', '.join(waits[:-1])} and {waits[-1]} from the first small write to the reply"
    )


def keepalive(run: Run) -> str:
    """Whether anybody was there."""
    asked = some(len(run.claims("are-you-there")), "question")
    if run.claims("given-up"):
        return f"The peer is gone: {asked} without an answer, and the client gave the connection up"
    return (
        f"The peer is there: {asked}, {some(len(run.claims('i-am')), 'answer')}, and the connection lives on"
    )


def fast_open(run: Run) -> str:
    """How much sooner the answer came with a cookie."""
    first = seconds(run.first("asks-cookie"), run.first("say-back"))
    return f"The first answer took {first} and brought a cookie; with it the data went in the SYN, and the answer came {seconds(run.first('syn-with-data'), run.first('early-answer'))} later"


def simultaneous(run: Run) -> str:
    """One connection, two SYNs."""
    both = len(run.claims("one-syn") + run.claims("other-syn"))
    accepted = len(run.claims("one-syn-ack") + run.claims("other-syn-ack"))
    return (
        f"{both} SYNs crossed on the wire, {accepted} SYN ACKs answered them: one connection, and no server"
    )


def pmtu(run: Run) -> Headline | str:
    """Whether the big segments got through."""
    if run.claims("narrow"):
        return f"The router said that {some(len(run.claims('too-big')), 'segment')} were too big, and the client sent smaller ones: all is through"
    return harm(
        f"A black hole: the router dropped the big segments and said nothing, and {some(len(run.claims('black-hole')), 'retransmission')} were lost as well"
    )


def reset(run: Run) -> Headline | str:
    """Whether the forgery was taken."""
    if run.claims("lives-on"):
        how = "answered by a challenge ACK" if run.claims("challenge") else "ignored"
        return f"The forged reset was {how}, and the connection lives on"
    run.first("forged")
    return harm("The forged reset was taken: the connection is dead, and neither end had closed it")


def overlap(run: Run) -> str:
    """Which of the two was read."""
    read = b"".join(value for value in run.values("what-was-read", "tcp.payload") if isinstance(value, bytes))
    return f"The same eight numbers came twice with other bytes, and the server read: {read.decode(errors='replace')!r}"
