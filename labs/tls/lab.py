"""TLS, the handshake: one client, four servers with different opinions, and one in the middle. The prose is in guides/tls.md.

Two faults that a break-it round could put in (they are described here, and not built):

- A server whose chain has lost its middle: nginx on `server` is given the leaf certificate alone. A browser that has the
  issuing CA in its cache does not notice; curl sends alert 48 (unknown_ca), as for a stranger's certificate. What tells the
  two apart is in the Certificate message: one certificate, and its issuer is the CA that everybody else's chain has.
- A ticket key that two servers do not share: `server` is restarted between the connection that got a ticket and the one
  that uses it. The ClientHello offers a PSK, the ServerHello takes none, and a whole handshake follows, certificate and
  all; early data sent along is lost and has to be sent again. Nothing fails, everything is slower.
"""

import hmac
from collections.abc import Callable
from dataclasses import replace

from machinelab.authoring import (
    ARP,
    Answer,
    At,
    Background,
    Choice,
    Experiment,
    Gather,
    Lab,
    Question,
    Run,
    Step,
    node_of,
    packets_of,
)

FORGET = At("client", "truncate -s 0 /run/tls/keys.log")
KEYS = (Gather("client", "keys", "cat /run/tls/keys.log"),)
FOR_SHOW = Background("for-show", "tls.change_cipher_spec")
NOISE = (FOR_SHOW, ARP)
GROUPS = Choice(("DEFAULT", "X25519", "P-256"))
CLIENTS = Choice(("curl", "openssl", "gnutls", "python"))
GET = At("client", "get {client} {name}")

TYPE = "tls.handshake.type"
RETRY = "tls.handshake.extensions_key_share_selected_group"
DATA = "tls.record.content_type == 23 and data"


def asks(id: str, sees: str, server: str = "server", **more: object) -> Step:
    """What the client says to a server."""
    return replace(Step(id, f"client > {server}", sees), **more)  # type: ignore[arg-type]


def tells(id: str, sees: str, server: str = "server", **more: object) -> Step:
    """What a server says to the client."""
    return replace(Step(id, f"{server} > client", sees), **more)  # type: ignore[arg-type]


def both(id: str, sees: str, server: str = "server", **more: object) -> Step:
    """What either of them says."""
    return replace(Step(id, f"client|{server} > client|{server}", sees), **more)  # type: ignore[arg-type]


def proof(server: str = "server") -> tuple[Step, ...]:
    """The server's certificate, and that it has the key to it."""
    return (
        tells("certificate", f"{TYPE} == 11", server),
        tells("certificate-verify", f"{TYPE} == 15", server),
    )


def sealed_start(server: str = "server") -> tuple[Step, ...]:
    """From the server's hello to the first sealed message."""
    return (
        tells("server-hello", f"{TYPE} == 2 and not {RETRY}", server),
        tells("encrypted-extensions", f"{TYPE} == 8", server),
    )


def talk(server: str = "server") -> tuple[Step, ...]:
    """Both say that they are done; then what it was all for. Tickets and farewells come when they come."""
    return (
        tells("server-finished", f"{TYPE} == 20", server),
        asks("client-finished", f"{TYPE} == 20", server),
        asks("request", DATA, server),
        tells("response", DATA, server, times=(1, None)),
        tells("tickets", f"{TYPE} == 4", server, times=(0, None), track="tickets"),
        farewell(server),
    )


def farewell(server: str = "server") -> Step:
    """Either side's last word."""
    return both("farewell", "tls.alert_message.desc == 0", server, times=(0, None), track="farewell")


CLIENT_HELLO = asks("client-hello", f"{TYPE} == 1")

full = Experiment(
    "full",
    "The whole handshake",
    reset=(FORGET,),
    run=(GET,),
    gather=KEYS,
    knobs={"client": CLIENTS, "name": "www.example.test"},
    background=NOISE,
    steps=(CLIENT_HELLO, *sealed_start(), *proof(), *talk()),
)

hello_retry = Experiment(
    "hello-retry",
    "A server that wants another group",
    reset=(FORGET,),
    run=(GET,),
    gather=KEYS,
    knobs={"client": CLIENTS, "name": "strict.example.test"},
    background=NOISE,
    steps=(
        asks("client-hello", f"{TYPE} == 1", "strict"),
        tells("retry", f"{TYPE} == 2 and {RETRY}", "strict"),
        asks("second-hello", f"{TYPE} == 1", "strict"),
        *sealed_start("strict"),
        *proof("strict"),
        *talk("strict"),
    ),
)

