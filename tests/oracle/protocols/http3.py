"""HTTP/3: where we differ from tshark on purpose."""

from machinelab.fields.http3 import FIELDS
from tests.oracle.exemptions import Protocol

DECOMPRESSED = "tshark gives decompressed headers offsets that add the frame's own to those in their buffer"
BLOCK = "tshark gives what it counts of a block the first byte of its frame"

EXEMPTIONS = Protocol(
    left_out={"http3.expert.header.encoded_state": "an address of tshark's own memory"},
    ours_alone={
        "http3.push_id": "tshark does not read MAX_PUSH_ID and CANCEL_PUSH",
        "http3.cut": "we say what of a body is not shown",
        "http3.time": "tshark does not tie a request to its reply",
        "http3.request_in": "tshark does not tie a request to its reply",
        "http3.response_in": "tshark does not tie a request to its reply",
    },
    places={
        **{name: DECOMPRESSED for name in FIELDS if name.startswith(("http3.header.", "http3.headers."))},
        "http3.headers.header.length": BLOCK,
        "http3.headers.count": BLOCK,
        "http3.settings": "tshark counts the bytes of a setting's number in its value",
        "http3": "of a message in several packets, tshark gives the place in the message",
        **{
            f"http3.qpack.encoder.opcode.{name}": "tshark gives what is decoded the place of the instruction's beginning"
            for name in ("insert.name", "insert.val", "insert_indexed.val")
        },
        "http3.stream.uni": "tshark gives it the first byte, or all",
        "http3.stream": "tshark gives it the first byte",
    },
)
