"""Finds the protocols: each folder of protocols/ whose `dissector.py` declares `LAYERS` or `APPLICATIONS` is one."""

import importlib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from .core import Application, Layer


@dataclass(slots=True)
class Tables:
    """Who reads what: by link type, Ethernet type, IP protocol number, UDP and TCP port."""

    links: dict[int, Layer] = field(default_factory=dict)
    ethertypes: dict[int, Layer] = field(default_factory=dict)
    protocols: dict[int, Layer] = field(default_factory=dict)
    udp: dict[int, Application] = field(default_factory=dict)
    tcp: dict[int, Application] = field(default_factory=dict)
    guesses: list[Application] = field(default_factory=list)
    announcers: list[Application] = field(default_factory=list)
    beginners: list[Application] = field(default_factory=list)


@cache
def tables() -> Tables:
    """The tables, filled from every protocol there is."""
    found = Tables()
    for folder in sorted((Path(__file__).parent / "protocols").glob("*/dissector.py")):
        content = importlib.import_module(f"{__package__}.protocols.{folder.parent.name}.dissector")
        for layer in getattr(content, "LAYERS", ()):
            _enter(found, layer)
        for application in getattr(content, "APPLICATIONS", ()):
            found.udp.update(dict.fromkeys(application.udp, application))
            found.tcp.update(dict.fromkeys(application.tcp, application))
            if application.looks is not None:
                found.guesses.append(application)
            if application.announces is not None:
                found.announcers.append(application)
            if application.begins is not None:
                found.beginners.append(application)
    return found


def _enter(found: Tables, layer: Layer) -> None:
    found.links.update(dict.fromkeys(layer.links, layer))
    found.ethertypes.update(dict.fromkeys(layer.ethertypes, layer))
    found.protocols.update(dict.fromkeys(layer.protocols, layer))


def application(kind: str, source: int, destination: int) -> tuple[Application | None, bool]:
    """The protocol of a stream by its ports, the lower first as Wireshark does, and whether this way is to the server."""
    ports = tables().udp if kind == "udp" else tables().tcp
    for port in sorted((source, destination)):
        if port in ports:
            return ports[port], port == destination
    return None, destination < source


def guessed(payload: bytes) -> Application | None:
    """The protocol that a datagram on nobody's port looks like."""
    return next((a for a in tables().guesses if a.looks is not None and a.looks(payload, False)), None)


def announced(payload: bytes) -> Application | None:
    """The protocol of the header that a connection on nobody's ports begins with."""
    return next((a for a in tables().announcers if a.announces is not None and a.announces(payload)), None)


def begun(payload: bytes) -> Application | None:
    """The protocol that the bytes after such a header look like."""
    return next((a for a in tables().beginners if a.begins is not None and a.begins(payload)), None)
