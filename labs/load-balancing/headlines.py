"""What happened in each experiment, worked out from a run's own packets and the balancer's log."""

from collections import Counter

from machinelab.authoring import Event, Headline, Run, harm, listed, some

from .common import WEBS


def server(run: Run, event: Event) -> str:
    """The server that a request reached: the node where it was seen last."""
    return run.node(event.way[-1].dst)


def dealt(run: Run, *steps: str) -> dict[str, int]:
    """How many of the requests of these steps each server was given."""
    found = Counter(server(run, event) for step in steps for event in run.claims(step))
    return {web: found[web] for web in WEBS}


def shares(run: Run) -> str:
    """`web1 got 4, web2 4 and web3 4`."""
    counts = dealt(run, *(f"to-{web}" for web in WEBS))
    return listed(f"{web} {count}" for web, count in counts.items())


def doors(run: Run) -> str:
    """Who knew what at the server."""
    run.first("l4-answer")
    own = run.node(run.first("ask-l4").way[-1].src)
    told = "in a line before the bytes" if run.claims("announce") else "not at all"
    return f"Four ways in, four answers: behind l4 the server sees {own} itself; behind l7 it sees l7, and is told the client's address {told}, or in X-Forwarded-For"


def turns(run: Run) -> str:
    """Who got how many."""
    run.first("to-web1")
    return f"The requests were dealt in turn: {shares(run)}"


def slow(run: Run) -> str:
    """Who got how many where one is slow, and how long that took."""
    took = (run.trace.events[-1].time - run.trace.events[0].time) / 1e9
    run.first("to-web3")
    return f"With {run.knobs['algorithm']}, and web3 slow: {shares(run)}; the 48 requests took {took:.2f} s"


def keys(run: Run) -> str:
    """How many keys moved when a server left, and how many had to."""
    one, two = (
        {str(event["http.request.uri.path"]): server(run, event) for event in run.claims(step)}
        for step in ("first-round", "second-round")
    )
    moved = [key for key, web in one.items() if two.get(key, web) != web]
    had_to = [key for key in moved if one[key] == "web2"]
    extra = len(moved) - len(had_to)
    return f"When web2 left, {len(moved)} of {some(len(one), 'key')} moved: its own {len(had_to)}, and {extra or 'none'} of the others'"


def affinity(run: Run) -> str:
    """Whether each session stayed where it was."""
    run.first("alice-comes")
    if known := run.claims("alice-returns") + run.claims("bob-returns"):
        return f"The cookie held: {some(len(known), 'request')} came back, each to the server that its cookie names"
    seen = {who: {server(run, event) for event in run.claims(f"{who}-comes")} for who in ("alice", "bob")}
    return listed(f"{who}'s requests went to {listed(sorted(webs))}" for who, webs in seen.items())


def kept(run: Run) -> str:
    """How many servers one connection reached, and six."""
    one, six = dealt(run, "one-connection"), dealt(run, "six-connections")
    reached = [sum(bool(count) for count in counts.values()) for counts in (one, six)]
    return f"18 requests over one connection reached {some(reached[0], 'server')}, six over six connections {some(reached[1], 'server')}"


def failover(run: Run) -> Headline | str:
    """What the client saw of it."""
    lost = len(run.claims("bad-gateway")) + len(run.claims("unavailable"))
    served = len(run.claims("served"))
    marked = "web2 was marked down" if run.claims("marked-down") else "nobody noticed that web2 was down"
    text = (
        f"web2 died with a request in its hands: {some(lost, 'request')} of {lost + served} failed; {marked}"
    )
    return harm(text) if lost else text


def comeback(run: Run) -> str:
    """How soon it was given its share."""
    back, up = run.claims("returned"), run.first("up")
    soon = [event for event in back if event.time - up.time < 1_000_000_000]
    others = run.claims("others")
    same = [event for event in others if 0 <= event.time - up.time < 1_000_000_000]
    return f"web2 is back: in its first second it was given {len(soon)} of {some(len(soon) + len(same), 'request')}"


def drain(run: Run) -> str:
    """Whether the known client could stay."""
    run.first("arrives")
    newcomers = "newcomers went elsewhere" if run.claims("newcomers") else "nobody new came"
    if run.claims("stays"):
        return f"web1 is drained: alice, whom it knows, stayed, and {newcomers}"
    run.first("moved")
    return f"web1 is out of service: alice had to move and her cart stayed behind, and {newcomers}"


def order(run: Run) -> Headline | str:
    """How many servers took it, and what the client knows."""
    if run.claims("again"):
        other = server(run, run.first("again"))
        return harm(
            f"web1 took the order and said nothing, and the balancer sent it to {other} as well: it may be done twice"
        )
    run.first("told-nothing")
    return harm(
        "web1 took the order and said nothing, and the client was told 502: it cannot know whether it is done"
    )
