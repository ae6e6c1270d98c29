"""TLS: records, alerts, and what the kit itself works out. RFC 9846, RFC 5246. Handshake messages have a file of their own."""

from . import FieldType, flag, label, octets, text, uint

# RFC 9846 §5.1, §6.
CONTENT_TYPES = {
    20: "CHANGE CIPHER SPEC", 21: "ALERT", 22: "HANDSHAKE", 23: "APPLICATION DATA", 24: "HEARTBEAT",
}  # fmt: skip
VERSIONS = {0x0300: "SSL 3.0", 0x0301: "TLS 1.0", 0x0302: "TLS 1.1", 0x0303: "TLS 1.2", 0x0304: "TLS 1.3"}
LEVELS = {1: "WARNING", 2: "FATAL"}
# The IANA registry of TLS alerts.
ALERTS = {
    0: "CLOSE NOTIFY", 10: "UNEXPECTED MESSAGE", 20: "BAD RECORD MAC", 22: "RECORD OVERFLOW", 40: "HANDSHAKE FAILURE",
    41: "NO CERTIFICATE", 42: "BAD CERTIFICATE", 43: "UNSUPPORTED CERTIFICATE", 44: "CERTIFICATE REVOKED",
    45: "CERTIFICATE EXPIRED", 46: "CERTIFICATE UNKNOWN", 47: "ILLEGAL PARAMETER", 48: "UNKNOWN CA",
    49: "ACCESS DENIED", 50: "DECODE ERROR", 51: "DECRYPT ERROR", 52: "TOO MANY CIDS REQUESTED", 70: "PROTOCOL VERSION",
    71: "INSUFFICIENT SECURITY", 80: "INTERNAL ERROR", 86: "INAPPROPRIATE FALLBACK", 90: "USER CANCELED",
    100: "NO RENEGOTIATION", 109: "MISSING EXTENSION", 110: "UNSUPPORTED EXTENSION", 111: "CERTIFICATE UNOBTAINABLE",
    112: "UNRECOGNIZED NAME", 113: "BAD CERTIFICATE STATUS RESPONSE", 114: "BAD CERTIFICATE HASH VALUE",
    115: "UNKNOWN PSK IDENTITY", 116: "CERTIFICATE REQUIRED", 120: "NO APPLICATION PROTOCOL", 121: "ECH REQUIRED",
}  # fmt: skip

FIELDS: dict[str, FieldType] = {
    "tls.malformed.buffer_too_small": label("a part of a message is longer than what holds it"),
    "tls": label("Transport Layer Security"),
    "tls.record": label("a record: what TLS cuts its stream into (RFC 9846 §5.1)"),
    "tls.record.content_type": uint("what the record holds, as far as can be told", names=CONTENT_TYPES),
    "tls.record.opaque_type": uint(
        "what an encrypted record claims to hold: always application data (RFC 9846 §5.2)",
        names=CONTENT_TYPES,
    ),
    "tls.record.version": uint(
        "a version that no one may go by any more (RFC 9846 §5.1)", digits=4, names=VERSIONS
    ),
    "tls.record.length": uint("how many bytes follow"),
    "tls.change_cipher_spec": label(
        "TLS 1.2: from here on encrypted; in 1.3 a leftover that keeps old middleboxes calm (RFC 9846 §E.4)"
    ),
    "tls.alert_message": label("an alert: how something ended, well or badly (RFC 9846 §6)"),
    "tls.alert_message.level": uint("1 a warning, 2 fatal; in 1.3 the description decides", names=LEVELS),
    "tls.alert_message.desc": uint("what is the matter", names=ALERTS),
    "tls.app_data": octets("application data, encrypted", volatile=True),
    "tls.segments": label("the records that a message of the application was put together from"),
    "tls.segment": uint("a packet with a piece of it", volatile=True),
    "tls.segment.count": uint("how many pieces there were"),
    "tls.reassembled_in": uint("the packet in which the message is whole", volatile=True),
    "tls.reassembled.length": uint("how many bytes the whole message has"),
    "tls.reassembled.data": octets("the whole message", volatile=True),
    "tls.derived.secret_name": text(
        "which secret of the key log this record is encrypted with (RFC 9846 §7.1)"
    ),
    "tls.derived.secret": octets(
        "that secret, as the key log has it or as it follows from there", secret=True
    ),
    "tls.derived.key": octets("the key worked out from that secret (RFC 9846 §7.3)", secret=True),
    "tls.derived.iv": octets(
        "the nonce of record 0, worked out from that secret (RFC 9846 §7.3)", secret=True
    ),
    "tls.derived.sequence": uint("which record under this key, from 0 (RFC 9846 §5.3)"),
    "tls.derived.nonce": octets("the nonce that opens this record", volatile=True),
    "tls.derived.ech.inner_random": octets(
        "the random by which the key log has these secrets: that of the ClientHello inside (RFC 9850 §2)",
        volatile=True,
    ),
    "tls.derived.ech.accepted": flag(
        "whether the last 8 bytes of the server's random say that it took the ClientHello inside (RFC 9849 §7.2)"
    ),
    "tls.derived.transcript_hash": octets(
        "the hash of all handshake messages before this one (RFC 9846 §4.1)", volatile=True
    ),
    "tls.derived.finished_key": octets("the key for Finished, worked out (RFC 9846 §4.5.3)", secret=True),
    "tls.derived.verify_data": octets("what Finished should hold, worked out", volatile=True),
    "tls.derived.verify_data.right": flag("whether Finished holds what it should"),
}
