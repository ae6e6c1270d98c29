"""What somebody on the path read and did: evidence beside the packets, written by a program of the labs."""

from . import FieldType, flag, label, of, text, uint

FIELDS: dict[str, FieldType] = {
    "onlooker": label("what somebody on the path could read"),
    "onlooker.time": of("time", "when it was read", volatile=True),
    "onlooker.src": of("ipv4", "who sent it", volatile=True),
    "onlooker.srcport": uint("from which port", volatile=True),
    "onlooker.dst": of("ipv4", "where it was on its way to", volatile=True),
    "onlooker.dstport": uint("to which port"),
    "onlooker.what": text("where the name stood: in a DNS query or in a ClientHello"),
    "onlooker.name": text("the name that stood there in the clear"),
    "onlooker.ech": flag("whether an encrypted ClientHello came with it"),
    "onlooker.verdict": text("what was done: passed, dropped, or reset"),
}
