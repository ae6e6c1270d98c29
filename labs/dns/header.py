"""A DNS message's header as RFC 1035 §4.1.1 draws it, with the AD and CD bits of RFC 4035 §3.1.6 and §3.2.2."""

from machinelab.authoring import Bytes, HeaderField, Item, Picture, Run

FIELDS = (  # name, bits, and where its value stands
    ("ID", 16, ("dns.id",)),
    ("QR", 1, ("dns.flags.response",)),
    ("Opcode", 4, ("dns.flags.opcode",)),
    ("AA", 1, ("dns.flags.authoritative",)),
    ("TC", 1, ("dns.flags.truncated",)),
    ("RD", 1, ("dns.flags.recdesired",)),
    ("RA", 1, ("dns.flags.recavail",)),
    ("Z", 1, ("dns.flags.z",)),
    ("AD", 1, ("dns.flags.authenticated", "dns.flags.ad")),
    ("CD", 1, ("dns.flags.checkdisable",)),
    ("RCODE", 4, ("dns.flags.rcode",)),
    ("QDCOUNT", 16, ("dns.count.queries",)),
    ("ANCOUNT", 16, ("dns.count.answers",)),
    ("NSCOUNT", 16, ("dns.count.auth_rr",)),
    ("ARCOUNT", 16, ("dns.count.add_rr",)),
)


def header(run: Run) -> Bytes | None:
    """The header of the last reply that the stub got; None before there is one."""
    replies = [item for item in run.trace.items() if _to_stub(run, item)]
    if not replies:
        return None
    event = replies[-1].event
    said = f"packet {event.id}: {event.content.summary()}"
    fields = tuple(HeaderField(name, bits, _value(replies[-1], names)) for name, bits, names in FIELDS)
    return Bytes(said, fields, "RFC 1035 §4.1.1; AD and CD: RFC 4035 §3.1.6 and §3.2.2")


def _to_stub(run: Run, item: Item) -> bool:
    replies = "dns.id" in item.fields and item.exchange is not None and item.exchange.reply
    return replies and run.node(item.event.dst) == "stub"


def _value(item: Item, names: tuple[str, ...]) -> str:
    """A number as people read it: the id as hexadecimal, a bit as 0 or 1."""
    found = next((item.fields[name][0].value for name in names if name in item.fields), 0)
    number = found if isinstance(found, int) else 0
    return f"0x{number:04x}" if names == ("dns.id",) else str(int(number))


HEADER = Picture(
    "header",
    "The header of the answer",
    "The twelve bytes that every DNS message begins with, here of the last reply that the stub got.",
    header,
    ("cold", "warm", "nxdomain", "truncated", "cname", "dnssec", "bogus", "minimised"),
)
