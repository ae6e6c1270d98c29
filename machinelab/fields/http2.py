"""HTTP/2's fields: RFC 9113 §4 to §8, header blocks by RFC 7541."""

from . import FieldType, flag, label, octets, of, text, uint

TYPES = {
    0: "DATA", 1: "HEADERS", 2: "PRIORITY", 3: "RST_STREAM", 4: "SETTINGS", 5: "PUSH_PROMISE", 6: "PING",
    7: "GOAWAY", 8: "WINDOW_UPDATE", 9: "CONTINUATION", 10: "ALTSVC", 12: "ORIGIN", 16: "PRIORITY_UPDATE",
}  # fmt: skip
ERRORS = {
    0: "NO_ERROR", 1: "PROTOCOL_ERROR", 2: "INTERNAL_ERROR", 3: "FLOW_CONTROL_ERROR", 4: "SETTINGS_TIMEOUT",
    5: "STREAM_CLOSED", 6: "FRAME_SIZE_ERROR", 7: "REFUSED_STREAM", 8: "CANCEL", 9: "COMPRESSION_ERROR",
    10: "CONNECT_ERROR", 11: "ENHANCE_YOUR_CALM", 12: "INADEQUATE_SECURITY", 13: "HTTP_1_1_REQUIRED",
}  # fmt: skip
SETTINGS = {
    1: "SETTINGS_HEADER_TABLE_SIZE", 2: "SETTINGS_ENABLE_PUSH", 3: "SETTINGS_MAX_CONCURRENT_STREAMS",
    4: "SETTINGS_INITIAL_WINDOW_SIZE", 5: "SETTINGS_MAX_FRAME_SIZE", 6: "SETTINGS_MAX_HEADER_LIST_SIZE",
    8: "SETTINGS_ENABLE_CONNECT_PROTOCOL", 9: "SETTINGS_NO_RFC7540_PRIORITIES",
}  # fmt: skip
# Headers that have a field of their own; those that are secrets are masked by `export --redact`.
HEADERS = (
    "accept", "accept-charset", "accept-encoding", "accept-language", "accept-ranges", "access-control-allow-origin",
    "allow", "cache-control", "content-disposition", "content-encoding", "content-language", "content-location",
    "content-range", "content-type", "etag", "expect", "from", "if-match", "if-none-match", "if-range", "link", "location",
    "proxy-authenticate", "range", "referer", "refresh", "retry-after", "server", "strict-transport-security",
    "user-agent", "vary", "via", "www-authenticate",
)  # fmt: skip
DATES = ("date", "expires", "if-modified-since", "if-unmodified-since", "last-modified")
SECRETS = ("authorization", "cookie", "proxy-authorization", "set-cookie")
NUMBERS = ("age", "content-length", "max-forwards")


def name_of(header: str) -> str:
    """The field of a header: `http2.headers.content_type`."""
    return f"http2.headers.{header.lstrip(':').replace('-', '_')}"


