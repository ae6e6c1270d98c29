"""What the worksheet asks."""

from machinelab.authoring import Question, always, choices, counted, observe, packets_of

from .answers import (
    asked_41,
    last_of,
    left,
    lost,
    number,
    orders_sent,
    other_41,
    read,
    settled_41,
    who_shares_out,
)

QUESTIONS = (
    Question(
        "has-it",
        "produce",
        "observe",
        lambda run: last_of(run, "caught-up"),
        {
            "takes the delivery for it": packets_of("replicate"),
            "takes the answer for it": packets_of("produced"),
        },
        needs=("caught-up", "produced"),
        evidence=("caught-up",),
    ),
    Question(
        "envelopes",
        "batch",
        "predict",
        counted("batch"),
        {"thinks each has its own": always(12), "thinks one for each broker": always(3)},
        needs=("batch",),
        evidence=("batch",),
        steady="all twelve are handed over within the time that the producer lingers",
    ),
    observe(
        "kept-question", "consume", "poll", takes_the_first="fetch", asks_for_the_beginning="ask-beginning"
    ),
    Question(
        "sent-to",
        "timestamps",
        "predict",
        lambda run: number(run, "time-told", "kafka.offset"),
        {"trusts the producer's clock": always(1), "thinks the oldest order is the oldest record": always(2)},
        needs=("time-told",),
        evidence=("time-told",),
        knobs={"clock": "LogAppendTime"},
    ),
    Question(
        "who-shares-out",
        "group",
        "explain",
        who_shares_out,
        choices("b"),
        needs=("sync", "assigned"),
        evidence=("sync", "assigned"),
    ),
    Question(
        "behind",
        "lag",
        "predict",
        lambda run: (
            number(run, "end-told", "kafka.offset") - number(run, "progress", "kafka.committed_offset")
        ),
        {
            "counts only the new ones": always(5),
            "forgets what came since": always(3),
            "takes the commit for the last one read": always(7),
        },
        needs=("progress", "end-told"),
        evidence=("progress", "end-told"),
        knobs={"done": "7"},
    ),
    Question(
        "lost",
        "leader-killed",
        "predict",
        lost,
        {
            "trusts every acknowledgement": always(0),
            "counts what nobody was promised": always(6),
            "counts all of them": always(46),
        },
        needs=("safe", "promised", "next-kept", "fetched"),
        evidence=("safe", "promised", "next-kept", "fetched"),
        knobs={"acks": "1"},
    ),
    Question(
        "whose-41",
        "leader-killed",
        "observe",
        settled_41,
        {"takes the other one": other_41, "takes the request": asked_41},
        needs=("fetched", "next-kept"),
        evidence=("fetched", "epoch-ended"),
    ),
    Question(
        "how-many-found",
        "idempotent",
        "predict",
        lambda run: len(read(run)),
        {"thinks a broker knows a repetition": always(2), "counts what was heard": always(1)},
        needs=("fetched",),
        evidence=("send", "send-again", "heard-at-last", "fetched"),
        knobs={"idempotent": "no"},
    ),
    Question(
        "still-sent",
        "transaction",
        "predict",
        orders_sent,
        {"thinks the broker keeps them back": always(0), "counts the marker": always(4)},
        needs=("fetched",),
        evidence=("mark", "fetched"),
        knobs={"end": "abort"},
    ),
    Question(
        "how-many-left",
        "compaction",
        "predict",
        left,
        {
            "thinks nothing is taken out": always(7),
            "forgets the other segment": lambda run: left(run) - 1,
        },
        needs=("gaps",),
        evidence=("gaps", "after"),
    ),
    Question(
        "way-out",
        "poison",
        "explain",
        always("c"),
        choices("a", "b"),
        needs=("stuck",),
        evidence=("stuck", "commit"),
    ),
)
