"""QUIC's fields: RFC 9000 §17 to §19, RFC 9369, RFC 9221."""

from . import FieldType, flag, label, octets, text, uint
from .tls import ALERTS

PACKETS = {0: "Initial", 1: "0-RTT", 2: "Handshake", 3: "Retry", 4: "1-RTT", 5: "Version Negotiation"}
TYPES = {0: "INITIAL", 1: "0-RTT", 2: "HANDSHAKE", 3: "RETRY"}
TYPES_V2 = {0: "RETRY", 1: "INITIAL", 2: "0-RTT", 3: "HANDSHAKE"}
VERSIONS = {0: "VERSION NEGOTIATION", 1: "1", 0x6B3343CF: "2"}
FRAMES = {
    0x00: "PADDING", 0x01: "PING", 0x02: "ACK", 0x03: "ACK", 0x04: "RESET_STREAM", 0x05: "STOP_SENDING", 0x06: "CRYPTO",
    0x07: "NEW_TOKEN", **dict.fromkeys(range(0x08, 0x10), "STREAM"), 0x10: "MAX_DATA", 0x11: "MAX_STREAM_DATA",
    0x12: "MAX_STREAMS", 0x13: "MAX_STREAMS", 0x14: "DATA_BLOCKED", 0x15: "STREAM_DATA_BLOCKED", 0x16: "STREAMS_BLOCKED",
    0x17: "STREAMS_BLOCKED", 0x18: "NEW_CONNECTION_ID", 0x19: "RETIRE_CONNECTION_ID", 0x1A: "PATH_CHALLENGE",
    0x1B: "PATH_RESPONSE", 0x1C: "CONNECTION_CLOSE", 0x1D: "CONNECTION_CLOSE", 0x1E: "HANDSHAKE_DONE", 0x30: "DATAGRAM",
    0x31: "DATAGRAM",
}  # fmt: skip
ERRORS = {
    0: "NO_ERROR", 1: "INTERNAL_ERROR", 2: "CONNECTION_REFUSED", 3: "FLOW_CONTROL_ERROR", 4: "STREAM_LIMIT_ERROR",
    5: "STREAM_STATE_ERROR", 6: "FINAL_SIZE_ERROR", 7: "FRAME_ENCODING_ERROR", 8: "TRANSPORT_PARAMETER_ERROR",
    9: "CONNECTION_ID_LIMIT_ERROR", 10: "PROTOCOL_VIOLATION", 11: "INVALID_TOKEN", 12: "APPLICATION_ERROR",
    13: "CRYPTO_BUFFER_EXCEEDED", 14: "KEY_UPDATE_ERROR", 15: "AEAD_LIMIT_REACHED", 16: "NO_VIABLE_PATH",
}  # fmt: skip

