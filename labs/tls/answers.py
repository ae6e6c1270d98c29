"""Answers worked out from a learner's own run."""

import hmac

from machinelab.authoring import Run


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
    """The first eight hex digits of an HMAC over the transcript's hash in a step's message (RFC 9846 §4.5.3)."""
    secret, hash = octets(run, step, key), octets(run, step, "tls.derived.transcript_hash")
    return hmac.digest(secret, hash, "sha384" if len(hash) == 48 else "sha256").hex()[:8]


def octets(run: Run, step: str, name: str) -> bytes:
    """A field of bytes of a step's message."""
    value = run.items(step)[0].fields[name][0].value
    assert isinstance(value, bytes)
    return value


def sequence(run: Run) -> int:
    """The number of the record that the server's Finished is in (RFC 9846 §5.3)."""
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
