"""TLS, the handshake: one client, four servers with different opinions, and one in the middle. The prose is in guides/tls.md.

Two faults that a break-it round could put in (they are described here, and not built):

- A server whose chain has lost its middle: nginx on `server` is given the leaf certificate alone. A browser that has the
  issuing CA in its cache does not notice; curl sends alert 48 (unknown_ca), as for a stranger's certificate. What tells the
  two apart is in the Certificate message: one certificate, and its issuer is the CA that everybody else's chain has.
- A ticket key that two servers do not share: `server` is restarted between the connection that got a ticket and the one
  that uses it. The ClientHello offers a PSK, the ServerHello takes none, and a whole handshake follows, certificate and
  all; early data sent along is lost and has to be sent again. Nothing fails, everything is slower.
"""

from collections.abc import Callable
from dataclasses import replace

from machinelab.authoring import (
    ARP,
    Answer,
    At,
    Background,
    Choice,
    Event,
    Experiment,
    Gather,
    Lab,
    Question,
    Run,
    Step,
    packets_of,
)

FORGET = At("client", "truncate -s 0 /run/tls/keys.log")
KEYS = (Gather("client", "keys", "cat /run/tls/keys.log"),)
FOR_SHOW = Background("for-show", "tls.change_cipher_spec")
NOISE = (FOR_SHOW, ARP)
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
    ends = f"client|{server} > client|{server}"
    return Step("farewell", ends, "tls.alert_message.desc == 0", times=(0, None), track="farewell")


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
        At("client", f"ask www.example.test -sess_in {SESSION}"),
    ),
    gather=KEYS,
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
        At("client", f"ask www.example.test {VIA} -sess_in {SESSION} -early_data /run/tls/request"),
        At("mallory", "relay replay"),
    ),
    gather=KEYS,
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
        Step("replay-answered", "server > mallory", "tls.record.opaque_type and not tls.record.content_type", times=(1, None)),
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
        tells("ephemeral-server-hello", f"{TYPE} == 2", "legacy"),
        tells("ephemeral-certificate", f"{TYPE} == 11", "legacy"),
        tells("server-key", f"{TYPE} == 12", "legacy"),
        tells("ephemeral-done", f"{TYPE} == 14", "legacy"),
        asks("client-key", f"{TYPE} == 16 and tls.handshake.client_point", "legacy"),
        asks("ephemeral-client-changes", CHANGE, "legacy"),
        asks("unopened-client-finished", SEALED_12, "legacy"),
        tells("ephemeral-ticket", f"{TYPE} == 4", "legacy", times=(0, 1)),
        tells("ephemeral-server-changes", CHANGE, "legacy"),
        tells("unopened-server-finished", SEALED_12, "legacy"),
        asks("unopened-request", OPAQUE, "legacy"),
        tells("unopened-response", OPAQUE, "legacy", times=(1, None)),
        Step(
            "unopened-farewell", "client|legacy > client|legacy", "tls.alert_message and not tls.alert_message.desc",
            times=(0, None), track="unopened-farewell",
        ),
    ),
)

ALICE = "/usr/share/machinelab/tls/alice"
WHO = f"-cert {ALICE}.pem -cert_chain {ALICE}.pem -key {ALICE}.key"
NOBODY = "tls.handshake.certificates_length == 0"

mutual = Experiment(
    "mutual",
    "A server that wants to know who you are",
    reset=(FORGET,),
    run=(At("client", "ask staff.example.test", ok=(0, 1)), At("client", f"ask staff.example.test {WHO}")),
    gather=KEYS,
    background=NOISE,
    steps=(
        asks("client-hello", f"{TYPE} == 1", "staff"),
        *sealed_start("staff"),
        tells("certificate-request", f"{TYPE} == 13", "staff"),
        *proof("staff"),
        tells("server-finished", f"{TYPE} == 20", "staff"),
        asks("empty-certificate", f"{TYPE} == 11 and {NOBODY}", "staff"),
        asks("client-finished", f"{TYPE} == 20", "staff"),
        tells("certificate-required", "tls.alert_message.desc == 116", "staff"),
        asks("unheard-request", DATA, "staff", times=(0, None), track="unheard"),
        asks("known-hello", f"{TYPE} == 1", "staff"),
        tells("known-server-hello", f"{TYPE} == 2", "staff"),
        tells("known-extensions", f"{TYPE} == 8", "staff"),
        tells("known-request", f"{TYPE} == 13", "staff"),
        tells("known-certificate", f"{TYPE} == 11", "staff"),
        tells("known-verify", f"{TYPE} == 15", "staff"),
        tells("known-server-finished", f"{TYPE} == 20", "staff"),
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
    run=(At("client", "ask strict.example.test -tls1_2", ok=(0, 1)),),
    gather=KEYS,
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
    run=(At("client", f"ask www.example.test {VIA}", ok=(0, 1)),),
    after=(At("mallory", "relay downgrade off"),),
    gather=KEYS,
    background=NOISE,
    steps=(
        asks("honest-hello", f"{TYPE} == 1 and {VERSIONS} == 0x0304", "mallory"),
        Step("altered-hello", "mallory > server", f"{TYPE} == 1 and not {VERSIONS}"),
        Step("sentinel", "server > mallory", f"{TYPE} == 2 and {SENTINEL}"),
        Step("rest-of-flight", "server > mallory", f"{TYPE} in {{11, 12, 14}}", times=(0, None), track="rest"),
        tells("sentinel-passed-on", f"{TYPE} == 2 and {SENTINEL}", "mallory"),
        tells("rest-passed-on", f"{TYPE} in {{11, 12, 14}}", "mallory", times=(0, None), track="rest-passed-on"),
        asks("illegal-parameter", "tls.alert_message.desc == 47", "mallory"),
        Step("alert-passed-on", "mallory > server", "tls.alert_message.desc == 47"),
    ),
)

key_update = Experiment(
    "key-update",
    "New keys in the middle of a conversation",
    reset=(FORGET,),
    run=(At("client", "rekey www.example.test"),),
    gather=KEYS,
    background=NOISE,
    steps=(
        CLIENT_HELLO,
        *sealed_start(),
        *proof(),
        *talk()[:4],
        asks("key-update", f"{TYPE} == 24 and tls.handshake.key_update.request_update == 1"),
        tells("key-updated", f"{TYPE} == 24 and tls.handshake.key_update.request_update == 0", track="updated"),
        asks("request-under-new-keys", f'{DATA} and tls.derived.secret == "CLIENT_TRAFFIC_SECRET_1"'),
        tells(
            "response-under-new-keys", f'{DATA} and tls.derived.secret == "SERVER_TRAFFIC_SECRET_1"', times=(1, None)
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
        tells("sealed-flight", UNSEEN, times=(1, None)),
        asks("sealed-request", UNSEEN, times=(1, None)),
        tells("sealed-response", UNSEEN, times=(1, None)),
        asks("sealed-farewell", UNSEEN, times=(0, None)),
        tells("nothing-readable", f"{TYPE} == 11", times=(0, 0)),
    ),
)

QUESTIONS: tuple[Question, ...] = ()

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
