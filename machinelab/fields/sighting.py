"""One packet seen several times: its way, and what translators changed on it (RFC 3022, RFC 4787). Worked out, on no wire."""

from . import FieldType, flag, label, of, text, uint

SURE = {
    0: "NO OTHER PACKET COULD BE IT",
    1: "EQUAL PACKETS, TOLD APART BY THEIR CONVERSATIONS",
    2: "EQUAL PACKETS, TOLD APART BY THE PORT THAT WAS KEPT",
}

FIELDS: dict[str, FieldType] = {
    "sighting": label("this packet was seen on several networks"),
    "sighting.path": text("the nodes on its way, from its sender to where it was last seen going"),
    "sighting.count": uint("on how many wires it was seen"),
    "sighting.sure": uint("what tells it from every other packet", names=SURE),
    "nat": label("a node changed addresses or ports in it"),
    "nat.node": text("the node that did so"),
    "nat.src.before": of("ipv4", "the source address before"),
    "nat.src.after": of("ipv4", "the source address after: what the receiver takes for the sender"),
    "nat.srcport.before": uint("the source port before", volatile=True),
    "nat.srcport.after": uint("the source port after: the mapping's outside port", volatile=True),
    "nat.dst.before": of("ipv4", "the destination address before: the mapping's outside address"),
    "nat.dst.after": of("ipv4", "the destination address after: who it is for"),
    "nat.dstport.before": uint("the destination port before: the mapping's outside port", volatile=True),
    "nat.dstport.after": uint("the destination port after", volatile=True),
    "nat.checksum.follows": flag(
        "the checksum changed by just what addresses and ports changed (RFC 1624), so the data did not"
    ),
}
