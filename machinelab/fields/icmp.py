"""ICMP and ICMPv6: what goes wrong on the way, pings, and how IPv6 neighbours find each other. RFC 792, 4443, 4861."""

from . import FieldType, flag, label, octets, of, uint
from .ip import CHECKED

TYPES = {
    0: "ECHO REPLY", 3: "DESTINATION UNREACHABLE", 4: "SOURCE QUENCH", 5: "REDIRECT", 8: "ECHO REQUEST",
    9: "ROUTER ADVERTISEMENT", 10: "ROUTER SOLICITATION", 11: "TIME EXCEEDED", 12: "PARAMETER PROBLEM",
}  # fmt: skip
TYPES6 = {
    1: "DESTINATION UNREACHABLE", 2: "PACKET TOO BIG", 3: "TIME EXCEEDED", 4: "PARAMETER PROBLEM", 128: "ECHO REQUEST",
    129: "ECHO REPLY", 130: "MULTICAST LISTENER QUERY", 131: "MULTICAST LISTENER REPORT",
    132: "MULTICAST LISTENER DONE", 133: "ROUTER SOLICITATION", 134: "ROUTER ADVERTISEMENT",
    135: "NEIGHBOR SOLICITATION", 136: "NEIGHBOR ADVERTISEMENT", 137: "REDIRECT",
    143: "MULTICAST LISTENER REPORT V2",
}  # fmt: skip
# RFC 792, RFC 1812 §5.2.7.1; RFC 4443 §3.1.
UNREACHABLE = {
    0: "no way to that network", 1: "no such host", 2: "no such protocol", 3: "nobody listens on the port",
    4: "too big, and may not be cut up", 9: "network forbidden", 10: "host forbidden", 13: "forbidden",
}  # fmt: skip
UNREACHABLE6 = {
    0: "no way there", 1: "forbidden", 2: "beyond the source address's scope", 3: "no such host",
    4: "nobody listens on the port", 5: "source address refused", 6: "way refused",
}  # fmt: skip
OPTIONS = {
    1: "SOURCE LINK-LAYER ADDRESS", 2: "TARGET LINK-LAYER ADDRESS", 3: "PREFIX INFORMATION", 4: "REDIRECTED HEADER",
    5: "MTU", 14: "NONCE", 25: "RECURSIVE DNS SERVER",
}  # fmt: skip

FIELDS: dict[str, FieldType] = {
    "icmp": label("a message about the network itself"),
    "icmp.type": uint("what it is: 8 ping, 0 its reply, 3 not delivered, 11 too many routers", names=TYPES),
    "icmp.code": uint(
        "the exact reason; for type 3: 1 no such host, 3 nobody listens on the port, 4 too big"
    ),
    "icmp.checksum": uint("a sum over the message, to notice damage", digits=4, volatile=True),
    "icmp.checksum.status": uint("whether the sum is right: 1 it is", names=CHECKED),
    "icmp.ident": uint("which ping this belongs to", volatile=True),
    "icmp.ident_le": uint("the same, read with its bytes the other way round", volatile=True),
    "icmp.seq": uint("which of its pings"),
    "icmp.seq_le": uint("the same, read with its bytes the other way round"),
    "icmp.unused": octets("bytes without a use"),
    "icmp.length": uint("how much of the lost packet is quoted, in 4 bytes (RFC 4884)"),
    "icmp.length.original_datagram": uint("the same in bytes"),
    "icmp.mtu": uint("the longest packet that would have passed (RFC 1191)"),
    "icmp.redir_gw": of("ipv4", "the better router"),
    "icmp.pointer": uint("which byte of the packet was wrong"),
    "icmp.resp_in": uint("the frame with the reply", volatile=True),
    "icmp.resp_to": uint("the frame with the ping", volatile=True),
    "icmp.resptime": of("float", "how long the reply took, in milliseconds", volatile=True),
    "icmp.data_time": of("date", "when the ping says it was sent", volatile=True),
    "icmp.data_time_relative": of("duration", "how long after that it was seen", volatile=True),
    "icmpv6": label("a message about the network itself, for IPv6"),
    "icmpv6.type": uint(
        "what it is: 128 ping, 129 its reply, 135 who has this address, 136 the answer", names=TYPES6
    ),
    "icmpv6.code": uint("the exact reason; for type 1: 4 nobody listens on the port"),
    "icmpv6.checksum": uint("a sum over the message, to notice damage", digits=4, volatile=True),
    "icmpv6.checksum.status": uint("whether the sum is right: 1 it is", names=CHECKED),
    "icmpv6.reserved": octets("bytes without a use"),
    "icmpv6.echo.identifier": uint("which ping this belongs to", digits=4, volatile=True),
    "icmpv6.echo.sequence_number": uint("which of its pings"),
    "icmpv6.mtu": uint("the longest packet that would have passed (RFC 4443 §3.2)"),
    "icmpv6.pointer": uint("which byte of the packet was wrong"),
    "icmpv6.resp_in": uint("the frame with the reply", volatile=True),
    "icmpv6.resp_to": uint("the frame with the ping", volatile=True),
    "icmpv6.resptime": of("float", "how long the reply took, in milliseconds", volatile=True),
    "icmpv6.data_time": of("date", "when the ping says it was sent", volatile=True),
    "icmpv6.data_time_relative": of("duration", "how long after that it was seen", volatile=True),
    "icmpv6.data": octets("the rest of the message"),
    "icmpv6.nd.ns.target_address": of("ipv6", "the address asked about (RFC 4861 §4.3)"),
    "icmpv6.nd.na.flag": uint("the answer's flags together", digits=8),
    "icmpv6.nd.na.flag.r": flag("the sender is a router"),
    "icmpv6.nd.na.flag.s": flag("the sender was asked"),
    "icmpv6.nd.na.flag.o": flag("forget what you knew of this address"),
    "icmpv6.nd.na.flag.rsv": uint("flags without a use"),
    "icmpv6.nd.na.target_address": of("ipv6", "the address that the answer is about (RFC 4861 §4.4)"),
    "icmpv6.mldr.nb_mcast_records": uint("how many multicast groups the report speaks of (RFC 3810 §5.2)"),
    "icmpv6.mldr.mar": label("one group"),
    "icmpv6.mldr.mar.record_type": uint("what about it: 4, the sender now listens to it; 3, no longer"),
    "icmpv6.mldr.mar.aux_data_len": uint("0"),
    "icmpv6.mldr.mar.nb_sources": uint("how many senders are listed"),
    "icmpv6.mldr.mar.multicast_address": of("ipv6", "the group"),
    "icmpv6.opt": label("an option"),
    "icmpv6.opt.type": uint("which option", names=OPTIONS),
    "icmpv6.opt.length": uint("how long it is, in 8 bytes"),
    "icmpv6.opt.linkaddr": of("ether", "the hardware address", volatile=True),
    "icmpv6.opt.src_linkaddr": of("ether", "the sender's hardware address", volatile=True),
    "icmpv6.opt.target_linkaddr": of("ether", "the hardware address asked for", volatile=True),
    "icmpv6.opt.nonce": octets("a random number, to know one's own question again (RFC 7527)", volatile=True),
}
