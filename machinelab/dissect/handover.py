"""How one protocol hands over to another without knowing it: what is agreed on, or what the first bytes show."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Handover:
    """A session's last word on its stream: which protocol the bytes after its messages belong to, both ways.

    `upgrade` is a token of HTTP's Upgrade header (RFC 9110 §7.8), in small letters; empty: the first bytes decide.
    `replaces`: those bytes are not inside the protocol before, which is over. `headers` are those of the message that agreed to it, by names in small letters: a WebSocket's extensions stand there.
    """

    upgrade: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    replaces: bool = False
