"""What the worksheet asks."""

from collections.abc import Callable

from machinelab.authoring import Answer, Question, Run, counted, packets_of

from .answers import at_41, last_number, last_of, lost, number, older, read


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
        "leader-told",
        "produce",
        "explain",
        always("b"),
        choices("a", "c"),
        needs=("replicate", "produced"),
        evidence=("replicate", "produced"),
    ),
    Question(
        "envelopes",
        "batch",
        "predict",
        counted("batch"),
        {"thinks each has its own": always(12), "thinks one for each broker": always(3)},
        needs=("batch",),
        evidence=("batch",),
    ),
    Question(
        "last-delta",
        "batch",
        "observe",
        lambda run: last_number(run, "on-disk", "kafka.last_offset"),
        {"counts from one": lambda run: last_number(run, "on-disk", "kafka.last_offset") + 1},
        needs=("on-disk",),
        evidence=("on-disk", "batch"),
    ),
    observe(
        "kept-question", "consume", "poll", takes_the_first="fetch", asks_for_the_beginning="ask-beginning"
    ),
    Question(
        "commit-what",
        "consume",
        "predict",
        lambda run: number(run, "commit", "kafka.committed_offset"),
        {
            "takes the last one read": lambda run: number(run, "commit", "kafka.committed_offset") - 1,
            "starts at the beginning": always(0),
        },
        needs=("commit",),
        evidence=("commit", "answered"),
    ),
    Question(
        "sent-to",
        "timestamps",
        "predict",
        lambda run: number(run, "time-told", "kafka.offset"),
        {"thinks times are in order": always(2), "thinks it must read all": always(0)},
        needs=("time-told",),
        evidence=("time-told",),
    ),
    Question(
        "too-old",
        "timestamps",
        "observe",
        older,
        {"trusts the question": always(0), "thinks all are": always(3)},
        needs=("ask-time", "fetched"),
        evidence=("ask-time", "fetched"),
    ),
    observe(
        "how-it-hears",
        "group",
        "rebalance",
        thinks_it_is_called="joined",
        takes_the_newcomer="named",
        takes_the_goodbye="left",
    ),
    Question(
        "who-shares-out",
        "group",
        "explain",
        always("c"),
        choices("a", "b"),
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
            "counts the new ones alone": always(5),
            "forgets what came since": lambda run: 10 - number(run, "progress", "kafka.committed_offset"),
            "takes the end for it": lambda run: number(run, "end-told", "kafka.offset"),
        },
        needs=("progress", "end-told"),
        evidence=("progress", "end-told"),
    ),
    Question(
        "lost",
        "leader-killed",
        "predict",
        lost,
        {"forgets what was promised": lambda run: 0 if lost(run) else 5, "counts all of them": always(46)},
        needs=("safe", "next-kept", "fetched"),
        evidence=("safe", "promised", "kept-at-last", "next-kept", "fetched"),
    ),
    Question(
        "whose-41",
        "leader-killed",
        "observe",
        at_41,
        {"takes the other one": lambda run: "order-46" if at_41(run) == "order-41" else "order-41"},
        needs=("fetched",),
        evidence=("fetched", "epoch-ended"),
    ),
    observe(
        "where-to-cut",
        "leader-killed",
        "epoch-ended",
        takes_the_question="ask-epoch",
        takes_the_way_back="in-sync-again",
        takes_the_first_batch="safe",
    ),
    Question(
        "how-many-found",
        "idempotent",
        "predict",
        lambda run: len(read(run)),
        {"forgets who counts": lambda run: 5 - len(read(run)), "counts what was heard": always(1)},
        needs=("fetched",),
        evidence=("send", "send-again", "heard-at-last", "fetched"),
    ),
    observe("the-copy", "idempotent", "send-again", takes_the_original="send", takes_the_reply="unheard"),
    Question(
        "offsets-used",
        "transaction",
        "predict",
        lambda run: last_number(run, "fetched", "kafka.high_watermark"),
        {"forgets the marker": always(3), "thinks of a beginning, too": always(5)},
        needs=("fetched",),
        evidence=("fetched", "mark"),
    ),
    Question(
        "earliest",
        "retention",
        "predict",
        lambda run: number(run, "beginning", "kafka.offset"),
        {"thinks numbers begin again": always(0), "thinks one is always kept": always(2)},
        needs=("beginning",),
        evidence=("out-of-range", "beginning"),
    ),
    Question(
        "how-many-left",
        "compaction",
        "predict",
        lambda run: len(read(run, "gaps")),
        {
            "thinks nothing is taken out": always(7),
            "forgets the other segment": lambda run: len(read(run, "gaps")) - 1,
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
    Question(
        "why-not",
        "quorum",
        "explain",
        always("a"),
        choices("b", "c"),
        needs=("ask-too-early", "refused"),
        evidence=("refused", "ask-too-early", "would"),
    ),
    observe("decided", "quorum", "granted", takes_the_rehearsal="would", takes_the_news="begin-epoch"),
)