PSK = "tls.handshake.extensions.psk.identity.identity"
SESSION = "/run/tls/session"

resumption = Experiment(
    "resumption",
    "Coming back with a ticket",
    reset=(FORGET,),
    run=(
        At("client", f"ask www.example.test -sess_out {SESSION}"),
        At("client", f"ask www.example.test -sess_in {SESSION} -groups {{groups}}"),
    ),
    gather=KEYS,
    knobs={"groups": GROUPS},
    background=NOISE,
    steps=(
        asks("client-hello", f"{TYPE} == 1 and not {PSK}"),
        *sealed_start(),
        *proof(),
        *talk()[:4],
        asks("hello-with-ticket", f"{TYPE} == 1 and {PSK}"),
        tells("ticket-taken", f"{TYPE} == 2 and tls.handshake.extensions.psk.identity.selected"),
        tells("resumed-extensions", f"{TYPE} == 8"),
        tells("resumed-finished", f"{TYPE} == 20"),
        asks("resumed-client-finished", f"{TYPE} == 20"),
        asks("resumed-request", DATA),
        tells("resumed-response", DATA, times=(1, None)),
        *talk()[4:],
        tells("no-certificate", f"{TYPE} in {{11, 15}}", times=(0, 0)),
    ),
)

EARLY = "tls.handshake.extension.type == 42"
VIA = "-connect mallory.example.test:443"
PASSED_ON = Background("passed-on", "tls", "mallory|server > mallory|server")

early_data = Experiment(
    "early-data",
    "A request in the first flight, and what a listener can do with it",
    reset=(At("client", f"ask www.example.test -sess_out {SESSION}"), FORGET),
    run=(
        At("client", f"ask www.example.test {VIA} -sess_in {SESSION} -early_data {{request}}"),
        At("mallory", "relay replay"),
    ),
    gather=KEYS,
    knobs={"request": Choice(("/run/tls/request", "/etc/hostname"))},
    background=(*NOISE, PASSED_ON),
    steps=(
        asks("early-hello", f"{TYPE} == 1 and {EARLY}", "mallory"),
        asks("early-request", DATA, "mallory"),
        tells("early-server-hello", f"{TYPE} == 2", "mallory"),
        tells("early-taken", f"{TYPE} == 8 and {EARLY}", "mallory"),
        tells("resumed-finished", f"{TYPE} == 20", "mallory"),
        asks("end-of-early-data", f"{TYPE} == 5", "mallory"),
        asks("resumed-client-finished", f"{TYPE} == 20", "mallory"),
        tells("early-response", DATA, "mallory", times=(1, None), track="response"),
        *talk("mallory")[4:],
        Step("replayed-hello", "mallory > server", f"{TYPE} == 1 and {EARLY}"),
        Step("replayed-request", "mallory > server", DATA),
        Step(
            "replay-answered",
            "server > mallory",
            "tls.record.opaque_type and not tls.record.content_type",
            times=(1, None),
        ),
    ),
)

SEALED_12 = "tls.handshake and not tls.handshake.type"
CHANGE = "tls.change_cipher_spec"


def old_opening(server: str, *, ephemeral: bool) -> tuple[Step, ...]:
    """TLS 1.2 as far as both have what they need for the keys."""
    return (
        asks("old-hello", f"{TYPE} == 1", server),
        tells("old-server-hello", f"{TYPE} == 2", server),
        tells("certificate", f"{TYPE} == 11", server),
        *((tells("server-key", f"{TYPE} == 12", server),) if ephemeral else ()),
        tells("server-done", f"{TYPE} == 14", server),
        asks("client-key", f"{TYPE} == 16 and tls.handshake.client_point", server)
        if ephemeral
        else asks("sealed-secret", f"{TYPE} == 16 and tls.handshake.epms", server),
    )


def old_talk(server: str) -> tuple[Step, ...]:
    """Change to the keys, Finished, data; in TLS 1.2 the client is first."""
    return (
        asks("client-changes", CHANGE, server),
        asks("old-client-finished", f"{TYPE} == 20", server),
        tells("old-ticket", f"{TYPE} == 4", server, times=(0, 1)),
        tells("server-changes", CHANGE, server),
        tells("old-server-finished", f"{TYPE} == 20", server),
        asks("request", DATA, server),
        tells("response", DATA, server, times=(1, None)),
        farewell(server),
    )


