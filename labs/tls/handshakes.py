"""TLS 1.3 where all goes well: whole, with a retry, with a ticket, with early data, with new keys; and without the keys."""

from machinelab.authoring import Alone, At, Background, Choice, Experiment, Step

from . import headlines
from .common import (
    CLIENT_HELLO,
    CLIENTS,
    FORGET,
    GET,
    GROUPS,
    KEYS,
    NOISE,
    REPLY,
    REQUEST,
    RETRY,
    SESSION,
    SHARE,
    TYPE,
    VIA,
    asks,
    ends,
    exchange,
    host,
    proof,
    sealed_start,
    tells,
)

full = Experiment(
    "full",
    "The whole handshake",
    headline=headlines.full,
    reset=(FORGET,),
    run=(GET,),
    gather=KEYS,
    knobs={"client": CLIENTS, "name": host("www.example.test")},
    background=NOISE,
    steps=(CLIENT_HELLO, *sealed_start(), *proof(), *exchange(), *ends()),
)


hello_retry = Experiment(
    "hello-retry",
    "A server that wants another group",
    headline=headlines.hello_retry,
    reset=(FORGET,),
    run=(GET,),
    gather=KEYS,
    knobs={"client": CLIENTS, "name": host("strict.example.test")},
    background=NOISE,
    steps=(
        asks("client-hello", f"{TYPE} == 1", "strict"),
        tells(
            "retry", f"{TYPE} == 2 and {RETRY}", "strict", alone=Alone("retry", f"{TYPE} == 2 and {RETRY}")
        ),
        asks("second-hello", f"{TYPE} == 1", "strict", same={SHARE: f"retry.{RETRY}"}),
        *sealed_start("strict"),
        *proof("strict"),
        *exchange("strict"),
        *ends("strict"),
    ),
)


PSK = "tls.handshake.extensions.psk.identity.identity"

resumption = Experiment(
    "resumption",
    "Coming back with a ticket",
    headline=headlines.resumption,
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
        *exchange(),
        asks("hello-with-ticket", f"{TYPE} == 1 and {PSK}"),
        tells("ticket-taken", f"{TYPE} == 2 and tls.handshake.extensions.psk.identity.selected"),
        tells("resumed-extensions", f"{TYPE} == 8"),
        tells("resumed-finished", f"{TYPE} == 20"),
        asks("resumed-client-finished", f"{TYPE} == 20"),
        asks("resumed-request", REQUEST),
        tells("resumed-response", REPLY),
        *ends(),
        tells("no-certificate", f"{TYPE} in {{11, 15}}", times=(0, 0)),
    ),
)


RANDOM = "tls.handshake.random"
EARLY = "tls.handshake.extension.type == 42"
ANYTHING = "tls.record.content_type == 23 and (http.request or data)"  # the knob may send what is no HTTP
PASSED_ON = Background("passed-on", "tls", "mallory|server > mallory|server")

early_data = Experiment(
    "early-data",
    "A request in the first flight, and what a listener can do with it",
    headline=headlines.early_data,
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
        asks("early-request", ANYTHING, "mallory"),
        tells("early-server-hello", f"{TYPE} == 2", "mallory"),
        tells("early-taken", f"{TYPE} == 8 and {EARLY}", "mallory"),
        tells("resumed-finished", f"{TYPE} == 20", "mallory"),
        asks("end-of-early-data", f"{TYPE} == 5", "mallory"),
        asks("resumed-client-finished", f"{TYPE} == 20", "mallory"),
        # What answers no HTTP request is not taken for HTTP: an error page after a file name is data.
        tells("early-response", f"{REPLY} or data", "mallory", track="response"),
        *ends("mallory"),
        Step("replayed-hello", "mallory > server", f"{TYPE} == 1 and {EARLY}", same={RANDOM: "early-hello"}),
        Step("replayed-request", "mallory > server", ANYTHING),
        Step(
            "replay-answered",
            "server > mallory",
            "tls.record.opaque_type and not tls.record.content_type",
            times=(1, None),
        ),
    ),
)


ALPN = "tls.handshake.extensions_alpn_str"

alpn = Experiment(
    "alpn",
    "Which protocol comes next",
    headline=headlines.alpn,
    reset=(FORGET,),
    run=(
        At("client", "ask www.example.test -alpn {offer}"),
        At("client", "ask www.example.test -alpn imap", exits=(0, 1)),
    ),
    gather=KEYS,
    knobs={"offer": Choice(("h2,http/1.1", "http/1.1"))},
    background=NOISE,
    steps=(
        asks("offers-protocols", f"{TYPE} == 1 and {ALPN}"),
        tells("server-hello", f"{TYPE} == 2"),
        tells("chooses-protocol", f'{TYPE} == 8 and {ALPN} == "http/1.1"'),
        *proof(),
        *exchange(),
        *ends(),
        asks("offers-nothing-known", f'{TYPE} == 1 and {ALPN} == "imap"'),
        tells("no-protocol", "tls.alert_message.desc == 120"),
    ),
)


key_update = Experiment(
    "key-update",
    "New keys in the middle of a conversation",
    headline=headlines.key_update,
    reset=(FORGET,),
    run=(At("client", "rekey www.example.test -groups {groups}"),),
    knobs={"groups": GROUPS},
    gather=KEYS,
    background=NOISE,
    steps=(
        CLIENT_HELLO,
        *sealed_start(),
        *proof(),
        *exchange(),
        asks("key-update", f"{TYPE} == 24 and tls.handshake.key_update.request_update == 1"),
        tells(
            "key-updated", f"{TYPE} == 24 and tls.handshake.key_update.request_update == 0", track="updated"
        ),
        asks("request-under-new-keys", f'{REQUEST} and tls.derived.secret_name == "CLIENT_TRAFFIC_SECRET_1"'),
        tells(
            "response-under-new-keys",
            f'{REPLY} and tls.derived.secret_name == "SERVER_TRAFFIC_SECRET_1"',
        ),
        *ends(),
    ),
)


# What is asked for there is a page: on port 853 it would be a name (RFC 7858 §3.1).
UNSEEN = "tls.record.opaque_type and not tls.record.content_type and not tcp.port == 853"

on_looker = Experiment(
    "on-looker",
    "What somebody sees who has no keys",
    headline=headlines.on_looker,
    run=(GET,),
    knobs={"client": CLIENTS, "name": host("www.example.test")},
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
