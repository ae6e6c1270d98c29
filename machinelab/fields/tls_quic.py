"""QUIC's transport parameters in TLS: RFC 9000 §18.2, RFC 9221 §3, RFC 9368 §3."""

from . import FieldType, octets, uint

TYPES = {
    0: "ORIGINAL_DESTINATION_CONNECTION_ID", 1: "MAX_IDLE_TIMEOUT", 2: "STATELESS_RESET_TOKEN", 3: "MAX_UDP_PAYLOAD_SIZE",
    4: "INITIAL_MAX_DATA", 5: "INITIAL_MAX_STREAM_DATA_BIDI_LOCAL", 6: "INITIAL_MAX_STREAM_DATA_BIDI_REMOTE",
    7: "INITIAL_MAX_STREAM_DATA_UNI", 8: "INITIAL_MAX_STREAMS_BIDI", 9: "INITIAL_MAX_STREAMS_UNI", 10: "ACK_DELAY_EXPONENT",
    11: "MAX_ACK_DELAY", 12: "DISABLE_ACTIVE_MIGRATION", 13: "PREFERRED_ADDRESS", 14: "ACTIVE_CONNECTION_ID_LIMIT",
    15: "INITIAL_SOURCE_CONNECTION_ID", 16: "RETRY_SOURCE_CONNECTION_ID", 17: "VERSION_INFORMATION",
    32: "MAX_DATAGRAM_FRAME_SIZE",
}  # fmt: skip
P = "tls.quic.parameter"
FIELDS: dict[str, FieldType] = {
    f"{P}.type": uint("which parameter", names=TYPES),
    f"{P}.length": uint("bytes of its value"),
    f"{P}.value": octets("its value as sent", volatile=True),
    f"{P}.original_destination_connection_id": octets(
        "the ID that the client's first packet was for: nobody put another one in", volatile=True
    ),
    f"{P}.stateless_reset_token": octets(
        "shows that a reset comes from this server (RFC 9000 §10.3)", volatile=True
    ),
    f"{P}.initial_source_connection_id": octets(
        "the ID that its sender's first packet came from", volatile=True
    ),
    f"{P}.retry_source_connection_id": octets("the ID that the server's Retry came from", volatile=True),
    f"{P}.max_idle_timeout": uint("milliseconds without a packet after which the connection is over"),
    f"{P}.max_udp_payload_size": uint("bytes that a datagram to this end may have"),
    f"{P}.initial_max_data": uint("bytes that may be sent to this end on the connection, for a start"),
    f"{P}.initial_max_stream_data_bidi_local": uint(
        "the same on each stream of two directions that this end opens"
    ),
    f"{P}.initial_max_stream_data_bidi_remote": uint(
        "the same on each stream of two directions that the other end opens"
    ),
    f"{P}.initial_max_stream_data_uni": uint("the same on each stream of one direction"),
    f"{P}.initial_max_streams_bidi": uint(
        "streams of two directions that the other end may open, for a start"
    ),
    f"{P}.initial_max_streams_uni": uint("streams of one direction that the other end may open, for a start"),
    f"{P}.ack_delay_exponent": uint("ACK delays of this end count in units of 2 to this power microseconds"),
    f"{P}.max_ack_delay": uint("milliseconds that an acknowledgement may wait at most"),
    f"{P}.active_connection_id_limit": uint("connection IDs of the other end that this end keeps"),
    f"{P}.max_datagram_frame_size": uint("bytes that a DATAGRAM frame may have (RFC 9221 §3)"),
    f"{P}.vi.chosen_version": uint("the version in use (RFC 9368 §3)", digits=8),
    f"{P}.vi.other_version": uint("another version that its sender speaks", digits=8),
}
