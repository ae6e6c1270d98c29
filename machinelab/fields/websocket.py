"""WebSocket's fields: RFC 6455 §5.2, RFC 7692 §6."""

from . import FieldType, flag, label, octets, text, uint

OPCODES = {0: "Continuation", 1: "Text", 2: "Binary", 8: "Connection Close", 9: "Ping", 10: "Pong"}
# RFC 6455 §7.4.1 and IANA's registry of close codes.
STATUS = {
    1000: "Normal Closure", 1001: "Going Away", 1002: "Protocol error", 1003: "Unsupported Data",
    1007: "Invalid frame payload data", 1008: "Policy Violation", 1009: "Message Too Big",
    1010: "Mandatory Extension", 1011: "Internal Error", 1012: "Service Restart", 1013: "Try Again Later",
    1014: "Bad Gateway",
}  # fmt: skip

FIELDS: dict[str, FieldType] = {
    "websocket": label("one frame of a WebSocket connection (RFC 6455 §5.2)"),
    "websocket.fin": flag("the last frame of its message (RFC 6455 §5.4)"),
    "websocket.rsv": uint("three bits that extensions give a meaning to", digits=2),
    "websocket.pmc": flag("the message is compressed: the first of the reserved bits (RFC 7692 §6)"),
    "websocket.opcode": uint("what the payload is (RFC 6455 §5.2)", names=OPCODES),
    "websocket.mask": flag(
        "the payload is masked: each frame from a client, none from a server (RFC 6455 §5.1)"
    ),
    "websocket.payload_length": uint(
        "the payload's length in bytes; 126 and 127: it stands in the next 2 or 8 bytes"
    ),
    "websocket.payload_length_ext_16": uint("the payload's length in bytes, from 126 on"),
    "websocket.payload_length_ext_64": uint("the payload's length in bytes, from 65,536 on"),
    "websocket.masking_key": octets(
        "XORed with the payload, byte by byte; new in each frame (RFC 6455 §5.3)", volatile=True
    ),
    "websocket.masked_payload": label("the payload as it was sent"),
    "websocket.payload": label("the payload without its mask"),
    "websocket.payload.continue": octets(
        "a part of a message that neither begins nor ends it, without its mask"
    ),
    "websocket.payload.text": text("a whole message of text, fragments joined and decompressed"),
    "websocket.payload.close": label("why the connection is closed (RFC 6455 §5.5.1)"),
    "websocket.payload.close.status_code": uint("the reason as a number (RFC 6455 §7.4)", names=STATUS),
    "websocket.payload.close.reason": text("the reason in words"),
    "websocket.payload.ping": octets("what the Pong is to repeat (RFC 6455 §5.5.2)"),
    "websocket.payload.pong": octets("what the Ping said (RFC 6455 §5.5.3)"),
    "websocket.payload.unknown": octets("the payload of a frame whose opcode is reserved"),
    "websocket.fragments": label("the frames that the message came in (RFC 6455 §5.4)"),
    "websocket.fragment": uint("the packet that completes a fragment", volatile=True),
    "websocket.fragment.count": uint("how many fragments"),
    "websocket.reassembled.length": uint("bytes of the fragments' payloads together, still compressed"),
    "websocket.cut": flag(
        "decompressed in part, or not at all: the budget is used up, or the data is damaged"
    ),
}
