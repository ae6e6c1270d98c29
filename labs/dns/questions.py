"""The worksheet's questions, each with its answer and the misunderstandings it refuses. Their words are in worksheet.md."""

from collections.abc import Callable

from machinelab.authoring import Answer, Question, Run, counted, packets_of

from .answers import (
    aged,
    patience,
    readable,
    refetches,
    refusals,
    ttl_of,
    upstream,
    walked,
    why_denied,
    why_failed,
    why_not_taken,
)


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
        "upstream",
        "cold",
        "predict",
        upstream,
        {"counts the replies too": lambda run: 2 * upstream(run), "counts only the walk": walked},
        needs=("answer",),
        evidence=("ask-root", "ask-tld", "ask-auth", "fetch-keys"),
    ),
    observe(
        "source",
        "cold",
        "auth-answers",
        takes_the_resolver_for_the_source="answer",
        takes_a_referral_for_the_answer="tld-refers",
    ),
    Question(
        "aged",
        "warm",
        "predict",
        aged,
        {
            "thinks a cache gives the full time": always(0),
            "reads off the time left": lambda run: ttl_of(run, "older"),
        },
        needs=("from-cache", "older"),
    ),
    observe(
        "absence",
        "nxdomain",
        "denied",
        takes_the_word_for_the_proof="no-such-name",
        takes_a_memory_for_the_proof="still-no",
    ),
    Question(
        "neighbour",
        "nxdomain",
        "explain",
        why_denied,
        choices("a", "c"),
        needs=("no-neighbour",),
        evidence=("ask-neighbour", "check-neighbour", "no-neighbour"),
    ),
    Question(
        "root-visits",
        "cname",
        "predict",
        counted("ask-root"),
        {"thinks every new name starts at the root": always(2), "thinks the root is never asked": always(0)},
        needs=("ask-root", "back-to-tld"),
    ),
    observe(
        "start-over",
        "cname",
        "alias",
        takes_the_referral_for_the_alias="tld-refers-again",
        looks_at_the_end="answer-both",
    ),
    observe(
        "why-tcp",
        "truncated",
        "cut-short",
        confuses_the_two_sides="cut-for-stub",
        takes_effect_for_cause="ask-by-tcp",
    ),
    observe(
        "vouches",
        "dnssec",
        "tld-refers",
        lets_the_key_vouch_for_itself="zone-key-given",
        goes_one_level_too_high="root-refers",
        takes_data_for_keys="signed",
    ),
    Question("servfail", "bogus", "explain", why_failed, choices("a", "d"), needs=("refuses-to-say",)),
    Question(
        "patience",
        "unreachable",
        "predict",
        patience,
        {"thinks of the client's time limit": always(5.0), "thinks both are asked at once": always(0.0)},
        needs=("ask-dead", "ask-other"),
    ),
    observe(
        "no-reply",
        "unreachable",
        "ask-dead",
        takes_the_repeat_for_it="in-earnest",
        takes_the_rescue_for_it="ask-other",
    ),
    Question(
        "refusals",
        "lame",
        "predict",
        refusals,
        {"thinks a no is final": always(1), "counts one name alone": counted("refuses")},
        needs=("refuses", "gives-up"),
        evidence=("refuses", "refuses-all"),
    ),
    observe(
        "told-too-much",
        "minimised",
        "tell-root",
        confuses_the_two_lookups="ask-root",
        takes_the_zone_for_a_stranger="tell-auth",
    ),
    Question(
        "refetches",
        "ttl",
        "predict",
        refetches,
        {
            "thinks all has expired": always(7),
            "thinks the way is walked again": always(3),
            "trusts the cache": always(0),
        },
        needs=("refetch",),
    ),
    Question(
        "not-taken",
        "spoof",
        "explain",
        why_not_taken,
        choices("f"),
        needs=("held", "forged", "stub-told"),
        evidence=("held", "forged"),
    ),
    Question(
        "unsealed",
        "dot",
        "observe",
        readable,
        {
            "thinks the seal goes all the way": packets_of("sealed-ask"),
            "thinks the root is told": packets_of("ask-root"),
        },
        needs=("sealed-ask", "ask-auth"),
    ),
    observe(
        "no-keys",
        "insecure",
        "unsigned-referral",
        takes_the_missing_for_the_proof="unsigned-answer",
        goes_one_level_too_high="root-refers",
    ),
    observe(
        "not-in-zone",
        "wildcard",
        "wildcard-proof",
        takes_the_probe_for_it="probe-answered",
        takes_the_copy_for_the_source="wildcard-answer",
    ),
    Question(
        "buys-nothing",
        "reverse",
        "predict",
        counted("number-by-number"),
        {"thinks the name is asked for at once": always(0), "counts one for the address": always(1)},
        needs=("number-by-number", "pointer"),
        evidence=("number-by-number",),
    ),
    observe(
        "detour",
        "glueless",
        "no-address",
        takes_the_answer_for_the_cause="where-referred",
        looks_at_the_end="hoster-answers",
    ),
)
