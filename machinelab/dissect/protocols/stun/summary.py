"""A STUN message in one line."""

from contextlib import suppress

from ....fields.stun import ATTRIBUTES, METHODS
from ...core import Frame, PacketInfo, Raw, Short, Source, View
from .attributes import attributes
from .message import KINDS, is_channel, is_message

SHOWN = {
    "XOR-MAPPED-ADDRESS": "you are",
    "XOR-RELAYED-ADDRESS": "relay",
    "XOR-PEER-ADDRESS": "peer",
}


def summary(payload: bytes) -> str:
    """`Binding request`, `Binding success  you are 198.18.0.2:61207`, `channel 0x4000: Binding request`."""
    if is_channel(payload):
        inside = payload[4:]
        channel = f"channel 0x{payload[0] << 8 | payload[1]:04x}"
        return f"{channel}: {summary(inside) if is_message(inside) else f'{len(inside)} bytes'}"
    if not is_message(payload):
        return f"{len(payload)} bytes"
    kind = payload[0] << 8 | payload[1]
    method = METHODS.get(kind & 0x3EEF, f"method {kind & 0x3EEF}").capitalize()
    return "  ".join([f"{method} {KINDS[(kind & 0x110) >> 4]}", *_words(payload)])


def _words(payload: bytes) -> list[str]:
    out: list[Raw] = []
    view = View(PacketInfo(0, Frame(0, payload, len(payload), Source(0, 1)), 0, 0), payload, "frame", out)
    with suppress(Short):
        attributes(view, 0, 20, len(payload))
    groups: dict[str, dict[str, object]] = {}
    for name, value, *_, group in out:
        groups.setdefault(group, {})[name.removeprefix("stun.att.")] = value
    return [text for held in groups.values() if (text := _word(held))]


def _word(held: dict[str, object]) -> str:
    kind = ATTRIBUTES.get(held.get("type", -1), "")  # type: ignore[call-overload]
    if kind in SHOWN and "port" in held:
        return f"{SHOWN[kind]} {held.get('ipv4') or held.get('ipv6')}:{held['port']}"
    if kind == "ERROR-CODE" and "error" in held:
        return f"{held['error.class']}{held['error']:>02} {held.get('error.reason', '')}".rstrip()
    if kind == "CHANGE-REQUEST" and "change-ip" in held:
        asked = [word for word in ("ip", "port") if held[f"change-{word}"]]
        return "answer from another " + " and ".join(asked) if asked else ""
    if kind == "CHANNEL-NUMBER" and "channelnum" in held:
        return f"channel 0x{held['channelnum']:04x}"
    return {"USE-CANDIDATE": "use this pair"}.get(kind, "")
