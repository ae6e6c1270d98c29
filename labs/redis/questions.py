"""The worksheet's answers, each worked out from the learner's own run. The prose is in worksheet.md."""

from machinelab.authoring import Question, Run, always, choices, packets_of, seen

from .headlines import grown, lost, number, turns


def page(run: Run) -> int:
    """How many bytes were copied for each that was changed."""
    return round(grown(run) / max(1, len(run.items("touched"))))


def left(run: Run) -> int:
    """How many keys there were after the look."""
    return number(run.first("so-many-now"), "resp.integer")


QUESTIONS = (
    Question(
        "round-trips",
        "pipeline",
        "predict",
        turns,
        {"one for each order": lambda run: len(run.items("order")), "one for all": always(1)},
        needs=("paid",),
        evidence=("order", "paid"),
        knobs={"depth": "10"},
        steady="a hundred orders in tens, and none is sent before the replies to the last ten are in",
    ),
    Question(
        "held-up",
        "slow",
        "work-out",
        lambda run: len(run.items("held-up")),
        {"counts every look": lambda run: len(run.items("look")), "only who asked": always(1)},
        needs=("held-up",),
        evidence=("held-up",),
        steady="each of three customers has one request on its way, and asks again only after the reply",
    ),
    Question(
        "not-in-the-log",
        "slow",
        "explain",
        seen("held-up", "b", "a"),
        choices("a", "c"),
        needs=("held-up", "slowlog"),
        evidence=("held-up", "slowlog"),
    ),
    Question(
        "gone",
        "crash",
        "work-out",
        lost,
        {"trusts every OK": always(0), "counts every order": lambda run: len(run.items("paid"))},
        needs=("count", "killed"),
        evidence=("paid", "count"),
    ),
    Question(
        "process-only",
        "crash",
        "predict",
        lost,
        {
            "takes it for a power cut": lambda run: len(run.items("paid")),
            "believes in the last second": always(60),
        },
        needs=("count", "killed"),
        evidence=("paid", "count"),
        knobs={"appendfsync": "no", "death": "process"},
    ),
    Question(
        "before-ok",
        "crash",
        "order",
        seen("flushed-first", "cdba", "cdab"),
        {"replies first": always("cadb"), "flushes later": always("cdab")},
        needs=("flushed-first", "paid"),
        evidence=("order", "appended", "flushed-first", "paid"),
        knobs={"appendfsync": "always"},
    ),
    Question(
        "each-byte",
        "fork",
        "work-out",
        page,
        {"copies bytes": always(1), "copies values": always(1000)},
        needs=("touched", "parent-memory"),
        evidence=("parent-memory",),
        within=700,
    ),
    Question(
        "how-far-it-was",
        "replica",
        "observe",
        packets_of("ask-rest"),
        {"takes the first one": packets_of("ask-all"), "takes the answer": packets_of("rest")},
        needs=("ask-rest", "rest", "ask-all"),
    ),
    Question(
        "why-everything",
        "replica",
        "explain",
        seen("all-again", "c", "a"),
        choices("a", "b"),
        needs=("all-again",),
        evidence=("ask-rest", "all-again"),
        knobs={"gap": "large"},
    ),
    Question(
        "why-not-moved",
        "cluster",
        "explain",
        seen("ask-there", "a", "b"),
        choices("b", "c"),
        needs=("ask-there", "moved-back", "found"),
        evidence=("ask-there", "moved-back", "found"),
    ),
    Question(
        "still-there",
        "expiry",
        "predict",
        left,
        {
            "thinks that time deletes": always(0),
            "forgets the look": lambda run: number(run.first("so-many"), "resp.integer"),
        },
        needs=("so-many-now", "looked-at"),
        evidence=("so-many", "looked-at", "so-many-now"),
        knobs={"active": "0"},
    ),
    Question(
        "nothing-was-done",
        "watch",
        "observe",
        packets_of("void"),
        {"takes the rival's": packets_of("rival"), "takes the look after": packets_of("stock-now")},
        needs=("void", "rival", "stock-now"),
    ),
)
