"""The worksheet's questions, each answered from the learner's own run. The prose is in worksheet.md."""

from collections import Counter
from collections.abc import Callable

from machinelab.authoring import Answer, Event, Question, Run, always, choices, packets_of

from .common import WEBS


def peer(step: str) -> Callable[[Run], str]:
    """Whose address the server sees as the sender of the request."""
    return lambda run: run.node(run.first(step).way[-1].src)


def handshake(step: str) -> Callable[[Run], str]:
    """Which node answered alice's SYN: the sender of the SYN ACK as it first left somebody."""

    def answer(run: Run) -> str:
        asked = run.first(step)
        port = asked["tcp.srcport"]
        replies = (
            event
            for event in run.trace.events
            if "tcp.flags.syn" in event and event["tcp.flags.syn"] and event["tcp.flags.ack"]
        )
        return run.node(
            next(e.way[0].src for e in replies if e["tcp.dstport"] == port and e.way[-1].dst == asked.src)
        )

    return answer


def given(run: Run, web: str) -> int:
    """How many requests a server was given."""
    return len(run.claims(f"to-{web}"))


def first_four(run: Run) -> int:
    """How many of the first four requests web1 was given."""
    return sum(served(run, event) == "web1" for event in in_order(run)[:4])


def in_order(run: Run) -> list[Event]:
    """All requests of a run that has a step for each server, as they came."""
    return sorted((e for web in WEBS for e in run.claims(f"to-{web}")), key=lambda event: event.number)


def served(run: Run, event: Event) -> str:
    """The server that a request was given to."""
    return run.node(event.way[-1].dst)


def why_less(run: Run) -> str:
    """Whether the slow server was given less than its third, and the algorithm asks who is busy."""
    busy = run.knobs["algorithm"] in ("leastconn", "random(2)")
    fewer = given(run, "web3") * 3 < sum(given(run, web) for web in WEBS)
    return "b" if busy and fewer else "c" if not busy else ""


def moved(run: Run) -> int:
    """How many keys are at another server in the second round."""
    first, second = places(run, "first-round"), places(run, "second-round")
    return sum(first[key] != second[key] for key in first)


def homeless(run: Run) -> int:
    """How many keys the server that left had."""
    return sum(web == "web2" for web in places(run, "first-round").values())


def places(run: Run, step: str) -> dict[str, str]:
    """Each key's server."""
    return {str(event["http.request.uri.path"]): served(run, event) for event in run.claims(step)}


def why_moved(run: Run) -> str:
    """Whether only those keys moved whose server had left."""
    return "a" if moved(run) == homeless(run) else "c"


def alices_servers(run: Run) -> int:
    """How many servers alice's browsers were spread over."""
    return len({served(run, event) for event in run.claims("alice-comes")})


def crowded(run: Run) -> int:
    """The most that one server was given of alice's one connection."""
    return max(Counter(served(run, event) for event in run.claims("one-connection")).values())


def failures(run: Run) -> int:
    """How many requests the client had no good answer to."""
    return len(run.claims("bad-gateway")) + len(run.claims("unavailable"))


def refused(run: Run) -> int:
    """How many connections the dead server refused."""
    return len(run.claims("refused"))


def lost_request(run: Run) -> frozenset[str]:
    """The request that web2 had in its hands: the one that the 502 answers."""
    reply = run.items("bad-gateway")[0].exchange
    asked = (
        event
        for event in run.claims("passed-on")
        for message in event.messages
        if reply and message.exchange and message.exchange.key == reply.key
    )
    return frozenset(str(sighting.number) for event in asked for sighting in event.way)


def why_lost(run: Run) -> str:
    """Whether the proxy had sent the lost request on before the server died."""
    lost = lost_request(run)
    return "b" if len(lost) > 1 and run.knobs["retries"] == "3" else ""


def why_quiet(run: Run) -> str:
    """Why the client saw nothing of the refused connections: each was another server's request in the end."""
    return "c" if refused(run) and not run.claims("turned-away") else ""


def first_ten(run: Run) -> int:
    """How many of the first ten requests after the server was up it was given."""
    up = run.first("up").time
    requests = [*run.claims("others"), *run.claims("returned")]
    after = sorted((event for event in requests if event.time > up), key=lambda event: event.time)[:10]
    return sum(served(run, event) == "web2" for event in after)


def old_friends(run: Run) -> int:
    """How many of alice's later requests the server that is leaving still got."""
    return len(run.claims("stays"))


