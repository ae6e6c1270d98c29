"""DNS messages: header, question, the parts every record has, EDNS, and what a whole capture tells. RFC 1035 §4."""

from . import FieldType, flag, label, octets, of, text, uint

TYPES = {
    1: "A", 2: "NS", 3: "MD", 4: "MF", 5: "CNAME", 6: "SOA", 7: "MB", 8: "MG", 9: "MR", 10: "NULL", 11: "WKS",
    12: "PTR", 13: "HINFO", 14: "MINFO", 15: "MX", 16: "TXT", 17: "RP", 18: "AFSDB", 24: "SIG", 25: "KEY", 28: "AAAA",
    29: "LOC", 33: "SRV", 35: "NAPTR", 36: "KX", 37: "CERT", 39: "DNAME", 41: "OPT", 42: "APL", 43: "DS", 44: "SSHFP",
    45: "IPSECKEY", 46: "RRSIG", 47: "NSEC", 48: "DNSKEY", 49: "DHCID", 50: "NSEC3", 51: "NSEC3PARAM", 52: "TLSA",
    53: "SMIMEA", 55: "HIP", 59: "CDS", 60: "CDNSKEY", 61: "OPENPGPKEY", 62: "CSYNC", 63: "ZONEMD", 64: "SVCB",
    65: "HTTPS", 99: "SPF", 108: "EUI48", 109: "EUI64", 249: "TKEY", 250: "TSIG", 251: "IXFR", 252: "AXFR",
    253: "MAILB", 254: "MAILA", 255: "ANY", 256: "URI", 257: "CAA",
}  # fmt: skip
CLASSES = {1: "IN", 3: "CH", 4: "HS", 254: "NONE", 255: "ANY"}
OPCODES = {0: "QUERY", 1: "IQUERY", 2: "STATUS", 4: "NOTIFY", 5: "UPDATE", 6: "DSO"}
RCODES = {
    0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED", 6: "YXDOMAIN", 7: "YXRRSET",
    8: "NXRRSET", 9: "NOTAUTH", 10: "NOTZONE", 11: "DSOTYPENI", 16: "BADVERS", 17: "BADKEY", 18: "BADTIME",
    19: "BADMODE", 20: "BADNAME", 21: "BADALG", 22: "BADTRUNC", 23: "BADCOOKIE",
}  # fmt: skip
OPTIONS = {
    1: "LLQ", 2: "UL", 3: "NSID", 5: "DAU", 6: "DHU", 7: "N3U", 8: "CLIENT-SUBNET", 9: "EXPIRE", 10: "COOKIE",
    11: "TCP-KEEPALIVE", 12: "PADDING", 13: "CHAIN", 14: "KEY-TAG", 15: "EXTENDED-ERROR", 16: "CLIENT-TAG",
    17: "SERVER-TAG", 18: "REPORT-CHANNEL", 19: "ZONEVERSION",
}  # fmt: skip
# RFC 8914 §4.
EXTENDED_ERRORS = {
    0: "OTHER", 1: "UNSUPPORTED DNSKEY ALGORITHM", 2: "UNSUPPORTED DS DIGEST TYPE", 3: "STALE ANSWER",
    4: "FORGED ANSWER", 5: "DNSSEC INDETERMINATE", 6: "DNSSEC BOGUS", 7: "SIGNATURE EXPIRED",
    8: "SIGNATURE NOT YET VALID", 9: "DNSKEY MISSING", 10: "RRSIGS MISSING", 11: "NO ZONE KEY BIT SET",
    12: "NSEC MISSING", 13: "CACHED ERROR", 14: "NOT READY", 15: "BLOCKED", 16: "CENSORED", 17: "FILTERED",
    18: "PROHIBITED", 19: "STALE NXDOMAIN ANSWER", 20: "NOT AUTHORITATIVE", 21: "NOT SUPPORTED",
    22: "NO REACHABLE AUTHORITY", 23: "NETWORK ERROR", 24: "INVALID DATA", 25: "SIGNATURE EXPIRED BEFORE VALID",
    26: "TOO EARLY", 27: "UNSUPPORTED NSEC3 ITERATIONS VALUE", 28: "UNABLE TO CONFORM TO POLICY", 29: "SYNTHESIZED",
    30: "INVALID QUERY TYPE",
}  # fmt: skip

