"""QUIC's transport parameters, which its handshake carries as an extension: RFC 9000 §18, RFC 9221 §3, RFC 9368 §3."""

from ...cursor import Cursor
from ...varint import varint

PREFIX = "tls.quic.parameter."
NUMBERS = {
    1: "max_idle_timeout", 3: "max_udp_payload_size", 4: "initial_max_data", 5: "initial_max_stream_data_bidi_local",
    6: "initial_max_stream_data_bidi_remote", 7: "initial_max_stream_data_uni", 8: "initial_max_streams_bidi",
    9: "initial_max_streams_uni", 10: "ack_delay_exponent", 11: "max_ack_delay", 14: "active_connection_id_limit",
    0x20: "max_datagram_frame_size",
}  # fmt: skip
OCTETS = {
    0: "original_destination_connection_id", 2: "stateless_reset_token", 15: "initial_source_connection_id",
    16: "retry_source_connection_id",
}  # fmt: skip
VERSIONS = 0x11  # version_information: RFC 9368 §3


def parameters(cursor: Cursor, message: int) -> None:
    """All of them, each with its type and length."""
    while cursor.left:
        start = cursor.at
        kind, at = varint(cursor.data, start, cursor.stop)
        size, inside = varint(cursor.data, at, cursor.stop)
        cursor.field(PREFIX + "type", kind, at - start)
        cursor.at = at
        cursor.field(PREFIX + "length", size, inside - at)
        cursor.at = inside
        _value(cursor.part(size), kind, size)


def _value(cursor: Cursor, kind: int, size: int) -> None:
    value = cursor.data[cursor.at : cursor.at + size]
    cursor.field(PREFIX + "value", value, size)
    if kind in NUMBERS:
        number, stop = varint(cursor.data, cursor.at, cursor.stop)
        cursor.field(PREFIX + NUMBERS[kind], number, stop - cursor.at)
    elif kind in OCTETS:
        cursor.field(PREFIX + OCTETS[kind], value, size)
    elif kind == VERSIONS:
        cursor.number(PREFIX + "vi.chosen_version", 4)
        while cursor.left:
            cursor.number(PREFIX + "vi.other_version", 4)
