"""DNS records of an event as a zone file has them, by the group that their fields stand in."""

from collections.abc import Mapping

from ..dissect.protocols.dns.zone import record
from ..model import Event, Field

OPT = 41  # EDNS: no record of any zone


def zone_lines(event: Event) -> Mapping[str, str]:
    """`dns/Answers/1` → `www.example.test. 300 A 198.51.100.80`; empty for an event without records."""
    lengths = event.fields.get("dns.resp.len", ())
    if not lengths:
        return {}
    buffers = event.content.buffers()
    begins = [(item.buffer, item.start) for item in event.fields.get("dns.id", ())]
    owners = _by_group(event, "dns.srv.service") | _by_group(event, "dns.resp.name")
    kinds, classes, ttls = (_by_group(event, f"dns.resp.{name}") for name in ("type", "class", "ttl"))
    lines: dict[str, str] = {}
    for length in lengths:
        group = length.group
        if group in lines or not {group} <= owners.keys() & kinds.keys() & classes.keys() & ttls.keys():
            continue
        begin = max(
            (at for buffer, at in begins if buffer == length.buffer and at <= length.start), default=-1
        )
        if begin < 0 or length.buffer not in buffers or kinds[group].value == OPT:
            continue
        message, start = buffers[length.buffer][begin:], length.stop - begin
        kind, cls, ttl, size = (_number(each) for each in (kinds[group], classes[group], ttls[group], length))
        lines[group] = record(message, owners[group].start - begin, kind, cls, ttl, start, start + size)
    return lines


def _by_group(event: Event, name: str) -> dict[str, Field]:
    """A field's first occurrence in each group."""
    found: dict[str, Field] = {}
    for item in event.fields.get(name, ()):
        found.setdefault(item.group, item)
    return found


def _number(item: Field) -> int:
    return item.value if isinstance(item.value, int) else 0
