"""What happened in each experiment, worked out from a run's own packets."""

from machinelab.authoring import Headline, Run, harm, some

from .answers import readable, spared, trips

SUITE, GROUP = "tls.handshake.ciphersuite", "tls.handshake.extensions_key_share_group"
SUITES = {0x1301: "AES-128-GCM", 0x1302: "AES-256-GCM", 0x1303: "ChaCha20-Poly1305"}  # RFC 9846 §B.4
GROUPS = {
    0x0017: "P-256",
    0x0018: "P-384",
    0x001D: "X25519",
    0x11EC: "X25519MLKEM768",
}  # IANA, TLS Supported Groups


def word(run: Run, step: str, name: str, words: dict[int, str]) -> str:
    """A number's name, else the number in hexadecimal."""
    value = int(run.text(step, name))
    return words.get(value, f"0x{value:04x}")


def keys(run: Run, step: str = "server-hello") -> str:
    """`X25519 and AES-256-GCM`."""
    return f"{word(run, step, GROUP, GROUPS)} and {word(run, step, SUITE, SUITES)}"


def full(run: Run) -> str:
    """What was agreed, and how many round trips it took."""
    run.first("response")
    return f"Handshake done with {keys(run)}: the request left after {some(trips(run), 'round trip')}, encrypted, and was answered"


def hello_retry(run: Run) -> str:
    """What the retry cost."""
    run.first("retry")
    return f"The server wanted {word(run, 'server-hello', GROUP, GROUPS)} and asked for another hello: {some(trips(run), 'round trip')} before the request, in place of one"


def resumption(run: Run) -> str:
    """What the ticket spared."""
    run.first("resumed-response")
    return f"The ticket was taken: no certificate the second time, {some(spared(run), 'message')} fewer from the server"


def early_data(run: Run) -> Headline | str:
    """Whether the replayed request was answered."""
    run.first("early-taken")
    if run.claims("replay-answered"):
        return harm(
            "The request went in the first flight; mallory sent the same bytes again, could read none of them, and the server answered a second time"
        )
    return "The request went in the first flight, and mallory's replay of it had no answer"


def alpn(run: Run) -> str:
    """What was agreed, and what was not."""
    chosen = run.text("chooses-protocol", "tls.handshake.extensions_alpn_str")
    run.first("no-protocol")
    return f"The server chose {chosen}; to a client that offered only imap it sent an alert and hung up"


def key_update(run: Run) -> str:
    """New keys, no handshake."""
    run.first("response-under-new-keys")
    return "Both sides changed their keys in the middle of the connection: one message each, and no new handshake"


def on_looker(run: Run) -> str:
    """What can be read without keys."""
    name = run.text("client-hello", "tls.handshake.extensions_server_name")
    if readable(run):
        return f"A listener could read the request to {name}"
    sealed = len(run.claims("sealed-flight") + run.claims("sealed-request"))
    return f"A listener without keys read the name {name} and nothing else: {some(sealed, 'message')} stayed closed"


def tls12(run: Run) -> str:
    """What 1.2 costs more, and what it shows."""
    run.first("response")
    return (
        f"TLS 1.2: {some(trips(run), 'round trip')} before the request, and the certificate went in the clear"
    )


def static_rsa(run: Run) -> Headline | str:
    """How many of the two can be read with the server's key."""
    run.first("ephemeral-hello")
    opened = readable(run)
    text = f"With the server's private key {opened} of 2 recorded connections can be read: the one with static RSA, not the one with ephemeral keys"
    return harm(text) if opened else "Neither connection can be read with the server's private key"


def mutual(run: Run) -> str:
    """Refused without, let in with a certificate."""
    run.first("certificate-required")
    run.first("response")
    return "Without a certificate the client was refused; with alice's, and the proof that it has her key, it was answered"


def refusal(run: Run, step: str, why: str) -> str:
    """The client goes before it has asked."""
    run.first(step)
    return f"The client refused: {why}; it sent an alert, and no request"


def expired(run: Run) -> str:
    """Refused by the client."""
    return refusal(run, "certificate-expired", "the certificate has expired")


def unknown_ca(run: Run) -> str:
    """Refused by the client."""
    return refusal(run, "unknown-ca", "it knows nobody who vouches for the certificate")


def wrong_host(run: Run) -> str:
    """Refused by the client, with or without an alert."""
    run.first("certificate")
    how = (
        "with an alert"
        if run.claims("bad-certificate")
        else "after a whole handshake, with no more than a goodbye"
    )
    return f"The client refused: the certificate is good, and for another name; it left {how}, and sent no request"


def no_common_version(run: Run) -> str:
    """Refused by the server."""
    run.first("version-refused")
    return "The server refused: it speaks no version that the client offers, and said so in an alert"


def downgrade(run: Run) -> Headline | str:
    """Whether the client noticed."""
    if run.claims("illegal-parameter"):
        return "The attack failed: mallory took TLS 1.3 out of the hello, the server's random gave it away, and the client hung up"
    run.first("altered-hello")
    return harm("mallory took TLS 1.3 out of the hello, and the client did not notice")