FIELDS: dict[str, FieldType] = {
    "quic": label("one packet of QUIC (RFC 9000 §12); a datagram may hold several"),
    "quic.connection.number": uint(
        "the connection, counted from 0 in a capture, wherever its packets come from"
    ),
    "quic.packet_length": uint("bytes of the packet"),
    "quic.header_form": uint("1: a long header, while the handshake lasts; 0: a short one (RFC 9000 §17)"),
    "quic.fixed_bit": flag("set in every packet but Version Negotiation, so that QUIC can share a port"),
    "quic.long.packet_type": uint("what the packet is for (RFC 9000 §17.2)", names=TYPES),
    "quic.long.packet_type_v2": uint(
        "what the packet is for, in QUIC version 2 (RFC 9369 §3.2)", names=TYPES_V2
    ),
    "quic.long.reserved": uint("reserved; visible only once header protection is removed"),
    "quic.packet_number_length": uint("bytes of the packet number, less one"),
    "quic.version": uint("the version of QUIC", digits=8, names=VERSIONS),
    "quic.supported_version": uint(
        "a version that the server offers instead (RFC 9000 §17.2.1)", digits=8, names=VERSIONS
    ),
    "quic.vn.unused": uint("arbitrary bits of a Version Negotiation packet", digits=2, volatile=True),
    "quic.dcil": uint("bytes of the destination connection ID"),
    "quic.dcid": octets(
        "the destination connection ID: whom the packet is for, whatever its address", volatile=True
    ),
    "quic.scil": uint("bytes of the source connection ID"),
    "quic.scid": octets("the source connection ID: what replies shall be sent to", volatile=True),
    "quic.token_length": uint("bytes of the token"),
    "quic.token": octets(
        "a token from Retry or NEW_TOKEN: the sender's address is no invention (RFC 9000 §8.1)", volatile=True
    ),
    "quic.length": uint("bytes that follow: packet number and payload"),
    "quic.packet_number": uint("the packet's number, never used twice (RFC 9000 §12.3)"),
    "quic.short": label("a packet with a short header (RFC 9000 §17.3)"),
    "quic.spin_bit": flag(
        "flips once in a round trip, so that the path can measure it; optional (RFC 9000 §17.4)",
        volatile=True,
    ),
    "quic.short.reserved": uint("reserved; visible only once header protection is removed"),
    "quic.key_phase": flag("which generation of keys: it flips with each key update (RFC 9001 §6)"),
    "quic.payload": octets("the payload, as encrypted", volatile=True),
    "quic.protected_payload": octets("the payload, as encrypted", volatile=True),
    "quic.remaining_payload": octets("what nobody here can decrypt, packet number included", volatile=True),
    "quic.coalesced_padding_data": label("bytes behind the last packet of a datagram: filling"),
    "quic.retry_token": octets(
        "the token that the client has to bring back (RFC 9000 §17.2.5)", volatile=True
    ),
    "quic.retry_integrity_tag": octets(
        "shows that the Retry comes from someone who saw the Initial (RFC 9001 §5.8)", volatile=True
    ),
    "quic.frame": label("a frame (RFC 9000 §19)"),
    "quic.frame_type": uint("what the frame is", digits=16, names=FRAMES),
    "quic.padding_length": uint("bytes of PADDING in a row"),
    "quic.ack.largest_acknowledged": uint("the largest packet number that has arrived"),
    "quic.ack.ack_delay": uint(
        "how long the acknowledgement waited, in units that the handshake set (RFC 9000 §19.3)", volatile=True
    ),
    "quic.ack.ack_range_count": uint("how many more ranges follow: a gap is what is missing"),
    "quic.ack.first_ack_range": uint("how many packets before the largest have arrived without a gap"),
    "quic.ack.gap": uint("packets that are missing, less one"),
    "quic.ack.ack_range": uint("packets that have arrived below the gap, less one"),
    "quic.ack.ect0_count": uint("packets that arrived marked ECT(0) (RFC 9000 §13.4)"),
    "quic.ack.ect1_count": uint("packets that arrived marked ECT(1)"),
    "quic.ack.ecn_ce_count": uint("packets that arrived marked as having met congestion"),
    "quic.rsts.stream_id": uint("the stream that its sender gives up"),
    "quic.rsts.application_error_code": uint("why, in the application's words"),
    "quic.rsts.final_size": uint("bytes that were sent on it in all"),
    "quic.ss.stream_id": uint("the stream that the other side shall stop sending on"),
    "quic.ss.application_error_code": uint("why, in the application's words"),
    "quic.crypto.offset": uint("where in the handshake's stream the bytes belong"),
    "quic.crypto.length": uint("how many bytes of the handshake"),
    "quic.crypto.crypto_data": label("a part of the TLS handshake, without TLS's records (RFC 9001 §4)"),
    "quic.nt.length": uint("bytes of the token"),
    "quic.nt.token": octets("a token for the client's next connection (RFC 9000 §8.1.3)", volatile=True),
    "quic.stream.fin": flag("the last bytes of this stream"),
    "quic.stream.len": flag("a length follows; else the frame takes the rest of the packet"),
    "quic.stream.off": flag("an offset follows; else it is 0"),
    "quic.stream.stream_id": uint(
        "the stream: its two lowest bits say who opened it and whether it has one direction (RFC 9000 §2.1)"
    ),
    "quic.stream.initiator": uint("who opened the stream", names={0: "CLIENT", 1: "SERVER"}),
    "quic.stream.direction": uint(
        "whether both sides send on it", names={0: "BIDIRECTIONAL", 1: "UNIDIRECTIONAL"}
    ),
    "quic.stream.offset": uint("where in the stream the bytes belong"),
    "quic.stream.length": uint("how many bytes of the stream"),
    "quic.stream_data": octets("the bytes", volatile=True),
    "quic.md.maximum_data": uint("bytes that may be sent on the connection in all (RFC 9000 §4.1)"),
    "quic.msd.stream_id": uint("the stream whose limit is raised"),
    "quic.msd.maximum_stream_data": uint("bytes that may be sent on it in all"),
    "quic.ms.max_streams": uint("streams that the other side may open in all (RFC 9000 §4.6)"),
    "quic.sb.stream_data_limit": uint("the limit that keeps the sender from sending more"),
    "quic.sdb.stream_id": uint("the stream whose limit is reached"),
    "quic.sib.stream_limit": uint("the limit that keeps the sender from opening more streams"),
    "quic.nci.sequence": uint("the new connection ID's number"),
    "quic.nci.retire_prior_to": uint("connection IDs with smaller numbers are to be used no more"),
    "quic.nci.connection_id.length": uint("bytes of the new connection ID"),
    "quic.nci.connection_id": octets(
        "a further ID for this connection: a client that moves uses one nobody has seen (RFC 9000 §9.5)",
        volatile=True,
    ),
    "quic.nci.stateless_reset_token": octets(
        "shows that a reset comes from its owner (RFC 9000 §10.3)", volatile=True
    ),
    "quic.rci.sequence": uint("the number of a connection ID that is given up"),
    "quic.path_challenge.data": octets(
        "eight bytes that only somebody on this path can send back (RFC 9000 §8.2)", volatile=True
    ),
    "quic.path_response.data": octets("the eight bytes of the PATH_CHALLENGE that it answers", volatile=True),
    "quic.cc.error_code": uint("why the connection ends (RFC 9000 §20.1)", names=ERRORS),
    "quic.cc.error_code.app": uint("why the connection ends, in the application's words (RFC 9114 §8.1)"),
    "quic.cc.error_code.tls_alert": uint("the TLS alert that ends it", names=ALERTS),
    "quic.cc.frame_type": uint("the type of the frame that was wrong; 0: not known"),
    "quic.cc.reason_phrase.length": uint("bytes of the reason"),
    "quic.cc.reason_phrase": text("the reason, for people"),
    "quic.dg.length": uint("bytes of the datagram"),
    "quic.dg": octets("a datagram: sent once, lost if it is lost (RFC 9221)"),
    "quic.fragments": label("the STREAM frames that a message came in"),
    "quic.fragment": uint("a packet that brought a part of the message", volatile=True),
    "quic.fragment.count": uint("how many STREAM frames"),
    "quic.reassembled_in": uint("the packet that completes the message", volatile=True),
    "quic.reassembled.length": uint("bytes of the message"),
    "quic.reassembled.data": octets("the message", volatile=True),
}
