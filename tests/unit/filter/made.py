"""A small registry of fields and one event, for the tests of filters: made by hand, no packet."""

from machinelab.fields import FieldType, flag, label, octets, of, text, uint
from machinelab.model import Field, Fields, Value

TABLE: dict[str, FieldType] = {
    "dns": label(""),
    "tcp": label(""),
    "dns.id": uint("", digits=4),
    "dns.qry.type": uint("", names={1: "A", 2: "NS", 5: "CNAME", 28: "AAAA", 48: "DNSKEY"}),
    "dns.qry.name": text(""),
    "dns.flags.recdesired": flag(""),
    "dns.a": of("ipv4", ""),
    "dns.aaaa": of("ipv6", ""),
    "dns.txt": text(""),
    "ip.src": of("ipv4", ""),
    "ip.dst": of("ipv4", ""),
    "tcp.flags": uint("", digits=4),
    "tcp.flags.syn": flag(""),
    "tcp.options": octets(""),
    "tcp.analysis.rtt": of("duration", ""),
    "eth.src": of("ether", ""),
    "frame.time_epoch": of("time", ""),
    "some.int": of("int", ""),
    "some.float": of("float", ""),
}


def event(**values: Value | list[Value]) -> Fields:
    names = {
        name.replace("__", "."): value if isinstance(value, list) else [value]
        for name, value in values.items()
    }
    return {name: [Field(name, value) for value in several] for name, several in names.items()}


QUERY = event(
    dns=True,
    dns__id=0x1234,
    dns__qry__type=1,
    dns__qry__name="www.Example.test",
    dns__flags__recdesired=True,
    dns__a=["198.18.5.1", "198.18.5.2"],
    dns__aaaa="2001:db8::1",
    dns__txt="Grüße\nx",
    ip__src="198.18.0.1",
    ip__dst="198.18.0.2",
    tcp__options=bytes.fromhex("020405b4"),
    tcp__analysis__rtt=250_000_000,
    eth__src=bytes.fromhex("001122334455"),
    frame__time_epoch=1_700_000_000_500_000_000,
    some__int=-5,
    some__float=2.5,
    tcp__flags=0x012,
)