tls12 = Experiment(
    "tls12",
    "The same in TLS 1.2",
    reset=(FORGET,),
    run=(At("client", "ask legacy.example.test -cipher {cipher}"),),
    gather=KEYS,
    knobs={
        "cipher": Choice(
            ("ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-CHACHA20-POLY1305")
        )
    },
    background=(ARP,),
    steps=(*old_opening("legacy", ephemeral=True), *old_talk("legacy")),
)

OPAQUE = "tls.record.content_type == 23 and tls.app_data and not data"

static_rsa = Experiment(
    "static-rsa",
    "What the server's key opens later, and what it does not",
    run=(
        At("client", "ask legacy.example.test -cipher {cipher}"),
        At("client", "ask legacy.example.test -cipher ECDHE-RSA-AES128-GCM-SHA256"),
    ),
    gather=(Gather("legacy", "keys", "cat /usr/share/machinelab/tls/legacy.key"),),
    knobs={"cipher": Choice(("AES128-GCM-SHA256", "AES128-CCM"))},
    background=(ARP,),
    steps=(
        *old_opening("legacy", ephemeral=False),
        *old_talk("legacy"),
        asks("ephemeral-hello", f"{TYPE} == 1", "legacy"),
        tells("ephemeral-flight", f"{TYPE} in {{2, 4, 11, 14}}", "legacy", times=(1, None), track="flight"),
        tells("server-key", f"{TYPE} == 12", "legacy"),
        asks("client-key", f"{TYPE} == 16 and tls.handshake.client_point", "legacy"),
        both("ephemeral-changes", CHANGE, "legacy", times=(2, 2), track="changes"),
        both("unopened-finished", SEALED_12, "legacy", times=(2, 2)),
        asks("unopened-request", OPAQUE, "legacy"),
        tells("unopened-response", OPAQUE, "legacy", times=(1, None)),
        both(
            "unopened-farewell",
            "tls.alert_message and not tls.alert_message.desc",
            "legacy",
            times=(0, None),
            track="ends",
        ),
    ),
)

ALICE = "/usr/share/machinelab/tls/alice"
WHO = f"-cert {ALICE}.pem -cert_chain {ALICE}.pem -key {ALICE}.key"
NOBODY = "tls.handshake.certificates_length == 0"

# The client may have sent its request before the refusal reaches it, or not.
UNHEARD = Background("unheard-request", DATA, "client > staff")

mutual = Experiment(
    "mutual",
    "A server that wants to know who you are",
    reset=(FORGET,),
    run=(
        At("client", "ask staff.example.test -groups {groups}", ok=(0, 1)),
        At("client", f"ask staff.example.test -groups {{groups}} {WHO}"),
    ),
    gather=KEYS,
    knobs={"groups": GROUPS},
    background=(*NOISE, UNHEARD),
    steps=(
        asks("client-hello", f"{TYPE} == 1", "staff"),
        *sealed_start("staff"),
        tells("certificate-request", f"{TYPE} == 13", "staff"),
        *proof("staff"),
        tells("server-finished", f"{TYPE} == 20", "staff"),
        asks("empty-certificate", f"{TYPE} == 11 and {NOBODY}", "staff"),
        asks("client-finished", f"{TYPE} == 20", "staff"),
        tells("certificate-required", "tls.alert_message.desc == 116", "staff"),
        asks("known-hello", f"{TYPE} == 1", "staff"),
        tells("same-flight", f"{TYPE} in {{2, 8, 11, 13, 15, 20}}", "staff", times=(6, 6)),
        asks("client-certificate", f"{TYPE} == 11 and not {NOBODY}", "staff"),
        asks("client-verify", f"{TYPE} == 15", "staff"),
        asks("known-client-finished", f"{TYPE} == 20", "staff"),
        asks("known-client-request", DATA, "staff"),
        tells("response", DATA, "staff", times=(1, None)),
        *talk("staff")[4:],
    ),
)


def refused(id: str, title: str, name: str, alert: Step) -> Experiment:
    """A certificate that the client does not take: it says so, and goes."""
    return Experiment(
        id,
        title,
        reset=(FORGET,),
        run=(replace(GET, ok=(0, 1, 60)),),
        gather=KEYS,
        knobs={"client": Choice(("curl", "openssl", "python", "gnutls")), "name": name},
        background=NOISE,
        steps=(
            CLIENT_HELLO,
            *sealed_start(),
            *proof(),
            tells("server-finished", f"{TYPE} == 20"),
            alert,
            asks("no-request", DATA, times=(0, 0)),
        ),
    )


expired = refused(
    "expired",
    "A certificate whose time is over",
    "expired.example.test",
    asks("certificate-expired", "tls.alert_message.desc == 45"),
)
unknown_ca = refused(
    "unknown-ca",
    "A certificate by somebody nobody knows",
    "unknown.example.test",
    asks("unknown-ca", "tls.alert_message.desc == 48"),
)

