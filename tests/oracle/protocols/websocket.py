"""WebSocket: where we differ from tshark on purpose."""

from tests.oracle.exemptions import Protocol

EXEMPTIONS = Protocol(
    ours_alone={"websocket.cut": "we say where the budget for decompression is used up"},
    places={
        "websocket.payload": "tshark gives the unmasked bytes the offset of the header in the frame, in a buffer without one",
        "websocket.payload.text": "tshark gives a decompressed text its offset in the packet, in a buffer of its own",
    },
)