FIELDS: dict[str, FieldType] = {
    "dns": label("a DNS message"),
    "mdns": label("a multicast DNS message: asked of everyone on the link (RFC 6762)"),
    "llmnr": label("a link-local multicast name resolution message (RFC 4795)"),
    "dns.length": uint("over TCP: how many bytes the message takes (RFC 1035 §4.2.2)"),
    "dns.id": uint("the asker's number for this question; a reply must repeat it", digits=4, volatile=True),
    "dns.flags": uint("the header's sixteen bits of flags and codes, together", digits=4),
    "dns.flags.response": flag("1: this is a reply; 0: this is a question"),
    "dns.flags.opcode": uint("what is asked for: 0 is an ordinary question", names=OPCODES),
    "dns.flags.authoritative": flag("the server answers from its own zone, not from what it has heard (AA)"),
    "dns.flags.truncated": flag("the answer did not fit, so part of it is missing: ask again over TCP (TC)"),
    "dns.flags.recdesired": flag("the asker wants the whole answer fetched, not a pointer to who knows (RD)"),
    "dns.flags.conflict": flag("LLMNR: several hosts claim the name (C, RFC 4795 §2.1.1)"),
    "dns.flags.tentative": flag(
        "LLMNR: the sender has not made sure yet that the name is its own (T, RFC 4795 §2.1.1)"
    ),
    "dns.flags.recavail": flag("the server is willing to fetch answers from others (RA)"),
    "dns.flags.z": flag("a bit without a use; must be 0"),
    "dns.flags.authenticated": flag(
        "the server has checked the signatures of all that it says here (AD, RFC 4035 §3.2.3)"
    ),
    "dns.flags.ad": flag(
        "in a question: the asker would like to know whether the answer was verified (RFC 6840 §5.7)"
    ),
    "dns.flags.checkdisable": flag("the asker does not want signatures checked for it (CD, RFC 4035 §3.2.2)"),
    "dns.flags.rcode": uint(
        "how it went: 0 no error, 2 the server failed, 3 there is no such name", names=RCODES
    ),
    "dns.count.queries": uint("how many questions follow; in practice one"),
    "dns.count.answers": uint("how many records answer the question"),
    "dns.count.auth_rr": uint(
        "how many records say who is in charge: servers to ask, or proof that there is nothing"
    ),
    "dns.count.add_rr": uint("how many records were added as a help: addresses of servers, EDNS"),
    "dns.count.zones": uint("update: how many zones it is about (RFC 2136 §2.2)"),
    "dns.count.prerequisites": uint("update: how many conditions must hold first (RFC 2136 §2.2)"),
    "dns.count.updates": uint("update: how many records it adds or deletes (RFC 2136 §2.2)"),
    "dns.qry.name": text("the name asked about"),
    "dns.qry.name.len": uint("how many characters the name has when written out"),
    "dns.count.labels": uint("how many parts the name has between its dots"),
    "dns.qry.type": uint("the kind of record asked for: 1 is an IPv4 address", names=TYPES),
    "dns.qry.class": uint(
        "the class of the question: always IN, the Internet, but for servers asked about themselves",
        digits=4,
        names=CLASSES,
    ),
    "dns.qry.qu": flag("multicast DNS: the asker would like the reply to itself alone (RFC 6762 §5.4)"),
    "dns.resp.name": text("the name that a record belongs to"),
    "dns.resp.type": uint(
        "the kind of record; in NSEC and NSEC3 also each kind that the name has", names=TYPES
    ),
    "dns.resp.class": uint("the record's class: IN, the Internet", digits=4, names=CLASSES),
    "dns.resp.cache_flush": flag("multicast DNS: forget what you knew of this record (RFC 6762 §10.2)"),
    "dns.resp.ttl": uint("for how many seconds the record may be kept; in a cache it counts down"),
    "dns.resp.len": uint("how many bytes the record's own data takes"),
    "dns.rr.udp_payload_size": uint(
        "EDNS: the longest UDP message the sender takes, in bytes (RFC 6891 §6.2.3)"
    ),
    "dns.resp.ext_rcode": uint("EDNS: the upper eight bits of the response code (RFC 6891 §6.1.3)", digits=2),
    "dns.resp.edns0_version": uint("EDNS: its version, 0 so far"),
    "dns.resp.z": uint("EDNS: its flags", digits=4),
    "dns.resp.z.do": flag("EDNS: send the signatures along (DO, RFC 3225)"),
    "dns.resp.z.reserved": uint("EDNS: flags without a use yet; 0", digits=4),
    "dns.opt": label("an EDNS option"),
    "dns.opt.code": uint("which option it is: 10 cookie, 15 extended error", names=OPTIONS),
    "dns.opt.len": uint("how many bytes the option's data takes"),
    "dns.opt.data": octets("the option's data as it stands", volatile=True),
    "dns.opt.client.family": uint(
        "client subnet: 1 for IPv4, 2 for IPv6 (RFC 7871 §6)", names={1: "IPV4", 2: "IPV6"}
    ),
    "dns.opt.client.netmask": uint("client subnet: how many bits of the client's address are given away"),
    "dns.opt.client.scope": uint("client subnet: for how many bits of address the answer holds"),
    "dns.opt.client.addr": octets("client subnet: the address, of a family unknown here"),
    "dns.opt.client.addr4": of("ipv4", "client subnet: the client's network (RFC 7871 §6)"),
    "dns.opt.client.addr6": of("ipv6", "client subnet: the client's network (RFC 7871 §6)"),
    "dns.opt.cookie.client": octets(
        "the client's cookie: a forger who cannot see the question cannot know it (RFC 7873)", volatile=True
    ),
    "dns.opt.cookie.server": octets(
        "the server's cookie: proves to it that the client's address is its own (RFC 7873)", volatile=True
    ),
    "dns.opt.edns_tcp_keepalive.timeout": uint(
        "how long an idle connection stays open, in tenths of a second (RFC 7828)"
    ),
    "dns.opt.padding": octets("zeros that hide how long the message really is (RFC 7830)"),
    "dns.opt.chain.fqdn": text("the closest name whose chain of trust the asker already has (RFC 7901)"),
    "dns.opt.ext_error.info_code": uint(
        "why it went wrong, in more detail than the response code (RFC 8914 §4)", names=EXTENDED_ERRORS
    ),
    "dns.opt.ext_error.extra_text": text("the server's own words on what went wrong (RFC 8914 §2)"),
    "dns.opt.agent_domain": text("where the server asks to be told of errors (RFC 9567)"),
    "dns.opt.dau": uint("a signature algorithm that the asker understands (RFC 6975)"),
    "dns.opt.dhu": uint("a digest that the asker understands (RFC 6975)"),
    "dns.opt.n3u": uint("an NSEC3 hash that the asker understands (RFC 6975)"),
    "dns.extraneous.data": octets("bytes after the message's end that belong to nothing"),
    "dns.extraneous.length": of("int", "how many they are"),
    "dns.response_in": uint("the packet that holds the reply", volatile=True),
    "dns.response_to": uint("the packet that holds the question", volatile=True),
    "dns.time": of("duration", "how long the reply took", volatile=True),
    "dns.retransmission": flag(
        "the same message once more: the same id between the same ports, before an answer"
    ),
    "dns.retransmit_request": label("a question sent once more"),
    "dns.retransmit_response": label("a reply sent once more"),
    "dns.retransmit_request_in": uint("the packet that held the question first", volatile=True),
    "dns.retransmit_response_in": uint("the packet that held the reply first", volatile=True),
    "dns.unsolicited": flag("a reply to a question that is not in this capture"),
}
