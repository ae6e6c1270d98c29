"""SCTP: RFC 9260; partial reliability (RFC 3758), resetting streams (RFC 6525); in DTLS for data channels (RFC 8261, RFC 8831)."""

from . import FieldType, flag, label, octets, of, uint

CHUNKS = {
    0: "DATA", 1: "INIT", 2: "INIT ACK", 3: "SACK", 4: "HEARTBEAT", 5: "HEARTBEAT ACK", 6: "ABORT", 7: "SHUTDOWN",
    8: "SHUTDOWN ACK", 9: "ERROR", 10: "COOKIE ECHO", 11: "COOKIE ACK", 14: "SHUTDOWN COMPLETE", 130: "RE-CONFIG",
    132: "PAD", 192: "FORWARD TSN",
}  # fmt: skip
PARAMETERS = {
    1: "HEARTBEAT INFO", 5: "IPV4 ADDRESS", 6: "IPV6 ADDRESS", 7: "STATE COOKIE", 13: "OUTGOING SSN RESET REQUEST",
    14: "INCOMING SSN RESET REQUEST", 15: "SSN/TSN RESET REQUEST", 16: "RE-CONFIGURATION RESPONSE",
    17: "ADD OUTGOING STREAMS REQUEST", 18: "ADD INCOMING STREAMS REQUEST",
    0x8008: "SUPPORTED EXTENSIONS", 0xC000: "FORWARD TSN SUPPORTED",
}  # fmt: skip
# RFC 8831 §8: what a data channel's messages are.
PAYLOADS = {
    50: "WEBRTC DCEP",
    51: "WEBRTC STRING",
    53: "WEBRTC BINARY",
    56: "WEBRTC STRING EMPTY",
    57: "WEBRTC BINARY EMPTY",
}
RESULTS = {
    0: "NOTHING TO DO",
    1: "PERFORMED",
    2: "DENIED",
    3: "WRONG SSN",
    4: "REQUEST ALREADY IN PROGRESS",
    5: "BAD SEQUENCE NUMBER",
    6: "IN PROGRESS",
}


def _tsn(meaning: str) -> FieldType:
    return uint(meaning, volatile=True)


