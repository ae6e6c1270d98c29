"""TLS 1.2: what it does otherwise, what its static RSA gives away, and somebody who would like to force it."""

from machinelab.authoring import ARP, Alone, At, Choice, Experiment, Gather, Step

from . import headlines
from .common import (
    CONTEXT,
    FORGET,
    GROUPS,
    KEYS,
    NOISE,
    REPLY,
    REQUEST,
    TYPE,
    VERSIONS,
    VIA,
    asks,
    both,
    farewell,
    tells,
)

# What tells a message of TLS 1.2 from the one of the same name in 1.3.
OLD_HELLO = f"({TYPE} == 2 and not {VERSIONS})"
OLD_CERTIFICATE = f"({TYPE} == 11 and not {CONTEXT})"
OLD_FINISHED = f"{TYPE} == 20 and tls.handshake.length == 12"  # bytes, whatever the suite: RFC 5246 §7.4.9
OLD_TICKET = f"({TYPE} == 4 and not tls.handshake.session_ticket_age_add)"
OLD_REQUEST = f"{REQUEST} and not tls.record.opaque_type"
OLD_REPLY = f"{REPLY} and not tls.record.opaque_type"
SEALED_12 = "tls.handshake and not tls.handshake.type"
CHANGE = "tls.change_cipher_spec"


def old_opening(server: str, *, ephemeral: bool) -> tuple[Step, ...]:
    """TLS 1.2 as far as both have what they need for the keys."""
    return (
        asks("old-hello", f"{TYPE} == 1", server),
        tells("old-server-hello", OLD_HELLO, server),
        tells("certificate", OLD_CERTIFICATE, server),
        *((tells("server-key", f"{TYPE} == 12", server),) if ephemeral else ()),
        tells(
            "server-done",
            f"{TYPE} == 14",
            server,
            alone=Alone("server-done", f"{TYPE} == 14 and tls.handshake.length == 0"),
        ),
        asks("client-key", f"{TYPE} == 16 and tls.handshake.client_point", server)
        if ephemeral
        else asks("sealed-secret", f"{TYPE} == 16 and tls.handshake.epms", server),
    )


def old_talk(server: str) -> tuple[Step, ...]:
    """Change to the keys, Finished, data; in TLS 1.2 the client is first."""
    return (
        asks("client-changes", CHANGE, server),
        asks("old-client-finished", OLD_FINISHED, server),
        tells("old-ticket", OLD_TICKET, server, times=(0, 1)),
        tells("server-changes", CHANGE, server),
        tells("old-server-finished", OLD_FINISHED, server),
        asks("request", OLD_REQUEST, server),
        tells("response", OLD_REPLY, server),
        farewell(server),
    )


tls12 = Experiment(
    "tls12",
    "The same in TLS 1.2",
    headline=headlines.tls12,
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


FLIGHT = f"{OLD_HELLO} or {OLD_CERTIFICATE} or {TYPE} == 14 or {OLD_TICKET}"
OPAQUE = "tls.record.content_type == 23 and tls.app_data and not (http or data)"

static_rsa = Experiment(
    "static-rsa",
    "What the server's key opens later, and what it does not",
    headline=headlines.static_rsa,
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
        tells("ephemeral-flight", FLIGHT, "legacy", times=(1, None), track="flight"),
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


SENTINEL = "tls.handshake.random[24:8] == 44:4f:57:4e:47:52:44:01"

downgrade = Experiment(
    "downgrade",
    "Somebody in the middle who would rather have TLS 1.2",
    headline=headlines.downgrade,
    reset=(FORGET, At("mallory", "relay downgrade on")),
    run=(At("client", f"ask www.example.test {VIA} -groups {{groups}}", exits=(0, 1)),),
    knobs={"groups": GROUPS},
    after=(At("mallory", "relay downgrade off"),),
    gather=KEYS,
    background=NOISE,
    steps=(
        asks("honest-hello", f"{TYPE} == 1 and {VERSIONS} == 0x0304", "mallory"),
        Step(
            "altered-hello",
            "mallory > server",
            f"{TYPE} == 1 and not {VERSIONS}",
            same={"tls.handshake.random": "honest-hello"},
        ),
        Step("sentinel", "server > mallory", f"{TYPE} == 2 and {SENTINEL}"),
        Step(
            "rest-of-flight", "server > mallory", f"{TYPE} in {{11, 12, 14}}", times=(0, None), track="rest"
        ),
        tells(
            "sentinel-passed-on",
            f"{TYPE} == 2 and {SENTINEL}",
            "mallory",
            same={"tls.handshake.random": "sentinel"},
        ),
        tells(
            "rest-passed-on", f"{TYPE} in {{11, 12, 14}}", "mallory", times=(0, None), track="rest-passed-on"
        ),
        asks("illegal-parameter", "tls.alert_message.desc == 47", "mallory"),
        Step("alert-passed-on", "mallory > server", "tls.alert_message.desc == 47"),
    ),
)
