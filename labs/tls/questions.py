"""What the worksheet asks."""

from machinelab.authoring import Question, Run, always, choices, counted, seen

from .answers import mac, readable, sequence, spared, trips


def hellos(run: Run) -> int:
    """How many ClientHellos the client sent."""
    return len(run.items("client-hello")) + len(run.items("second-hello"))


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
    Question(
        "proof",
        "full",
        "explain",
        seen("certificate-verify", "b", "d"),
        choices("a", "c"),
        needs=("certificate",),
        evidence=("certificate-verify",),
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
    Question(
        "a-better-guess",
        "hello-retry",
        "predict",
        hellos,
        {
            "thinks more shares always help": always(1),
            "thinks every group needs a try": always(3),
        },
        needs=("client-hello", "server-hello"),
        evidence=("client-hello", "server-hello"),
        knobs={"client": "openssl"},
    ),
    Question(
        "spared",
        "resumption",
        "predict",
        spared,
        {
            "thinks only of the certificate": always(1),
            "thinks nothing but a hello is left": always(4),
            "thinks nothing is saved": always(0),
        },
        needs=("server-finished", "resumed-finished"),
        evidence=("certificate", "certificate-verify"),
    ),
    Question(
        "which-refusal",
        "no-common-version",
        "explain",
        seen("version-refused", "b", "d"),
        choices("a", "c"),
        needs=("old-hello",),
        evidence=("old-hello", "version-refused"),
        knobs={"cipher": "ECDHE-ECDSA-AES128-GCM-SHA256"},
    ),
    Question(
        "opened",
        "static-rsa",
        "predict",
        readable,
        {"thinks the key decrypts everything": always(2), "thinks the key decrypts nothing": always(0)},
        needs=("request", "unopened-request"),
        evidence=("request", "unopened-request"),
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
    Question(
        "told",
        "wrong-host",
        "predict",
        counted("bad-certificate"),
        {"thinks every client leaves in silence": always(0), "thinks the server answers in kind": always(2)},
        needs=("certificate", "bad-certificate"),
        evidence=("bad-certificate",),
        knobs={"client": "python"},
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
)
