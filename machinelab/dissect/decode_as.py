"""Ports that somebody says a protocol is on: Wireshark's "decode as"."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .core import Application


@dataclass(frozen=True, slots=True)
class DecodeAs:
    """Which protocol reads which port, before those that are registered for it. `rules` are those that it was made of."""

    rules: tuple[str, ...] = ()
    udp: Mapping[int, Application] = field(default_factory=dict)
    tcp: Mapping[int, Application] = field(default_factory=dict)