def times_ordered(run: Run) -> int:
    """How often the order reached a server."""
    return len(run.claims("lost")) + len(run.claims("again")) + len(run.claims("once"))


def same_id(run: Run) -> str:
    """Whether both of the order's requests have the one trace id."""
    added = [str(value) for value in run.first("again").values("proxied.added")]
    first = [str(value).strip() for value in run.first("lost").values("http.request.line")]
    ids = {line for line in added if line.lower().startswith("x-request-id")}
    return "c" if ids and ids <= set(first) else "b"


def predict(
    id: str, experiment: str, answer: Callable[[Run], Answer], needs: tuple[str, ...], **wrong: Answer
) -> Question:
    """A question asked before the run; each wrong twin is a value that somebody expects."""
    twins = {name.replace("_", " "): always(value) for name, value in wrong.items()}
    return Question(id, experiment, "predict", answer, twins, needs=needs)


def count(
    id: str, experiment: str, answer: Callable[[Run], Answer], needs: tuple[str, ...], **wrong: Answer
) -> Question:
    """How many there are in this run; each wrong twin is a number that somebody comes to."""
    twins = {name.replace("_", " "): always(value) for name, value in wrong.items()}
    return Question(id, experiment, "observe", answer, twins, needs=needs)


def explain(
    id: str, experiment: str, answer: Callable[[Run], Answer], needs: tuple[str, ...], *wrong: str
) -> Question:
    """Choose the cause."""
    return Question(id, experiment, "explain", answer, choices(*wrong), needs=needs)


def third(run: Run) -> str:
    """The server that the third request was given to."""
    return served(run, in_order(run)[2])


QUESTIONS = (
    predict("whose-address", "doors", peer("ask-l7"), ("ask-l7",), thinks_addresses_pass_through="alice"),
    Question(
        "told",
        "doors",
        "observe",
        packets_of("announce"),
        {
            "takes the request for it": packets_of("ask-told"),
            "takes the header for it": packets_of("ask-l7"),
        },
        needs=("announce", "ask-told", "ask-l7"),
    ),
    Question(
        "third",
        "turns",
        "predict",
        third,
        {"thinks it goes by blocks": always("web2"), "thinks weights come after the round": always("web3")},
        needs=("to-web1", "to-web2", "to-web3"),
        evidence=("to-web1", "to-web2", "to-web3"),
        knobs={"weights": "2:1:1"},
    ),
    Question(
        "why-less",
        "slow",
        "explain",
        why_less,
        choices("a", "d"),
        needs=("to-web1", "to-web3"),
        knobs={"algorithm": "leastconn"},
    ),
    count(
        "moved",
        "keys",
        moved,
        ("first-round", "second-round"),
        thinks_all_move=48,
        thinks_none_moves=0,
    ),
    Question(
        "why-moved",
        "keys",
        "explain",
        why_moved,
        choices("b", "d"),
        needs=("first-round", "second-round"),
        knobs={"hash": "map-based"},
    ),
    Question(
        "spread",
        "affinity",
        "predict",
        alices_servers,
        {"thinks browsers are told apart": always(3), "thinks each has a server of its own": always(4)},
        needs=("alice-comes",),
        evidence=("alice-comes",),
        knobs={"by": "source"},
    ),
    predict("crowded", "kept", crowded, ("one-connection",), thinks_requests_are_shared_out=6),
    Question(
        "failures",
        "failover",
        "predict",
        failures,
        {
            "thinks nothing is lost": always(0),
            "counts the refusals too": lambda run: failures(run) + refused(run),
        },
        needs=("bad-gateway",),
    ),
    Question(
        "lost-request",
        "failover",
        "observe",
        lost_request,
        {
            "takes a refused connection for it": packets_of("knock"),
            "takes the news for the request": packets_of("bad-gateway"),
        },
        needs=("bad-gateway", "knock"),
    ),
    Question(
        "old-friends",
        "drain",
        "predict",
        old_friends,
        {"thinks a cookie is a promise": always(3), "counts the newcomers": always(6)},
        needs=("moved", "newcomers"),
        evidence=("moved",),
        knobs={"state": "maint"},
    ),
    Question(
        "times-ordered",
        "order",
        "predict",
        times_ordered,
        {"thinks a proxy always tries again": always(2), "thinks no answer means no order": always(0)},
        needs=("once",),
        evidence=("once",),
        knobs={"retry": "safe"},
    ),
)
