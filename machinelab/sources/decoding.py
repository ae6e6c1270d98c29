"""`--decode-as`: protocols on ports of their own, in the syntax of tshark's -d (tshark(1)), and which of them nothing but a port can tell."""

import re
from collections.abc import Iterable

from ..dissect.core import Application
from ..dissect.decode_as import DecodeAs
from ..dissect.registry import tables
from ..errors import UsageError

__all__ = ["DecodeAs", "by_port_alone", "completed", "decoding"]

RULE = re.compile(r"(tcp|udp)\.port==(\d{1,5}),([a-z0-9-]+)")
MOST = 65_535


def decoding(rules: Iterable[str] | None) -> DecodeAs | None:
    """The ports of rules such as `tcp.port==29092,kafka`; of two for one port the later holds. None without any.

    Raises UsageError for a rule that cannot be read.
    """
    rules = tuple(rules or ())
    found: dict[str, dict[int, Application]] = {"udp": {}, "tcp": {}}
    for rule in rules:
        match = RULE.fullmatch(rule.strip())
        if match is None:
            raise UsageError(
                f"--decode-as: {rule!r} does not say which protocol is on which port.",
                "Write it like tcp.port==29092,kafka",
            )
        layer, port, name = match[1], int(match[2]), match[3]
        if not 0 < port <= MOST:
            raise UsageError(f"--decode-as: There is no port {port}.", f"Ports are 1 to {MOST}.")
        known = protocols(layer)
        if name not in known:
            raise UsageError(
                f"--decode-as: {name!r} is no protocol that is read over {layer.upper()} here.",
                f"There are: {', '.join(known)}.",
            )
        found[layer][port] = known[name]
    return DecodeAs(rules, **found) if rules else None


def protocols(layer: str) -> dict[str, Application]:
    """The protocols that can be on a port of `tcp` or `udp`, by name."""
    known = tables()
    every = (
        (*known.tcp.values(), *known.streams) if layer == "tcp" else (*known.udp.values(), *known.datagrams)
    )
    return {each.layer: each for each in sorted(every, key=lambda each: each.layer)}


def completed(incomplete: str) -> list[str]:
    """How a rule that is being typed may go on."""
    layer = incomplete.partition(".port==")[0]
    if "," not in incomplete or layer not in ("tcp", "udp"):
        return [start for start in ("tcp.port==", "udp.port==") if start.startswith(incomplete)]
    port, _, name = incomplete.partition(",")
    return [f"{port},{each}" for each in protocols(layer) if each.startswith(name)]


def by_port_alone() -> dict[str, tuple[str, str]]:
    """The protocols that are not recognised by their bytes: name in filters → `tcp` or `udp`, and how a list shows them."""
    return {
        name: (layer, application.label)
        for layer in ("udp", "tcp")
        for name, application in protocols(layer).items()
        if application.is_stream is None and application.is_datagram is None
    }
