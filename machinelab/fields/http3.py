"""HTTP/3's fields: RFC 9114 §6 to §8, header blocks by RFC 9204."""

from . import FieldType, flag, label, octets, of, text, uint
from .http2 import DATES, HEADERS, NUMBERS, SECRETS

TYPES = {
    0: "DATA", 1: "HEADERS", 3: "CANCEL_PUSH", 4: "SETTINGS", 5: "PUSH_PROMISE", 7: "GOAWAY", 13: "MAX_PUSH_ID",
    0xF0700: "PRIORITY_UPDATE", 0xF0701: "PRIORITY_UPDATE",
}  # fmt: skip
STREAM_TYPES = {0: "CONTROL", 1: "PUSH", 2: "QPACK ENCODER", 3: "QPACK DECODER"}
SETTINGS = {
    0x01: "QPACK_MAX_TABLE_CAPACITY", 0x06: "MAX_FIELD_SECTION_SIZE", 0x07: "QPACK_BLOCKED_STREAMS",
    0x08: "ENABLE_CONNECT_PROTOCOL", 0x33: "H3_DATAGRAM",
}  # fmt: skip


def name_of(header: str) -> str:
    """The field of a header: `http3.headers.content_type`."""
    return f"http3.headers.{header.lstrip(':').replace('-', '_')}"


FIELDS: dict[str, FieldType] = {
    "http3": label("what a QUIC stream brings to HTTP/3 (RFC 9114)"),
    "http3.stream": label("a stream with a request and its reply"),
    "http3.stream.uni": label("a stream of one direction (RFC 9114 §6.2)"),
    "http3.stream_uni_type": uint("what such a stream is for: its first byte", digits=16, names=STREAM_TYPES),
    "http3.frame": label("a frame (RFC 9114 §7)"),
    "http3.frame_type": uint("what the frame is (RFC 9114 §7.2)", digits=16, names=TYPES),
    "http3.frame_length": uint("bytes of the frame after its type and length"),
    "http3.frame_payload": octets("what the frame holds"),
    "http3.data": octets("content: what HTTP/1.1 sends as a body, or a part of it"),
    "http3.cut": flag("the content is too long to be shown whole"),
    "http3.push_id": uint("a push (RFC 9114 §4.6)"),
    "http3.headers.header.length": uint("bytes of all headers, decompressed: 8 more for each here"),
    "http3.headers.count": uint("how many headers the block has"),
    "http3.headers.header": label("a header"),
    "http3.headers.header.name.length": uint("bytes of the name"),
    "http3.header.header.name": text("the name, in small letters (RFC 9114 §4.2)"),
    "http3.headers.header.value.length": uint("bytes of the value"),
    "http3.headers.header.value": text("the value"),
    "http3.request.full_uri": text("the address that is asked for"),
    "http3.header.qpack.blocked": flag(
        "the block refers to instructions that had not arrived: the stream waits for another one (RFC 9204 §2.1.2)"
    ),
    "http3.expert.header_decoding.failed": label("the headers cannot be decompressed"),
    "http3.qpack.encoder": octets("instructions for the other side's dynamic table (RFC 9204 §4.3)"),
    "http3.qpack.encoder.icnt": uint("entries inserted into the dynamic table so far"),
    "http3.qpack.encoder.icnt.inc": uint("entries that these instructions insert"),
    "http3.qpack.encoder.opcode.insert_indexed": octets(
        "an entry whose name a table has already (RFC 9204 §4.3.2)"
    ),
    "http3.qpack.encoder.opcode.insert_indexed.ref": octets("where the name is"),
    "http3.qpack.encoder.opcode.insert_indexed.val": octets("the value"),
    "http3.qpack.encoder.opcode.insert_indexed.hval": octets("the value in Huffman's code"),
    "http3.qpack.encoder.opcode.insert": octets("an entry with a name of its own (RFC 9204 §4.3.3)"),
    "http3.qpack.encoder.opcode.insert.name": octets("the name"),
    "http3.qpack.encoder.opcode.insert.hname": octets("the name in Huffman's code"),
    "http3.qpack.encoder.opcode.insert.val": octets("the value"),
    "http3.qpack.encoder.opcode.insert.hval": octets("the value in Huffman's code"),
    "http3.qpack.encoder.opcode.duplicate": octets(
        "an entry once more, before it is dropped (RFC 9204 §4.3.4)"
    ),
    "http3.qpack.encoder.opcode.dtable_cap": octets("how large the dynamic table is to be (RFC 9204 §4.3.1)"),
    "http3.qpack.encoder.opcode.dtable_cap.val": uint("its new size in bytes"),
    "http3.settings": label("one setting"),
    "http3.settings.id": uint("which setting (RFC 9114 §7.2.4.1)", digits=16, names=SETTINGS),
    "http3.settings.value": uint("its value"),
    "http3.settings.qpack.max_table_capacity": uint(
        "bytes that the other side's dynamic table may have (RFC 9204 §5)"
    ),
    "http3.settings.max_field_section_size": uint("bytes of headers that are accepted, decompressed"),
    "http3.settings.qpack.blocked_streams": uint("streams that may wait for the dynamic table (RFC 9204 §5)"),
    "http3.settings.extended_connect": uint(
        "whether CONNECT may open other protocols, WebSocket for one (RFC 9220 §3)"
    ),
    "http3.settings.webtransport": uint("whether WebTransport is spoken"),
    "http3.settings.h3_datagram": uint("whether datagrams belong to requests (RFC 9297 §2.1.1)"),
    "http3.settings.h3_datagram_draft04": uint("the same, before it had a number"),
    "http3.priority_update_element_id": uint("the stream whose priority is told anew (RFC 9218 §7.2)"),
    "http3.priority_update_field_value": text("its urgency (u) and whether it can be used in parts (i)"),
    "http3.time": of("duration", "from the request to this reply", volatile=True),
    "http3.request_in": uint("the packet with the request", volatile=True),
    "http3.response_in": uint("the packet with the reply", volatile=True),
    "http3.headers.method": text("what to do (RFC 9114 §4.3.1)"),
    "http3.headers.scheme": text("http or https"),
    "http3.headers.authority": text("host and port, as HTTP/1.1's Host"),
    "http3.headers.path": text("the target's path and query"),
    "http3.headers.status": uint("the reply's status"),
    **{name_of(each): text(f"the {each} header") for each in HEADERS},
    **{name_of(each): text(f"the {each} header", volatile=True) for each in DATES},
    **{name_of(each): text(f"the {each} header", secret=True) for each in SECRETS},
    **{name_of(each): uint(f"the {each} header") for each in NUMBERS},
}
