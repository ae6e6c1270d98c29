"""Where we differ from tshark on purpose: a reason each."""

import re
from collections.abc import Callable

from machinelab.fields import kafka_ours


def _once(text: str) -> str:
    """The layers of a packet without those of ASN.1, which are for us a certificate's fields; several records count once."""
    text = re.sub(r":(?:x509\w+|pkcs-1|pkix1\w+|cms)(?=:|$)", "", text)
    first, tls, rest = text.replace(":http:http", ":http").partition(":tls")
    return first + tls + re.sub(r":tls(?=:|$)", "", rest)


_HEADING = "PDML's own heading, no field"
_RESOLVED = "the reader's own name resolution, no part of the packet"
_OPINION = "an expert's opinion; what a packet means is the guide's business"
_CLOCK = "frame.time_epoch once more, in other clothes"
_ADDRESS = "commentary on the address, from a registry that changes"

# Fields that tshark has and we have not. A name that ends in a dot stands for all that begin with it.
LEFT_OUT: dict[str, str] = {
    **dict.fromkeys(("geninfo", "num", "len", "caplen", "timestamp"), _HEADING),
    **dict.fromkeys(("eth.addr_resolved", "eth.src_resolved", "eth.dst_resolved"), _RESOLVED),
    **dict.fromkeys(("ip.host", "ip.src_host", "ip.dst_host"), _RESOLVED),
    **dict.fromkeys(("ipv6.host", "ipv6.src_host", "ipv6.dst_host"), _RESOLVED),
    **dict.fromkeys(("frame.time", "frame.time_utc", "frame.time_delta_displayed"), _CLOCK),
    "frame.marked": "a mark that somebody made in Wireshark's window",
    "frame.ignored": "a mark that somebody made in Wireshark's window",
    "frame.offset_shift": "a shift that somebody made in Wireshark's window",
    **{
        f"ipv6.{end}{kind}": _ADDRESS
        for end in ("", "src_", "dst_", "addr_")
        for kind in (
            "addr_space", "space", "special_purpose", "special_purpose_source", "special_purpose_destination",
            "special_purpose_forwardable", "special_purpose_reserved", "special_purpose_global",
            "multicast_flags", "multicast_flags.reserved", "multicast_flags.embed_rp",
            "multicast_flags.network_prefix", "multicast_flags.transient", "multicast_scope",
        )
    },
    "_ws.expert": _OPINION,
    "_ws.expert.": _OPINION,
    "tcp.connection.": _OPINION,
    "ip.ttl.too_small": _OPINION,
    "_ws.malformed.expert": _OPINION,
    **dict.fromkeys(("dns.undecoded.type", "dns.extraneous", "dns.response_missing"), _OPINION),
    **dict.fromkeys(("icmp.checksum_bad", "icmp.no_resp", "icmp.resp_not_found"), _OPINION),
    **dict.fromkeys(("icmpv6.checksum_bad", "icmpv6.no_resp", "icmpv6.resp_not_found"), _OPINION),
    **dict.fromkeys(("tcp.options.sack_perm.absent", "tcp.options.sack_perm.present"), _OPINION),
    **dict.fromkeys(("tcp.options.mss.absent", "tcp.options.mss.present", "tcp.option.len.invalid"), _OPINION),
    **dict.fromkeys(
        ("tls.handshake.ja3", "tls.handshake.ja3_full", "tls.handshake.ja3s", "tls.handshake.ja3s_full", "tls.handshake.ja4",
         "tls.handshake.ja4_r"),
        "fingerprints that people have thought up: nothing in the packet, nothing in a standard",
    ),
    "tls.handshake.legacy_version": _OPINION,
    "tls.app_data_proto": "tshark's guess at what is inside, by port",
    "tls.segment.data": "tcp.segment_data under another name",
    **dict.fromkeys(
        ("arp.duplicate-address-detected", "arp.duplicate-address-frame", "arp.seconds-since-duplicate-address-frame"),
        "an opinion on earlier packets; two networks may use one address",
    ),
    **dict.fromkeys(("media", "media."), "tshark's way to a body whose type it has no name for; its bytes are http.file_data"),
    "data-text-lines": "what an HTTP body means; its bytes are http.file_data",
    **dict.fromkeys(("json.path_with_value", "json.member_with_value"), "json.path and json.member once more, hidden"),
    **dict.fromkeys(
        ("kafka.unsupported_api_version", "kafka.assumed_api_version", "kafka.unknown_api_key", "kafka.pdu_length_mismatch"),
        "what tshark itself does not know",
    ),
    **dict.fromkeys(("text",), "tshark's name for a line without a field"),
}  # fmt: skip

