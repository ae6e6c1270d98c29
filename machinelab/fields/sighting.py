"""One packet or request seen several times: its way, and what translators (RFC 3022, RFC 4787) and proxies (RFC 9110 §7.6) changed on
it. Worked out, on no wire."""

from . import FieldType, flag, label, of, text, uint

SURE = {
    0: "NO OTHER PACKET COULD BE IT",
    1: "EQUAL PACKETS, TOLD APART BY THEIR CONVERSATIONS",
    2: "EQUAL PACKETS, TOLD APART BY THE PORT THAT WAS KEPT",
    3: "NO OTHER REQUEST IS LIKE IT",
    4: "EQUAL REQUESTS, TOLD APART BY A HEADER THAT NO OTHER HAS",
    5: "EQUAL REQUESTS, TOLD APART BY THE CLIENT THAT THE PROXY NAMES",
    6: "EQUAL REQUESTS, TOLD APART BY THEIR ANSWERS",
    7: "EQUAL REQUESTS, AND ALL OTHERS WERE ANSWERED, NOT SENT YET OR ANOTHER CLIENT'S",
}

CERTAIN = frozenset({0, 3, 4})
"""Of these, nothing else could be it; the others are likely."""

FIELDS: dict[str, FieldType] = {
    "sighting": label("this packet, or the request or reply it ends, was seen in several places"),
    "sighting.path": text("the nodes on its way, from its sender to where it was last seen going"),
    "sighting.count": uint("on how many wires it was seen"),
    "sighting.sure": uint("what tells it from every other", names=SURE),
    "sighting.mss.before": uint("the largest segment that the sender asked for (RFC 9293 §3.7.1)"),
    "sighting.mss.after": uint("what a box on the way made of it, for a link that is narrower than it"),
    "proxied": label("a proxy took it from one connection and sent it on over another"),
    "proxied.node": text("the proxy"),
    "proxied.attempt": uint("how often the proxy had sent this request, this time included"),
    "proxied.in_vain": flag("the proxy gave this one up and sent the request again"),
    "proxied.for": uint("the packet with the request that it was sent for", volatile=True),
    "proxied.added": text("a header that the proxy put in", volatile=True),
    "proxied.removed": text("a header that the proxy left out", volatile=True),
    "proxied.rewritten": text("what the proxy wrote anew, before and after", volatile=True),
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
