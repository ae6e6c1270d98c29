"""The PROXY protocol: who a relayed connection comes from. W. Tarreau, HAProxy's doc/proxy-protocol.txt."""

from . import FieldType, label, octets, of, text, uint

COMMANDS = {0: "LOCAL", 1: "PROXY"}
FAMILIES = {0: "UNSPEC", 1: "IPV4", 2: "IPV6", 3: "UNIX"}
BOTH = {
    0x00: "UNSPEC", 0x11: "TCP OVER IPV4", 0x12: "UDP OVER IPV4", 0x21: "TCP OVER IPV6", 0x22: "UDP OVER IPV6",
    0x31: "UNIX STREAM", 0x32: "UNIX DATAGRAM",
}  # fmt: skip
TYPES = {
    0x01: "ALPN", 0x02: "AUTHORITY", 0x03: "CRC32C", 0x04: "NOOP", 0x05: "UNIQUE ID", 0x20: "SSL", 0x30: "NETNS",
}  # fmt: skip

FIELDS: dict[str, FieldType] = {
    "proxy": label("a header that says whose connection this is"),
    "proxy.version": uint("which form it has: 2 is binary"),
    "proxy.src.ipv4": of("ipv4", "who connected to the proxy"),
    "proxy.dst.ipv4": of("ipv4", "which of the proxy's addresses they connected to"),
    "proxy.src.ipv6": of("ipv6", "who connected to the proxy"),
    "proxy.dst.ipv6": of("ipv6", "which of the proxy's addresses they connected to"),
    "proxy.srcport": uint("from which port", volatile=True),
    "proxy.dstport": uint("to which port"),
    "proxy.v1.magic": label("the word PROXY: version 1 is a line of text"),
    "proxy.v1.proto": text("TCP4, TCP6 or UNKNOWN"),
    "proxy.v1.unknown": text("what stands after UNKNOWN, which nobody reads"),
    "proxy.v2.magic": octets("twelve bytes that no other protocol begins with"),
    "proxy.v2.version": uint("the version, in four bits"),
    "proxy.v2.cmd": uint(
        "PROXY: somebody else's connection; LOCAL: the proxy's own, as a health check is", names=COMMANDS
    ),
    "proxy.v2.addr_family_protocol": uint("which addresses and which transport", digits=2, names=BOTH),
    "proxy.v2.addr_family": uint("which addresses", digits=2, names=FAMILIES),
    "proxy.v2.protocol": uint("which transport: 1 is a stream, 2 are datagrams", digits=2),
    "proxy.v2.length": uint("how many bytes follow"),
    "proxy.v2.src.unix": octets("the client's socket"),
    "proxy.v2.dst.unix": octets("the proxy's socket"),
    "proxy.v2.unknown": octets("bytes that nobody can read"),
    "proxy.v2.tlv": label("something else to know of the connection"),
    "proxy.v2.tlv.type": uint("what it is", digits=2, names=TYPES),
    "proxy.v2.tlv.length": uint("how long it is"),
    "proxy.v2.tlv.value": octets("what it says", volatile=True),
    "proxy.header.length_too_small": label("the header ends before its addresses"),
    "proxy.bad_format": label("a line that is none"),
}
