"""WebRTC's data channels are opened by two messages: RFC 8832."""

from . import FieldType, label, text, uint

MESSAGES = {2: "DATA CHANNEL ACK", 3: "DATA CHANNEL OPEN"}
CHANNELS = {
    0x00: "RELIABLE", 0x80: "RELIABLE UNORDERED", 0x01: "PARTIAL RELIABLE REXMIT", 0x81: "PARTIAL RELIABLE REXMIT UNORDERED",
    0x02: "PARTIAL RELIABLE TIMED", 0x82: "PARTIAL RELIABLE TIMED UNORDERED",
}  # fmt: skip

FIELDS: dict[str, FieldType] = {
    "rtcdc": label("the data channel establishment protocol"),
    "rtcdc.message_type": uint("open, or the answer to it (RFC 8832 §5)", names=MESSAGES),
    "rtcdc.channel_type": uint("what is promised: order, and what becomes of a message that is lost (RFC 8832 §5.1)", names=CHANNELS),
    "rtcdc.priority": uint("the channel's share, where there is not room for all"),
    "rtcdc.reliability_parameter": uint("how often a message is sent again, or for how many milliseconds"),
    "rtcdc.label_length": uint("bytes of the label"),
    "rtcdc.protocol_length": uint("bytes of the protocol's name"),
    "rtcdc.label": text("what the program calls the channel"),
    "rtcdc.protocol": text("the protocol spoken on it, by IANA's WebSocket subprotocol registry"),
}  # fmt: skip
