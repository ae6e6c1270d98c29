"""What happened in each experiment, worked out from a run's own packets and the client's log."""

from statistics import median

from machinelab.authoring import Headline, Run, harm, some


def waits(run: Run) -> list[float]:
    """Milliseconds from program to program, of each message that came."""
    return [
        float(str(event["arrivals.wait"])) / 1e6 for event in run.trace.events if "arrivals.wait" in event
    ]


def _middle(run: Run) -> str:
    found = waits(run)
    if not found:
        raise KeyError("arrived")
    return f"{median(found):.1f} ms"


def poll(run: Run) -> str:
    """How many questions for how much news."""
    asked, empty = len(run.claims("ask")), len(run.claims("nothing"))
    return f"{some(asked, 'question')} for {some(len(waits(run)), 'message')}, {empty} of them in vain; half of the messages waited more than {_middle(run)}"


def long_poll(run: Run) -> str:
    """The same, where the answer waits."""
    asked, empty = len(run.claims("ask-and-wait")), len(run.claims("in-vain"))
    return f"{some(asked, 'question')} for {some(len(waits(run)), 'message')}, {empty or 'none'} of them in vain; half of the messages waited more than {_middle(run)}"


def events(run: Run) -> str:
    """One question, many events."""
    return f"One question, {some(len(run.claims('event')), 'event')} in one answer; half of them took more than {_middle(run)}"


def websocket(run: Run) -> str:
    """One Upgrade, many frames."""
    return f"One Upgrade, then {some(len(run.claims('frame')), 'frame')} without a question; half of them took more than {_middle(run)}"


def channel(run: Run) -> str:
    """How long it took to open, and then how long a message took."""
    opened = (run.first("channel-ack").time - run.first("offer").time) / 1e6
    return f"The channel was open {opened:.0f} ms after the offer; then half of {some(len(run.claims('datum')), 'message')} took more than {_middle(run)}"


def compare(run: Run) -> str:
    """Which of the five was the slowest."""
    found = waits(run)
    if len(found) < 25:
        raise KeyError("arrived")
    poll, rest = median(found[:5]), max(median(found[at : at + 5]) for at in range(5, 25, 5))
    return f"Polled, half of the messages waited more than {poll:.0f} ms; in each of the four other ways, at most {rest:.1f} ms"


def resume(run: Run) -> Headline | str:
    """Whether anything is missing."""
    run.first("come-back")
    if run.claims("missed"):
        return "The connection broke after event 3; the client came back with its number, and the server told what it had missed"
    return harm(
        "The connection broke after event 3; the server had forgotten event 4, and the client will never have it"
    )


def buffered(run: Run) -> Headline | str:
    """For how long the proxy kept the first event."""
    run.first("pushed")
    longest = max(waits(run))
    if run.claims("kept"):
        return harm(
            f"The proxy kept the events until it had them all: the first came {longest / 1000:.1f} s late"
        )
    return f"The proxy passed on each event as it came: none took more than {longest:.0f} ms"


def lost(run: Run) -> Headline | str:
    """What the loss of message 3 did to the others."""
    came = {int(str(event["arrivals.message"])) for event in run.trace.events if "arrivals.message" in event}
    if not run.claims("lost-frame"):
        run.first("lost-datum")
    if 3 not in came:
        return harm("Message 3 was lost and is missing; no other message waited for it")
    late = next(e for e in run.claims("held-back") if e["arrivals.message"] == 3)
    wait = float(str(late["arrivals.wait"])) / 1e6
    others = some(len(run.claims("held-back")) - 1, "message")
    return f"Message 3 was lost, sent again, and {wait:.0f} ms late; {others} that had come meanwhile waited for it"