CURL = "client == curl"
NOT_CURL = "client != curl"

wrong_host = Experiment(
    "wrong-host",
    "A good certificate, for somebody else",
    reset=(FORGET,),
    run=(replace(GET, ok=(0, 1, 60)),),
    gather=KEYS,
    knobs={"client": Choice(("curl", "python")), "name": "wrong.example.test"},
    background=NOISE,
    steps=(
        CLIENT_HELLO,
        *sealed_start(),
        *proof(),
        tells("server-finished", f"{TYPE} == 20"),
        asks("client-finished", f"{TYPE} == 20", when=CURL),
        asks("bad-certificate", "tls.alert_message.desc == 42", when=NOT_CURL),
        *talk()[4:],
        asks("no-request", DATA, times=(0, 0)),
    ),
)

no_common_version = Experiment(
    "no-common-version",
    "Two that have no version in common",
    reset=(FORGET,),
    run=(At("client", "ask strict.example.test -tls1_2 -cipher {cipher}", ok=(0, 1)),),
    gather=KEYS,
    knobs={"cipher": Choice(("DEFAULT", "ECDHE-ECDSA-AES128-GCM-SHA256"))},
    background=NOISE,
    steps=(
        asks("old-hello", f"{TYPE} == 1", "strict"),
        tells("version-refused", "tls.alert_message.desc == 70", "strict"),
    ),
)

ALPN = "tls.handshake.extensions_alpn_str"

alpn = Experiment(
    "alpn",
    "Which protocol comes next",
    reset=(FORGET,),
    run=(
        At("client", "ask www.example.test -alpn {offer}"),
        At("client", "ask www.example.test -alpn imap", ok=(0, 1)),
    ),
    gather=KEYS,
    knobs={"offer": Choice(("h2,http/1.1", "http/1.1"))},
    background=NOISE,
    steps=(
        asks("offers-protocols", f"{TYPE} == 1 and {ALPN}"),
        tells("server-hello", f"{TYPE} == 2"),
        tells("chooses-protocol", f'{TYPE} == 8 and {ALPN} == "http/1.1"'),
        *proof(),
        *talk(),
        asks("offers-nothing-known", f'{TYPE} == 1 and {ALPN} == "imap"'),
        tells("no-protocol", "tls.alert_message.desc == 120"),
    ),
)

SENTINEL = "tls.handshake.random[24:8] == 44:4f:57:4e:47:52:44:01"
VERSIONS = "tls.handshake.extensions.supported_version"

downgrade = Experiment(
    "downgrade",
    "Somebody in the middle who would rather have TLS 1.2",
    reset=(FORGET, At("mallory", "relay downgrade on")),
    run=(At("client", f"ask www.example.test {VIA} -groups {{groups}}", ok=(0, 1)),),
    knobs={"groups": GROUPS},
    after=(At("mallory", "relay downgrade off"),),
    gather=KEYS,
    background=NOISE,
    steps=(
        asks("honest-hello", f"{TYPE} == 1 and {VERSIONS} == 0x0304", "mallory"),
        Step("altered-hello", "mallory > server", f"{TYPE} == 1 and not {VERSIONS}"),
        Step("sentinel", "server > mallory", f"{TYPE} == 2 and {SENTINEL}"),
        Step(
            "rest-of-flight", "server > mallory", f"{TYPE} in {{11, 12, 14}}", times=(0, None), track="rest"
        ),
        tells("sentinel-passed-on", f"{TYPE} == 2 and {SENTINEL}", "mallory"),
        tells(
            "rest-passed-on", f"{TYPE} in {{11, 12, 14}}", "mallory", times=(0, None), track="rest-passed-on"
        ),
        asks("illegal-parameter", "tls.alert_message.desc == 47", "mallory"),
        Step("alert-passed-on", "mallory > server", "tls.alert_message.desc == 47"),
    ),
)

key_update = Experiment(
    "key-update",
    "New keys in the middle of a conversation",
    reset=(FORGET,),
    run=(At("client", "rekey www.example.test -groups {groups}"),),
    knobs={"groups": GROUPS},
    gather=KEYS,
    background=NOISE,
    steps=(
        CLIENT_HELLO,
        *sealed_start(),
        *proof(),
        *talk()[:4],
        asks("key-update", f"{TYPE} == 24 and tls.handshake.key_update.request_update == 1"),
        tells(
            "key-updated", f"{TYPE} == 24 and tls.handshake.key_update.request_update == 0", track="updated"
        ),
        asks("request-under-new-keys", f'{DATA} and tls.derived.secret_name == "CLIENT_TRAFFIC_SECRET_1"'),
        tells(
            "response-under-new-keys",
            f'{DATA} and tls.derived.secret_name == "SERVER_TRAFFIC_SECRET_1"',
            times=(1, None),
        ),
        *talk()[4:],
    ),
)

