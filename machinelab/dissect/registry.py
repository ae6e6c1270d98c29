"""Finds the protocols and hands over between them.

Each folder of protocols/ has a `dissector.py`, which declares what it is: `LAYERS`, `APPLICATIONS`, `SUBDISSECTORS`, `OBSERVERS`.
"""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from .core import Application, Layer, Sender, Stream, View
from .decode_as import DecodeAs
from .handover import Handover
from .subdissector import Observer, Subdissector

HANDSHAKE = "tls."  # the tables of parts of TLS's messages
PREAMBLE = b"\rP"  # first bytes of headers that stand before a connection's own bytes


@dataclass(slots=True)
class Tables:
    """Who reads what: by link type, Ethernet type, IP protocol number, port, ALPN name, Upgrade token, kind of part.

    `carried` are the layers of fields that stand in parts of other protocols' messages. `datagrams`, `preambles` and `streams` are the applications that recognise their own first bytes.
    """

    links: dict[int, Layer] = field(default_factory=dict)
    ethertypes: dict[int, Layer] = field(default_factory=dict)
    protocols: dict[int, Layer] = field(default_factory=dict)
    tunnels: dict[int, Layer] = field(default_factory=dict)
    udp: dict[int, Application] = field(default_factory=dict)
    tcp: dict[int, Application] = field(default_factory=dict)
    datagrams: list[Application] = field(default_factory=list)
    preambles: list[Application] = field(default_factory=list)
    streams: list[Application] = field(default_factory=list)
    alpn: dict[str, Application] = field(default_factory=dict)
    upgrades: dict[str, Application] = field(default_factory=dict)
    subdissectors: dict[tuple[str, str], list[Subdissector]] = field(default_factory=dict)
    carried: set[str] = field(default_factory=set)
    observers: dict[str, list[Observer]] = field(default_factory=dict)


@cache
def tables() -> Tables:
    """The tables, filled from every protocol there is."""
    found = Tables()
    for folder in sorted((Path(__file__).parent / "protocols").glob("*/dissector.py")):
        content = importlib.import_module(f"{__package__}.protocols.{folder.parent.name}.dissector")
        for layer in getattr(content, "LAYERS", ()):
            _enter(found, layer)
        for application in getattr(content, "APPLICATIONS", ()):
            _enter_application(found, application)
        for reader in getattr(content, "SUBDISSECTORS", ()):
            found.carried.update(reader.layers)
            for key in reader.keys:
                found.subdissectors.setdefault((reader.table, key), []).append(reader)
        for observer in getattr(content, "OBSERVERS", ()):
            found.observers.setdefault(observer.table, []).append(observer)
    return found


def _enter(found: Tables, layer: Layer) -> None:
    found.links.update(dict.fromkeys(layer.links, layer))
    found.ethertypes.update(dict.fromkeys(layer.ethertypes, layer))
    found.protocols.update(dict.fromkeys(layer.protocols, layer))
    found.tunnels.update(dict.fromkeys(layer.udp, layer))


def _enter_application(found: Tables, application: Application) -> None:
    found.udp.update(dict.fromkeys(application.udp, application))
    found.tcp.update(dict.fromkeys(application.tcp, application))
    found.alpn.update(dict.fromkeys(application.alpn, application))
    found.upgrades.update(dict.fromkeys(application.upgrades, application))
    if application.is_datagram is not None:
        found.datagrams.append(application)
    if application.is_preamble is not None:
        found.preambles.append(application)
    if application.is_stream is not None:
        found.streams.append(application)


def application(
    kind: str, source: int, destination: int, chosen: DecodeAs | None = None
) -> tuple[Application | None, bool]:
    """The protocol of a stream by its ports, the lower first as Wireshark does, and whether this way is to the server.

    Ports that were `chosen` a protocol for come before all others.
    """
    if chosen is not None:
        found = _of(chosen.udp if kind == "udp" else chosen.tcp, source, destination)
        if found is not None:
            return found
    found = _of(tables().udp if kind == "udp" else tables().tcp, source, destination)
    return found if found is not None else (None, destination < source)


def _of(ports: Mapping[int, Application], source: int, destination: int) -> tuple[Application, bool] | None:
    for port in (source, destination) if source < destination else (destination, source):
        if port in ports:
            return ports[port], port == destination
    return None


def tunnel(source: int, destination: int) -> Layer | None:
    """What reads datagrams that carry packets, by their ports, the lower first; None where an application's port comes before."""
    for port in sorted((source, destination)):
        if port in tables().udp or port in tables().tunnels:
            return tables().tunnels.get(port)
    return None


def by_datagram(payload: bytes) -> Application | None:
    """The protocol of a datagram by its bytes, whatever its ports."""
    return next(
        (a for a in tables().datagrams if a.is_datagram is not None and a.is_datagram(payload, False)), None
    )


def by_preamble(payload: bytes) -> Application | None:
    """The protocol of the header that a connection begins with, whatever its ports."""
    if payload[0] not in PREAMBLE:
        return None
    return next((a for a in tables().preambles if a.is_preamble is not None and a.is_preamble(payload)), None)


def by_first_bytes(payload: bytes) -> tuple[Application, Sender] | None:
    """The protocol of which a message begins with these bytes, and who sends it."""
    for each in tables().streams:
        sender = each.is_stream(payload) if each.is_stream is not None else None
        if sender is not None:
            return each, sender
    return None


def recognised(payload: bytes) -> tuple[Application, Sender] | None:
    """The protocol of a connection by what one side sends: by a header before the protocol's own bytes, or by those."""
    preamble = by_preamble(payload)
    return (preamble, Sender.CLIENT) if preamble is not None else by_first_bytes(payload)


def negotiable() -> list[Application]:
    """The applications that ALPN has names for, each once."""
    return list({id(each): each for each in tables().alpn.values()}.values())


def successor(handover: Handover, payload: bytes) -> Application | None:
    """The protocol that a stream is handed over to: the one agreed on, else by its first bytes."""
    if handover.upgrade:
        return tables().upgrades.get(handover.upgrade)
    found = by_first_bytes(payload)
    return found[0] if found is not None else None


@cache
def carried(table: str) -> frozenset[str]:
    """The layers of fields that come of a part offered in a table, of what stands in that part included: those of its kind.

    Parts of TLS's messages are one kind, all others (bodies, headers, tokens) another.
    """
    kind = table.startswith(HANDSHAKE)
    return frozenset(
        layer
        for (each, _), readers in tables().subdissectors.items()
        if each.startswith(HANDSHAKE) == kind
        for reader in readers
        for layer in reader.layers
    )


def offer(view: View, table: str, key: str, start: int, stop: int, known: object = None) -> object:
    """Have a part of a message read by those who registered for it; gives what the last of them made of it.

    Where no field is wanted that any part gives, none is read.
    """
    made: object = None
    if view.wanted is not None and view.wanted.isdisjoint(carried(table)):
        return made
    for reader in tables().subdissectors.get((table, key), ()):
        made = reader.dissect(view, start, stop, known)
    return made


def show(payload: bytes, table: str, stream: Stream) -> None:
    """Let those who registered for it see a part of a message in the first pass."""
    for observer in tables().observers.get(table, ()):
        observer.observe(payload, stream)
