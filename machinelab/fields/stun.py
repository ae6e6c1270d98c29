"""STUN and TURN: what is my address outside, and please pass this on. RFC 8489, RFC 8656, RFC 8445 §7, RFC 5780."""

from . import FieldType, flag, label, octets, of, text, uint

METHODS = {
    1: "BINDING", 3: "ALLOCATE", 4: "REFRESH", 6: "SEND", 7: "DATA", 8: "CREATE-PERMISSION", 9: "CHANNEL-BIND",
    10: "CONNECT", 11: "CONNECTION-BIND", 12: "CONNECTION-ATTEMPT",
}  # fmt: skip
CLASSES = {0x00: "REQUEST", 0x01: "INDICATION", 0x10: "SUCCESS RESPONSE", 0x11: "ERROR RESPONSE"}
ATTRIBUTES = {
    0x0001: "MAPPED-ADDRESS", 0x0003: "CHANGE-REQUEST", 0x0006: "USERNAME", 0x0008: "MESSAGE-INTEGRITY",
    0x0009: "ERROR-CODE", 0x000A: "UNKNOWN-ATTRIBUTES", 0x000C: "CHANNEL-NUMBER", 0x000D: "LIFETIME",
    0x0012: "XOR-PEER-ADDRESS", 0x0013: "DATA", 0x0014: "REALM", 0x0015: "NONCE", 0x0016: "XOR-RELAYED-ADDRESS",
    0x0018: "EVEN-PORT", 0x0019: "REQUESTED-TRANSPORT", 0x001A: "DONT-FRAGMENT", 0x0020: "XOR-MAPPED-ADDRESS",
    0x0022: "RESERVATION-TOKEN", 0x0024: "PRIORITY", 0x0025: "USE-CANDIDATE", 0x0026: "PADDING", 0x0027: "RESPONSE-PORT",
    0x8022: "SOFTWARE", 0x8023: "ALTERNATE-SERVER", 0x8028: "FINGERPRINT", 0x8029: "ICE-CONTROLLED",
    0x802A: "ICE-CONTROLLING", 0x802B: "RESPONSE-ORIGIN", 0x802C: "OTHER-ADDRESS",
}  # fmt: skip

# A message is known by its method and class together: RFC 8489 §5, RFC 8656 §17.
TYPES = {
    method | (kind & 1) << 4 | (kind & 0x10) << 4: f"{name} {word}"
    for method, name in METHODS.items()
    for kind, word in CLASSES.items()
}

FIELDS: dict[str, FieldType] = {
    "stun": label("a STUN or TURN message"),
    "stun.type": uint("what is asked or answered, in one number", digits=4, names=TYPES),
    "stun.type.class": uint("request, indication, success or error (RFC 8489 §5)", digits=4, names=CLASSES),
    "stun.type.method": uint("what it is about (RFC 8489 §5, RFC 8656 §17)", digits=4, names=METHODS),
    "stun.type.method-assignment": uint("who gives out this part of the methods' numbers", digits=4),
    "stun.length": uint("how many bytes follow the header"),
    "stun.cookie": octets("2112a442: the mark by which STUN is known among other traffic (RFC 8489 §5)"),
    "stun.id": octets("96 random bits that the answer repeats (RFC 8489 §5)", volatile=True),
    "stun.network_version": uint("which generation of STUN it is: 3 has the cookie", names={3: "RFC 8489"}),
    "stun.response-in": uint("the packet that answers this one", volatile=True),
    "stun.response-to": uint("the packet that this one answers", volatile=True),
    "stun.time": of("duration", "how long the answer took", volatile=True),
    "stun.reqduplicate": uint("the packet that asked the very same before", volatile=True),
    "stun.channel": uint("the channel that stands for a peer's address (RFC 8656 §12)", digits=4),
    "stun.attributes": label("what the message says, piece by piece"),
    "stun.attribute": uint("one piece, whole", digits=4, names=ATTRIBUTES),
    "stun.att.type": uint("which piece", digits=4, names=ATTRIBUTES),
    "stun.att.type.comprehension": uint("1: who does not know it may pass over it (RFC 8489 §14)", digits=4),
    "stun.att.type.assignment": uint("who gives out this part of the numbers", digits=4),
    "stun.att.length": uint("how many bytes it has, filling not counted"),
    "stun.att.reserved": octets("zero"),
    "stun.att.padding": uint("bytes that fill it up to a multiple of four"),
    "stun.att.family": uint("which kind of address", digits=2, names={1: "IPV4", 2: "IPV6"}),
    "stun.att.port": uint("the port", volatile=True),
    "stun.att.port-xord": octets("the port as it is sent: with the cookie's bits turned", volatile=True),
    "stun.att.ipv4": of("ipv4", "the address"),
    "stun.att.ipv4-xord": octets(
        "the address as it is sent: with the cookie's bits turned, so that no NAT finds and 'mends' it (RFC 8489 §14.2)"
    ),
    "stun.att.ipv6": of("ipv6", "the address"),
    "stun.att.ipv6-xord": octets("the address as it is sent", volatile=True),
    "stun.att.change-ip": flag("answer from your other address (RFC 5780 §7.2)"),
    "stun.att.change-port": flag("answer from your other port (RFC 5780 §7.2)"),
    "stun.att.username": text(
        "who asks; in ICE, both sides' fragments with a colon (RFC 8445 §7.2.2)", volatile=True
    ),
    "stun.att.hmac": octets("proof that the sender knows the password (RFC 8489 §14.5)", volatile=True),
    "stun.att.crc32": uint(
        "a checksum that tells STUN from other traffic (RFC 8489 §14.7)", digits=8, volatile=True
    ),
    "stun.att.crc32.status": uint("whether it is right", names={0: "BAD", 1: "GOOD"}),
    "stun.att.error.class": uint("the hundreds of the error's number"),
    "stun.att.error": uint("the rest of the error's number"),
    "stun.att.error.reason": text("the same in words"),
    "stun.att.unknown": uint("an attribute that was not understood", digits=4, names=ATTRIBUTES),
    "stun.att.realm": text("where user and password count"),
    "stun.att.nonce": text("a word that the next request has to repeat (RFC 8489 §9.2)", volatile=True),
    "stun.att.software": text("what program sent it"),
    "stun.att.channelnum": uint("the channel that is wanted", digits=4),
    "stun.att.lifetime": uint("for how many seconds the allocation is kept (RFC 8656 §3.2)"),
    "stun.att.transp": uint(
        "the transport that is wanted toward the peer", digits=2, names={17: "UDP", 6: "TCP"}
    ),
    "stun.att.even-port.reserve-next": uint("whether the next port is wanted too"),
    "stun.att.token": octets("what a reserved port is claimed with", volatile=True),
    "stun.att.priority": uint(
        "the priority of the candidate, or of the one that this check may find (RFC 8445 §5.1.2, §7.1.1)"
    ),
    "stun.att.tie-breaker": octets(
        "a random number, should both want the same role (RFC 8445 §7.3.1.1)", volatile=True
    ),
    "stun.value": octets("the attribute's bytes", volatile=True),
}