FIELDS: dict[str, FieldType] = {
    "sctp": label("Stream Control Transmission Protocol"),
    "sctp.srcport": uint("the sender's port; in a data channel both are 5000, and there is nobody else"),
    "sctp.dstport": uint("the receiver's port"),
    "sctp.port": uint("either port"),
    "sctp.verification_tag": uint("the number that the receiver chose for this association", digits=8, volatile=True),
    "sctp.checksum": uint("CRC32c over the packet", digits=8, volatile=True),
    "sctp.checksum.status": uint("whether it is right", names={0: "BAD", 1: "GOOD", 2: "UNVERIFIED"}),
    "sctp.chunk": label("a chunk: what an SCTP packet is made of (RFC 9260 §3)"),
    "sctp.chunk_type": uint("what the chunk is", names=CHUNKS),
    "sctp.chunk_bit_1": flag("who does not know the chunk skips it, and reads on; else the whole packet is dropped"),
    "sctp.chunk_bit_2": flag("who does not know the chunk reports it"),
    "sctp.chunk_flags": uint("eight bits whose meaning depends on the chunk", digits=2),
    "sctp.chunk_length": uint("bytes of the chunk, its filling not counted"),
    "sctp.chunk_padding": octets("zeros that fill it up to a multiple of four"),
    "sctp.chunk_value": octets("a chunk that is not read here"),
    "sctp.data_i_bit": flag("acknowledge at once (RFC 7053)"),
    "sctp.data_u_bit": flag("unordered: hand it over when it is here, whatever came before (RFC 9260 §6.6)"),
    "sctp.data_b_bit": flag("the message begins here"),
    "sctp.data_e_bit": flag("the message ends here"),
    "sctp.data_tsn": uint("the chunk's number among those of its sender, counted from the first seen"),
    "sctp.data_tsn_raw": _tsn("the same as it is sent"),
    "sctp.data_sid": uint("which stream: streams do not wait for each other (RFC 9260 §6.5)", digits=4),
    "sctp.data_ssn": uint("the message's number in its stream; 0 where it is unordered"),
    "sctp.data_payload_proto_id": uint("what the data is: 50 a data channel's own, 51 text, 53 bytes (RFC 8831 §8)", names=PAYLOADS),
    "sctp.fragments": label("the chunks that a message was put together from"),
    "sctp.fragment": uint("a packet with a part of it", volatile=True),
    "sctp.reassembled_in": uint("the packet with which the message is whole", volatile=True),
    "sctp.retransmission": uint("the packet that this chunk was in before", volatile=True),
    "sctp.retransmission_time": of("duration", "how long after that it is sent once more", volatile=True),
    "sctp.retransmitted": uint("a packet in which this chunk is sent once more", volatile=True),
    "sctp.retransmitted_count": uint("how often it is sent once more"),
    "sctp.initiate_tag": uint("the number that the other side is to put in front of all its packets", digits=8, volatile=True),
    "sctp.sack_nonce_sum": uint("a bit of an experiment (RFC 3540)"),
    "sctp.sack_cumulative_tsn_ack": uint("everything up to this number is here"),
    "sctp.sack_cumulative_tsn_ack_raw": _tsn("the same as it is sent"),
    "sctp.sack_a_rwnd": uint("how many bytes more may be sent", volatile=True),
    "sctp.sack_number_of_gap_blocks": uint("how many blocks came behind a gap"),
    "sctp.sack_number_of_duplicated_tsns": uint("how many chunks came twice"),
    "sctp.sack_gap_block_start": uint("where a block behind the gap begins, counted from the cumulative number"),
    "sctp.sack_gap_block_start_tsn": uint("the same as the chunk's own number"),
    "sctp.sack_gap_block_end": uint("where it ends"),
    "sctp.sack_gap_block_end_tsn": uint("the same as the chunk's own number"),
    "sctp.sack_number_of_tsns_gap_acked": uint("how many chunks are here behind gaps"),
    "sctp.sack_duplicate_tsn": uint("a chunk that came twice"),
    "sctp.cookie": octets("what the other side is to keep in mind, given back to it (RFC 9260 §5.1.3)", volatile=True),
    "sctp.abort_t_bit": flag("the tag is the sender's own, for the receiver's is not known"),
    "sctp.shutdown_complete_t_bit": flag("the tag is the sender's own, for the receiver's is not known"),
    "sctp.shutdown_cumulative_tsn_ack": _tsn("everything up to this number is here"),
    "sctp.forward_tsn_tsn": _tsn("wait no longer for anything up to this number (RFC 3758 §3.2)"),
    "sctp.forward_tsn_sid": uint("a stream in which something was given up"),
    "sctp.forward_tsn_ssn": uint("the message that was given up"),
    "sctp.parameter_type": uint("which parameter", digits=4, names=PARAMETERS),
    "sctp.parameter_bit_1": flag("who does not know the parameter skips it, and reads on"),
    "sctp.parameter_bit_2": flag("who does not know the parameter reports it"),
    "sctp.parameter_length": uint("bytes of the parameter, its filling not counted"),
    "sctp.parameter_padding": octets("zeros that fill it up to a multiple of four"),
    "sctp.parameter_value": octets("a parameter that is not read here"),
    "sctp.parameter_state_cookie": octets("all that the server needs to know again; it keeps nothing until that comes back (RFC 9260 §5.1.3)", volatile=True),
    "sctp.parameter_heartbeat_information": octets("what the answer is to repeat", volatile=True),
    "sctp.parameter_ipv4_address": of("ipv4", "a further address of the sender"),
    "sctp.parameter_ipv6_address": of("ipv6", "a further address of the sender"),
    "sctp.supported_chunk_type": uint("an extension that the sender knows", names=CHUNKS),
    "sctp.parameter_reconfig_request_sequence_number": _tsn("the number of the request (RFC 6525 §4.1)"),
    "sctp.parameter_reconfig_response_sequence_number": _tsn("the number of the request that is answered"),
    "sctp.parameter_senders_last_assigned_tsn": _tsn("the last chunk that was sent before"),
    "sctp.parameter_reconfig_response_result": uint("what became of it", names=RESULTS),
    "sctp.parameter_reconfig_sid": uint("the stream that is reset"),
}  # fmt: skip

for _kind, _words in (("init", "of the side that begins"), ("initack", "of the side that answers")):
    FIELDS |= {
        f"sctp.{_kind}_initiate_tag": uint(f"the tag {_words}", digits=8, volatile=True),
        f"sctp.{_kind}_credit": uint(f"how many bytes may be sent before an acknowledgement: {_words}"),
        f"sctp.{_kind}_nr_out_streams": uint(f"streams to send on, {_words}"),
        f"sctp.{_kind}_nr_in_streams": uint(f"streams that may be sent on, {_words}"),
        f"sctp.{_kind}_initial_tsn": _tsn(f"the number of the first chunk {_words}"),
    }