# Fields that we have and tshark has not.
OURS: dict[str, str] = {
    "tls.derived": "what is worked out from the key log: Wireshark works it out too, and keeps it to itself",
    **dict.fromkeys(
        ("http.cut", "json.cut", "urlencoded-form.cut"), "a body that is longer than we read: tshark reads on"
    ),
    **dict.fromkeys(("nat", "proxied", "sighting"), "what one packet or request is on several networks"),
    **dict.fromkeys(
        ("jwt", "jwk", "oauth2"), "what OAuth's messages mean: Wireshark stops at forms and JSON"
    ),
    **dict.fromkeys(
        ("conntrack", "haproxy", "log", "process", "segment", "sqlitewal", "syscall", "wal"),
        "evidence that is no packet",
    ),
}


# Kafka's own names for what Wireshark has none for, or calls kafka.offset like everything else; and what is worked out.
KAFKA_OURS = frozenset(kafka_ours.FIELDS) | {
    "kafka.batch_crc.status", "kafka.control_type", "kafka.kept.status", "kafka.metadata_record", "kafka.response_frame",
}  # fmt: skip


def is_ours(name: str) -> bool:
    """Whether a field is ours alone."""
    return name in KAFKA_OURS or any(name == own or name.startswith(f"{own}.") for own in OURS)


# A value that we show otherwise: how tshark's text is turned into ours.
_BODIES = (":data-text-lines", ":media")


def _line(text: str) -> str:
    """PDML makes one space of a line end."""
    return text.removesuffix(" ") + "\r\n"


def _protocols(text: str) -> str:
    """Without Encrypted ClientHello in an HTTPS record, and what an HTTP body is."""
    for body in _BODIES:
        text = text.replace(body, "")
    return _once(text.replace(":dns:tls", ":dns"))


VALUES: dict[str, Callable[[str], str]] = {
    "frame.protocols": _protocols,
    **dict.fromkeys(("http.request.line", "http.response.line", "http.chunked_trailer_part"), _line),
}

# Fields whose value is compared and whose place is not.
PLACES: dict[str, str] = {
    "data": "PDML gives it no place",
    "http.authbasic": "tshark gives the length of the text it decodes to",
    "ip.fragments": "tshark gives a place in a buffer that it is not in",
    "ipv6.fragments": "tshark gives a place in a buffer that it is not in",
    "tls.handshake": "of a message that was sealed, tshark gives a place in the packet that it is not in",
    "tls.handshake.fragments": "tshark gives a place in a buffer that it is not in",
    "tls.alert_message": "the same",
    "tls.handshake.key_update.request_update": "the same",
    "tls.record.content_type": "of a sealed record, tshark gives the place of the type that stands outside",
    "tcp.pdu.size": "of a message that spans segments, tshark gives a place in a buffer that it is not in",
}

# Fields of which only the presence is compared.
PRESENCE: dict[str, str] = {
    **dict.fromkeys(
        ("kafka.batch_first_timestamp", "kafka.batch_last_timestamp"),
        "tshark 4.4 takes milliseconds for something else: 1970",
    ),
    "_ws.malformed": "PDML has it twice, shown and hidden",
    "_ws.short": "PDML has it twice, shown and hidden",
    "tcp.analysis.duplicate_ack": "PDML has it twice, as a field and as an expert's opinion",
    "tls": "tshark has one for each run of records, we for each record",
}

# Single fields of packets, each with its reason: (capture, packet number, field name).
_PIPELINED = "tshark ties pipelined requests to the reply that comes next, and tells the last one's address"
_UNTIL_CLOSE = "a reply that ends with the connection: for us with the alert that says so, for tshark in the record it begins in"
# Where tshark has such a reply's fields, and where we have them.
LATER: dict[tuple[str, int], int] = {("mutual", 44): 46}
DIFFERENT: dict[tuple[str, int, str], str] = {
    **{("mutual", 46, f"tls.{name}"): _UNTIL_CLOSE for name in ("segments", "segment", "segment.count", "reassembled.length", "reassembled.data")},
    **{("mutual", number, "frame.protocols"): _UNTIL_CLOSE for number in (44, 46)},
    ("mutual", 35, "http.response_in"): _UNTIL_CLOSE,
    ("mutual", 44, "tls.reassembled_in"): _UNTIL_CLOSE,
    ("mutual", 46, "http.time"): _UNTIL_CLOSE,
    **{("tls-http", 81, name): _PIPELINED for name in ("http", "http.request.full_uri")},
    **{
        ("tls-http", 84, f"http.{name}"): _PIPELINED
        for name in ("request.full_uri", "request.uri", "request_in", "time")
    },
    **{
        ("tls-http", number, name): "bytes on HTTPS's port that are no HTTP: tshark does not show them"
        for number in (131, 134)
        for name in ("data", "data.data", "data.len", "frame.protocols")
    },
    **{("http", 59, f"http{name}"): _PIPELINED for name in ("", ".request.full_uri", ".response_in")},
    **{("http", 63, f"http.request.{name}"): _PIPELINED for name in ("full_uri", "uri")},
    **{
        ("http", number, "tcp.segment_data"): "bytes on HTTP's port that are no HTTP" for number in (103, 105)
    },
    **{
        ("http", 67, f"http.{name}"): _PIPELINED
        for name in ("request.full_uri", "request.uri", "request_in", "time")
    },
}  # fmt: skip
