"""DTLS: records in datagrams, and TLS's handshake messages in them. RFC 6347 (1.2), RFC 9147 (1.3), RFC 5764 (media keys)."""

from dataclasses import replace

from . import FieldType, flag, label, octets, tls, tls_ech, tls_handshake, uint

CONTENT_TYPES = tls.CONTENT_TYPES | {25: "CONNECTION ID", 26: "ACK"}
# The complement of the number that TLS would have: no record of one is taken for the other's.
VERSIONS = {0xFEFF: "DTLS 1.0", 0xFEFD: "DTLS 1.2", 0xFEFC: "DTLS 1.3"}
TYPES = tls_handshake.TYPES | {3: "HELLO VERIFY REQUEST"}
# RFC 5764 §4.1.2, RFC 7714 §14.2, RFC 8723 §10.
PROFILES = {
    1: "SRTP_AES128_CM_HMAC_SHA1_80", 2: "SRTP_AES128_CM_HMAC_SHA1_32", 5: "SRTP_NULL_HMAC_SHA1_80",
    6: "SRTP_NULL_HMAC_SHA1_32", 7: "SRTP_AEAD_AES_128_GCM", 8: "SRTP_AEAD_AES_256_GCM",
}  # fmt: skip
OF_STREAMS = (
    "tls.record",
    "tls.segment",
    "tls.reassembled",
    "tls.handshake.fragment",
    "tls.handshake.reassembled",
)


def _shared() -> dict[str, FieldType]:
    """What is TLS's as well: under DTLS's name, with DTLS's numbers for the versions."""
    found: dict[str, FieldType] = {}
    for table in (tls.FIELDS, tls_handshake.FIELDS, tls_ech.FIELDS):
        for name, kind in table.items():
            if not name.startswith(OF_STREAMS):
                versions = kind.names is tls.VERSIONS
                found["d" + name] = replace(kind, names=VERSIONS) if versions else kind
    return found


FIELDS: dict[str, FieldType] = _shared() | {
    "dtls": label("Datagram Transport Layer Security"),
    "dtls.handshake.type": uint("which message", names=TYPES),
    "dtls.record": label("a record: it stands in one datagram, and one datagram may hold several (RFC 6347 §4.1)"),
    "dtls.record.content_type": uint("what the record holds", names=CONTENT_TYPES),
    "dtls.record.special_type": uint(
        "what a record of a kind that only DTLS has holds (RFC 9146 §4, RFC 9147 §7)", names=CONTENT_TYPES
    ),
    "dtls.record.version": uint("the version spoken; of a first ClientHello 1.0 or 1.2", digits=4, names=VERSIONS),
    "dtls.record.epoch": uint("which keys: 0 none yet, and one more at each change (RFC 6347 §4.1)"),
    "dtls.record.sequence_number": uint("the number of the record among those of its sender and epoch: datagrams get lost, and swapped"),
    "dtls.record.sequence_suffix": uint("the last bits of the record's number, encrypted (RFC 9147 §4.2.3)", digits=4, volatile=True),
    "dtls.record.length": uint("how many bytes follow"),
    "dtls.unified_header.bitmask": uint("the first byte of a short header (RFC 9147 §4)", digits=2),
    "dtls.unified_header.fixed": uint("001: by these bits a short header is known", digits=2),
    "dtls.unified_header.cid_present": flag("whether a connection id follows"),
    "dtls.unified_header.seq_size": flag("whether the number has 16 bits in place of 8"),
    "dtls.unified_header.length": flag("whether the length follows"),
    "dtls.unified_header.epoch_bits": uint("the last two bits of the epoch"),
    "dtls.enc_content": octets("the content of the record, encrypted", volatile=True),
    "dtls.handshake.message_seq": uint("which message of the handshake: each has a number, so that a lost one is noticed (RFC 6347 §4.2.2)"),
    "dtls.handshake.fragment_offset": uint("where in the message this part begins"),
    "dtls.handshake.fragment_length": uint("how many bytes of the message stand here"),
    "dtls.handshake.cookie_length": uint("bytes of the cookie"),
    "dtls.handshake.cookie": octets("proof that the client is where it says it is (RFC 6347 §4.2.1)", volatile=True),
    "dtls.fragments": label("the records that a handshake message was put together from"),
    "dtls.fragment": uint("a packet with a part of it", volatile=True),
    "dtls.fragment.count": uint("how many parts there were"),
    "dtls.reassembled.length": uint("how many bytes the whole message has"),
    "dtls.use_srtp.protection_profiles_length": uint("how many bytes of profiles follow"),
    "dtls.use_srtp.protection_profile": uint("a way to protect media that is offered, or the one chosen (RFC 5764 §4.1.2)", digits=4, names=PROFILES),
    "dtls.use_srtp.mki_length": uint("bytes of the master key's identifier"),
    "dtls.use_srtp.mki": octets("which master key, where there are several"),
}  # fmt: skip