FIELDS: dict[str, FieldType] = {
    "http2": label("one frame of HTTP/2 (RFC 9113 §4.1), or the preface that a client begins with"),
    "http2.stream": label("a frame and the stream it belongs to"),
    "http2.magic": text(
        "the connection preface: what no HTTP/1.1 server takes for a request (RFC 9113 §3.4)"
    ),
    "http2.length": uint("bytes of the frame after its header"),
    "http2.type": uint("what the frame is (RFC 9113 §6)", names=TYPES),
    "http2.flags": uint("the frame's flags in one number", digits=2),
    "http2.flags.end_stream": flag("the sender's last frame with content on this stream (RFC 9113 §5.1)"),
    "http2.flags.eh": flag("the header block ends with this frame; else CONTINUATION follows"),
    "http2.flags.padded": flag("padding follows the content"),
    "http2.flags.priority": flag(
        "a weight and a dependency stand before the headers (RFC 7540 §6.2; obsolete since RFC 9113)"
    ),
    "http2.flags.ack.ping": flag("it answers a PING"),
    "http2.flags.ack.settings": flag("the other side's SETTINGS have been applied (RFC 9113 §6.5.3)"),
    "http2.r": uint("reserved", digits=8),
    "http2.streamid": uint("which stream: odd ones a client opened, 0 is the connection itself"),
    "http2.padding": uint("bytes of padding, as sent", digits=2),
    "http2.pad_length": uint("bytes of padding"),
    "http2.data.data": octets("content: what HTTP/1.1 sends as a body, or a part of it"),
    "http2.data.segment": octets("a part of a body that more follows"),
    "http2.data.padding": octets("padding"),
    "http2.body.fragments": label("the frames that a body came in"),
    "http2.body.fragment": uint("the packet that completes a part of the body", volatile=True),
    "http2.body.fragment.count": uint("how many DATA frames"),
    "http2.body.reassembled.in": uint("the packet that completes the body", volatile=True),
    "http2.body.reassembled.length": uint("bytes of the body as it was sent"),
    "http2.body.reassembled.data": octets("the body as it was sent"),
    "http2.cut": flag("the body is shown in part, or not at all: it is too long, or its encoding is damaged"),
    "http2.headers": octets("the header block, or a part of it, compressed by HPACK (RFC 7541)"),
    "http2.headers.padding": octets("padding"),
    "http2.headers.weight": uint("the weight, less one (RFC 7540 §5.3.2)"),
    "http2.headers.weight_real": uint("the weight"),
    "http2.exclusive": flag("the only child of the stream that it depends on (RFC 7540 §5.3.1)"),
    "http2.stream_dependency": uint("the stream that it depends on (RFC 7540 §5.3.1)"),
    "http2.header": label("a header"),
    "http2.header.length": uint(
        "bytes of all headers, decompressed, as a table counts them: 8 more for each here"
    ),
    "http2.header.count": uint("how many headers the block has"),
    "http2.header.name.length": uint("bytes of the name"),
    "http2.header.name": text("the name, in small letters (RFC 9113 §8.2.1)"),
    "http2.header.value.length": uint("bytes of the value"),
    "http2.header.value": text("the value"),
    "http2.header.unescaped": text("the value with %-escapes undone"),
    "http2.header.repr": text(
        "how it is encoded: from a table, or literally, to be remembered or not (RFC 7541 §6)"
    ),
    "http2.header.index": uint(
        "its place in the static table (1 to 61) or the dynamic one (RFC 7541 §2.3.3)"
    ),
    "http2.header.encoded": octets("a header that is a secret, as it was encoded", secret=True),
    "http2.header_table_size_update": label(
        "the sender changes the size of its dynamic table (RFC 7541 §6.3)"
    ),
    "http2.header_table_size_update.header_table_size": uint("its new size in bytes"),
    "http2.header_size_exceeded": label("the headers are more than a reader should take: given up"),
    "http2.request.full_uri": text("the address that is asked for"),
    "http2.rst_stream.error": uint("why the stream is given up (RFC 9113 §7)", names=ERRORS),
    "http2.settings": label("one setting"),
    "http2.settings.id": uint("which setting (RFC 9113 §6.5.2)", names=SETTINGS),
    "http2.settings.header_table_size": uint("bytes that the other side's dynamic table may have"),
    "http2.settings.enable_push": uint("whether the server may push"),
    "http2.settings.max_concurrent_streams": uint("streams that the other side may have open at once"),
    "http2.settings.initial_window_size": uint(
        "bytes that may be sent on a new stream before more are allowed"
    ),
    "http2.settings.max_frame_size": uint("bytes that a frame may have"),
    "http2.settings.max_header_list_size": uint("bytes of headers that are accepted, decompressed"),
    "http2.settings.extended_connect": uint(
        "whether CONNECT may open other protocols, WebSocket for one (RFC 8441 §3)"
    ),
    "http2.settings.no_rfc7540_priorities": uint(
        "whether RFC 7540's priorities are out of use (RFC 9218 §2.1)"
    ),
    "http2.settings.unknown": uint("the value of a setting that is not known"),
    "http2.push_promise.r": uint("reserved", digits=8),
    "http2.push_promise.promised_stream_id": uint(
        "the stream on which the server will answer what nobody asked"
    ),
    "http2.push_promise.header": octets("the header block of the promised request, or a part of it"),
    "http2.push_promise.padding": octets("padding"),
    "http2.ping": octets("eight bytes that the answer repeats (RFC 9113 §6.7)", volatile=True),
    "http2.pong": octets("the eight bytes of the PING that it answers", volatile=True),
    "http2.goaway.r": uint("reserved", digits=8),
    "http2.goaway.last_stream_id": uint(
        "the last stream that was or may be dealt with; later ones may be asked again elsewhere"
    ),
    "http2.goaway.error": uint("why the connection ends (RFC 9113 §7)", names=ERRORS),
    "http2.goaway.addata": octets("words for whoever looks for the reason"),
    "http2.window_update.r": uint("reserved", digits=8),
    "http2.window_update.window_size_increment": uint("bytes more that may be sent (RFC 9113 §6.9)"),
    "http2.continuation.header": octets("a further part of the header block"),
    "http2.unknown": octets("the payload of a frame that is not known"),
    "http2.origin": label("a site that this connection may be used for (RFC 8336)"),
    "http2.origin.origin_len": uint("bytes of its name"),
    "http2.origin.origin": text("its name"),
    "http2.priority_update_stream_id": uint("the stream whose priority is told anew (RFC 9218 §7.1)"),
    "http2.priority_update_field_value": text("its urgency (u) and whether it can be used in parts (i)"),
    "http2.time": of("duration", "from the request to this answer", volatile=True),
    "http2.request_in": uint("the packet with the request", volatile=True),
    "http2.response_in": uint("the packet with the answer", volatile=True),
    "http2.calculated.connection.window_size.before": of(
        "int", "bytes that might be sent on the connection before this frame"
    ),
    "http2.calculated.connection.window_size.after": of(
        "int", "bytes that may be sent on the connection after it"
    ),
    "http2.calculated.stream.window_size.before": of(
        "int", "bytes that might be sent on the stream before this frame"
    ),
    "http2.calculated.stream.window_size.after": of("int", "bytes that may be sent on the stream after it"),
    "http2.headers.method": text("what to do (RFC 9113 §8.3.1)"),
    "http2.headers.scheme": text("http or https"),
    "http2.headers.authority": text("host and port, as HTTP/1.1's Host"),
    "http2.headers.path": text("the target's path and query"),
    "http2.headers.status": uint("the answer's status"),
    **{name_of(each): text(f"the {each} header") for each in HEADERS},
    **{name_of(each): text(f"the {each} header", volatile=True) for each in DATES},
    **{name_of(each): text(f"the {each} header", secret=True) for each in SECRETS},
    **{name_of(each): uint(f"the {each} header") for each in NUMBERS},
}
for _each in ("unused", "unused_settings", "unused_ping", "unused_continuation", "unused_push_promise", "unused_data", "unused_headers"):  # fmt: skip
    FIELDS[f"http2.flags.{_each}"] = uint("flags that this type of frame does not have", digits=2)
