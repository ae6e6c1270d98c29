"""What the worksheet asks."""

from collections.abc import Callable

from machinelab.authoring import Answer, Question, Run, node_of, packets_of

from .answers import mac, named, readable, sequence, shares, spared, trips


def always(answer: Answer) -> Callable[[Run], Answer]:
    """The same answer whatever the run: what somebody thinks who does not look."""
    return lambda run: answer


def choices(*letters: str) -> dict[str, Callable[[Run], Answer]]:
    """Choices that are wrong unless the run makes them right; the worksheet replies to each by its letter."""
    return {letter: always(letter) for letter in letters}


def seen(step: str, there: str, missing: str) -> Callable[[Run], str]:
    """One letter if the run shows a step, another if it does not."""
    return lambda run: there if run.claims(step) else missing


def observe(id: str, experiment: str, step: str, **wrong: str) -> Question:
    """Point at the packet of a step; the wrong twins point at other steps. (Names with _ for spaces.)"""
    twins = {name.replace("_", " "): packets_of(other) for name, other in wrong.items()}
    return Question(id, experiment, "observe", packets_of(step), twins, needs=(step,))


QUESTIONS = (
    Question(
        "trips",
        "full",
        "predict",
        trips,
        {"thinks of TLS 1.2 or counts TCP": always(2), "thinks it may ask at once": always(0)},
        needs=("client-hello", "request"),
        evidence=("client-hello", "server-hello", "request"),
    ),
    observe(
        "first-seal",
        "full",
        "encrypted-extensions",
        thinks_the_certificate_comes_first="certificate-verify",
        thinks_only_data_is_sealed="request",
        takes_the_hello_for_it="client-hello",
    ),
    observe(
        "proof",
        "full",
        "certificate-verify",
        takes_the_hello_for_proof="server-hello",
        waits_for_data="response",
    ),
    Question(
        "number",
        "full",
        "predict",
        sequence,
        {"counts from one": lambda run: sequence(run) + 1, "thinks each message is a first": always(0)},
        needs=("server-finished",),
        evidence=("server-finished",),
    ),
    Question(
        "verify",
        "full",
        "observe",
        lambda run: mac(run, "server-finished"),
        {
            "takes the record's key": lambda run: mac(run, "server-finished", "tls.derived.key"),
            "takes the traffic secret": lambda run: mac(run, "server-finished", "tls.derived.secret"),
            "takes the client's": lambda run: mac(run, "client-finished"),
        },
        needs=("server-finished", "client-finished"),
        evidence=("server-finished",),
    ),
    Question(
        "not-logged",
        "full",
        "explain",
        seen("server-finished", "c", "d"),
        choices("a", "b"),
        needs=("server-finished",),
    ),
    observe(
        "which-group",
        "hello-retry",
        "retry",
        takes_the_choice_for_the_demand="server-hello",
        takes_the_answer_for_the_demand="second-hello",
    ),
    Question(
        "spared",
        "resumption",
        "predict",
        spared,
        {
            "thinks of the certificate alone": always(1),
            "thinks nothing but a hello is left": always(4),
            "thinks nothing is spared": always(0),
        },
        needs=("server-finished", "resumed-finished"),
        evidence=("certificate", "certificate-verify"),
    ),
    Question(
        "believed",
        "resumption",
        "explain",
        seen("ticket-taken", "b", "d"),
        choices("a", "c"),
        needs=("hello-with-ticket",),
    ),
    observe(
        "twice",
        "early-data",
        "replayed-request",
        takes_the_original_for_the_copy="early-request",
        takes_the_answer_for_it="replay-answered",
    ),
    Question(
        "why-copied",
        "early-data",
        "explain",
        seen("replay-answered", "b", "d"),
        choices("a", "c"),
        needs=("replayed-request",),
        evidence=("early-hello", "replayed-hello"),
    ),
    Question(
        "old-trips",
        "tls12",
        "predict",
        trips,
        {"thinks of TLS 1.3": always(1), "counts TCP as well": always(3)},
        needs=("old-hello", "request"),
        evidence=("old-hello", "client-key", "request"),
    ),
    observe(
        "held-secret",
        "static-rsa",
        "sealed-secret",
        takes_a_share_for_a_secret="client-key",
        takes_the_certificate_for_it="certificate",
        takes_the_data_for_it="request",
    ),
    Question(
        "opened",
        "static-rsa",
        "predict",
        readable,
        {"thinks the key opens everything": always(2), "thinks the key opens nothing": always(0)},
        needs=("request", "unopened-request"),
        evidence=("request", "unopened-request"),
    ),
    observe(
        "nobody",
        "mutual",
        "empty-certificate",
        takes_the_verdict_for_the_cause="certificate-required",
        takes_the_question_for_the_answer="certificate-request",
    ),
    Question(
        "who-leaves",
        "expired",
        "predict",
        node_of("certificate-expired", sender=True),
        {"thinks the owner of the certificate notices": always("server")},
        needs=("certificate-expired",),
        evidence=("certificate-expired",),
    ),
    Question(
        "silent",
        "wrong-host",
        "explain",
        seen("bad-certificate", "d", "a"),
        choices("b", "c"),
        needs=("certificate",),
        evidence=("certificate",),
    ),
    observe(
        "meddled",
        "downgrade",
        "altered-hello",
        takes_the_victim_for_the_deed="honest-hello",
        takes_the_warning_for_the_deed="sentinel-passed-on",
    ),
    Question(
        "why-not-hidden",
        "downgrade",
        "explain",
        seen("illegal-parameter", "b", "d"),
        choices("a", "c"),
        needs=("sentinel",),
        evidence=("sentinel", "sentinel-passed-on"),
    ),
    Question(
        "new-shares",
        "key-update",
        "predict",
        shares,
        {"thinks new keys need a new exchange": always(2), "thinks the asker sends one": always(1)},
        needs=("key-update", "request-under-new-keys"),
        evidence=("key-update", "key-updated"),
    ),
    Question(
        "leak",
        "on-looker",
        "observe",
        named,
        {
            "thinks the server tells its name": packets_of("server-hello"),
            "thinks the certificate can be read": packets_of("sealed-flight"),
        },
        needs=("client-hello",),
    ),
)