UNSEEN = "tls.record.opaque_type and not tls.record.content_type"

on_looker = Experiment(
    "on-looker",
    "What somebody sees who has no keys",
    run=(GET,),
    knobs={"client": CLIENTS, "name": "www.example.test"},
    background=NOISE,
    steps=(
        CLIENT_HELLO,
        tells("server-hello", f"{TYPE} == 2"),
        # A listener sees who sends, and cannot tell a ticket from an answer: each side has a track of its own.
        tells("sealed-flight", UNSEEN, times=(1, None), track="server"),
        asks("sealed-request", UNSEEN, times=(1, None), track="client"),
        tells("nothing-readable", f"{TYPE} == 11", times=(0, 0)),
    ),
)


def trips(run: Run) -> int:
    """How often the client had to wait for the server before it could send its request: TLS's own round trips."""
    turns: list[str] = []
    for event in run.trace.events:
        if event is run.first("request"):
            break
        if event.messages and event.protocol == "TLS" and (not turns or turns[-1] != event.src):
            turns.append(event.src)
    return turns.count(run.first("request").dst)


def mac(run: Run, step: str, key: str = "tls.derived.finished_key") -> str:
    """The first eight hex digits of an HMAC over the transcript's hash in a step's message (RFC 8446 §4.4.4)."""
    secret, hash = octets(run, step, key), octets(run, step, "tls.derived.transcript_hash")
    return hmac.digest(secret, hash, "sha384" if len(hash) == 48 else "sha256").hex()[:8]


def octets(run: Run, step: str, name: str) -> bytes:
    """A field of bytes of a step's message."""
    value = run.items(step)[0].fields[name][0].value
    assert isinstance(value, bytes)
    return value


def sequence(run: Run) -> int:
    """The number of the record that the server's Finished is in (RFC 8446 §5.3)."""
    return int(run.items("server-finished")[0].fields["tls.derived.sequence"][0].value)


def spared(run: Run) -> int:
    """How many handshake messages the server sent in the first connection and not in the second."""
    first = ("server-hello", "encrypted-extensions", "certificate", "certificate-verify", "server-finished")
    second = ("ticket-taken", "resumed-extensions", "resumed-finished")
    return sum(len(run.claims(step)) for step in first) - sum(len(run.claims(step)) for step in second)


def readable(run: Run) -> int:
    """How many of the two requests can be read."""
    return len(run.claims("request"))


def shares(run: Run) -> int:
    """How many key shares were sent after the first request."""
    since = run.first("request").time
    return sum(
        len(event.values("tls.handshake.extensions_key_share_key_exchange"))
        for event in run.trace.events
        if event.time > since
    )


def named(run: Run) -> frozenset[str]:
    """The packets of the message that has the server's name in the clear."""
    parts = [
        message.frames
        for event in run.trace.events
        for message in event.messages
        if event.values("tls.handshake.extensions_server_name")
    ]
    return frozenset(str(number) for frames in parts for number in frames)


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

LAB = Lab(
    "tls",
    (
        full,
        hello_retry,
        resumption,
        early_data,
        tls12,
        static_rsa,
        mutual,
        expired,
        wrong_host,
        unknown_ca,
        no_common_version,
        alpn,
        downgrade,
        key_update,
        on_looker,
    ),
    QUESTIONS,
    minutes=75,
    memory=60,
    gather=KEYS,
    # Every pair that will speak does so once, so that ARP is done with before the first run.
    reset=(
        *(At("client", f"ask {name}.example.test") for name in ("strict", "legacy")),
        At("client", "ask staff.example.test", ok=(0, 1)),
        At("client", f"ask www.example.test {VIA}"),
        At("client", "ask www.example.test"),
        FORGET,
    ),
    what={
        "client": "curl, OpenSSL, GnuTLS, Python",
        "server": "nginx: TLS 1.3 and 1.2",
        "strict": "nginx: TLS 1.3 alone, P-384 alone",
        "legacy": "nginx: TLS 1.2, an RSA certificate",
        "staff": "OpenSSL: wants a client certificate",
        "mallory": "passes on what it cannot read",
    },
)
