"""Words and pieces that the experiments share: who says what, the flights of TLS 1.3, what is gathered."""

from collections.abc import Mapping
from typing import TypedDict, Unpack

from machinelab.authoring import ARP, Alone, At, Background, Choice, Gather, Step, Text

FORGET = At("client", "truncate -s 0 /run/tls/keys.log")
KEYS = (Gather("client", "keys", "cat /run/tls/keys.log"),)
FOR_SHOW = Background("for-show", "tls.change_cipher_spec")
NOISE = (FOR_SHOW, ARP)
GROUPS = Choice(("DEFAULT", "X25519", "P-256"))
CLIENTS = Choice(("curl", "openssl", "gnutls", "python"))
GET = At("client", "get {client} {name}")
HOSTS = (
    "www",
    "expired",
    "unknown",
    "wrong",
    "strict",
    "legacy",
    "staff",
    "mallory",
)  # compose/tls: extra_hosts


def host(name: str) -> Text:
    """A knob: a name that the client has an address for, `name` unless it is turned."""
    return Text(
        name,
        rf"({'|'.join(HOSTS)})\.example\.test",
        f"The client has addresses only for {', '.join(HOSTS)}, each followed by .example.test.",
    )


TYPE = "tls.handshake.type"
RETRY = "tls.handshake.extensions_key_share_selected_group"
NAME = "tls.handshake.extensions_server_name"
SHARE = "tls.handshake.extensions_key_share_group"
VERSIONS = "tls.handshake.extensions.supported_version"
CONTEXT = "tls.handshake.certificate_request_context_length"  # TLS 1.3 alone has it: RFC 9846 §4.5.1
REQUEST = "tls.record.content_type == 23 and http.request"
ECHOED = {"tls.handshake.session_id": "client-hello"}  # the server repeats the client's: RFC 9846 §4.2.3
REPLY = "http.response"  # one without a length ends with the alert that says goodbye (RFC 9112 §9.8)


class More(TypedDict, total=False):
    """What a step may say besides."""

    times: tuple[int, int | None]
    track: str
    when: str
    same: Mapping[str, str]
    alone: Alone


def asks(id: str, sees: str, server: str = "server", **more: Unpack[More]) -> Step:
    """What the client says to a server."""
    return Step(id, f"client > {server}", sees, **more)


def tells(id: str, sees: str, server: str = "server", **more: Unpack[More]) -> Step:
    """What a server says to the client."""
    return Step(id, f"{server} > client", sees, **more)


def both(id: str, sees: str, server: str = "server", **more: Unpack[More]) -> Step:
    """What either of them says."""
    return Step(id, f"client|{server} > client|{server}", sees, **more)


def proof(server: str = "server") -> tuple[Step, ...]:
    """The server's certificate, and that it has the key to it."""
    return (
        tells("certificate", f"{TYPE} == 11 and {CONTEXT}", server),
        tells("certificate-verify", f"{TYPE} == 15", server),
    )


def sealed_start(server: str = "server") -> tuple[Step, ...]:
    """From the server's hello to the first sealed message."""
    return (
        tells(
            "server-hello",
            f"{TYPE} == 2 and {VERSIONS} and not {RETRY}",
            server,
            same=ECHOED,
            alone=Alone("server-hello", f"{TYPE} == 2 and {SHARE} and not {RETRY}"),
        ),
        tells("encrypted-extensions", f"{TYPE} == 8", server),
    )


def exchange(server: str = "server") -> tuple[Step, ...]:
    """Both say that they are done; then what it was all for."""
    return (
        tells("server-finished", f"{TYPE} == 20", server),
        asks("client-finished", f"{TYPE} == 20", server),
        asks("request", REQUEST, server),
        tells("response", f"{REPLY} and http.response.code == 200", server),
    )


def ends(server: str = "server") -> tuple[Step, ...]:
    """Tickets and last words: they come when they come."""
    return (
        tells("tickets", f"{TYPE} == 4", server, times=(0, None), track="tickets"),
        farewell(server),
    )


def farewell(server: str = "server") -> Step:
    """Either side's last word."""
    said = "tls.alert_message.desc == 0"
    return both("farewell", said, server, times=(0, None), track="farewell", alone=Alone("farewell", said))


SESSION = "/run/tls/session"
VIA = "-connect mallory.example.test:443"
CLIENT_HELLO = asks(
    "client-hello",
    f"{TYPE} == 1",
    alone=Alone("client-hello", f"{TYPE} == 1 and {NAME} and {SHARE}"),
)
