"""What Linux's connection tracking says of itself (conntrack(8)): the translator's own books, beside the packets."""

from . import FieldType, flag, label, of, text, uint

FIELDS: dict[str, FieldType] = {
    "conntrack": label("an entry in the translator's own books"),
    "conntrack.event": text(
        "NEW: a conversation begins; UPDATE: it is answered or changes; DESTROY: it is forgotten"
    ),
    "conntrack.protocol": text("the transport"),
    "conntrack.timeout": uint("for how many seconds it is kept if nothing comes"),
    "conntrack.state": text("the TCP connection's state"),
    "conntrack.unreplied": flag("no answer has been seen yet"),
    "conntrack.assured": flag("packets went both ways, so it is not dropped when the table is full"),
    "conntrack.src": of("ipv4", "who began, as the first packet had it"),
    "conntrack.dst": of("ipv4", "whom it went to, as the first packet had it"),
    "conntrack.srcport": uint("the first packet's source port", volatile=True),
    "conntrack.dstport": uint("the first packet's destination port", volatile=True),
    "conntrack.reply.src": of("ipv4", "who will answer"),
    "conntrack.reply.dst": of("ipv4", "where the answer will go: the outside address"),
    "conntrack.reply.srcport": uint("the port that the answer comes from", volatile=True),
    "conntrack.reply.dstport": uint("the port that it goes to: the mapping's outside port", volatile=True),
    "conntrack.id": uint("the entry's number", volatile=True),
}
