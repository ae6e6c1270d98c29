"""A run as pcapng that Wireshark opens: the guide's sentence as each packet's comment, node names, and the TLS keys.

draft-ietf-opsawg-pcapng §4: section header, interfaces, name resolution, decryption secrets, packets. Scapy's writer knows
comments, but neither names nor secrets.
"""

import ipaddress
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..analysis.view import View, label
from ..errors import UsageError
from ..model import Event
from .escape import terminal

SECTION, INTERFACE, NAMES, PACKET, SECRETS = 0x0A0D0D0A, 1, 4, 6, 10
TLS_KEYS = 0x544C534B  # "TLSK": an NSS key log
COMMENT, NAME, RESOLUTION, APPLICATION = 1, 2, 9, 4
ETHERNET = 1


def pcapng(view: View, events: Sequence[Event] | None = None, keys: bytes = b"") -> bytes:
    """The file's bytes: the packets among these events (all by default), in the order of the capture.

    Raises UsageError where a packet's time is before 1970, which pcapng has no number for.
    """
    packets = sorted(
        (
            e
            for e in (view.trace.events if events is None else events)
            if "frame" in e.content.buffers() and e.source == "packets"
        ),
        key=lambda event: event.number,
    )
    digits = _resolution(packets)
    links = {(e.network, link_type(e)): None for e in packets} or {("", 1): None}
    numbers = {network: number for number, network in enumerate(links)}
    parts = [_section(_heading(view))]
    parts += [_interface(name, link, digits) for name, link in links]
    parts += [_names(view.names)] if view.names else []
    parts += [_secrets(keys)] if keys.strip() else []
    parts += [_packet(e, numbers[e.network, link_type(e)], comment(view, e), digits) for e in packets]
    return b"".join(parts)


def _heading(view: View) -> str:
    """What the file's own comment says: lab, experiment, and what happened."""
    named = " ".join(filter(None, ("machinelab", view.lab, view.experiment.id)))
    return terminal(f"{named}: {view.happened.whole}" if view.happened else named, None)


def comment(view: View, event: Event) -> str:
    """`root-refers: The root does not know the answer, …`: what stands beside the packet everywhere else."""
    row = view.row(event)
    said = " ".join(filter(None, (view.words.sentence(step.id) for step, _ in row.steps)))
    said = said or (view.words.sentence(row.background) if row.background else "")
    named = label(row, view.several).strip("()?") if row.state != "carrier" else ""
    return terminal(": ".join(filter(None, (named, said))), None)


def link_type(event: Event) -> int:
    """The pcap link type of a packet (https://www.tcpdump.org/linktypes.html); Ethernet where its content knows of none."""
    found = getattr(event.content, "link_type", ETHERNET)
    return found if isinstance(found, int) else ETHERNET


def _resolution(packets: Iterable[Event]) -> int:
    """How many decimal places of a second the file counts in: nine, or fewer if a time would not fit into 64 bits then."""
    latest = 0
    for event in packets:
        if event.time < 0:
            raise UsageError(
                f"Packet {event.number} was seen before 1970, which a pcapng cannot say.",
                "Leave it out by --filter.",
            )
        latest = max(latest, event.time)
    return next(digits for digits in (9, 6, 3, 0) if latest // 10 ** (9 - digits) < 1 << 64)


def _block(kind: int, body: bytes) -> bytes:
    size = 12 + len(body) + (-len(body) % 4)
    return struct.pack("<II", kind, size) + _padded(body) + struct.pack("<I", size)


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 4)


def _options(pairs: Iterable[tuple[int, bytes]]) -> bytes:
    """Options, with the one that ends them; nothing where there is none."""
    made = b"".join(struct.pack("<HH", code, len(value)) + _padded(value) for code, value in pairs if value)
    return made + b"\0\0\0\0" if made else b""


def _section(comment: str) -> bytes:
    head = struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)
    return _block(
        SECTION,
        head
        + _options(
            [(COMMENT, comment.encode("utf-8", "backslashreplace")[:65535]), (APPLICATION, b"machinelab")]
        ),
    )


def _interface(name: str, link: int, digits: int) -> bytes:
    options = _options(
        [(NAME, name.encode("utf-8", "backslashreplace")[:65535]), (RESOLUTION, bytes([digits]))]
    )
    return _block(INTERFACE, struct.pack("<HHI", link, 0, 0) + options)


def _names(names: Mapping[str, str]) -> bytes:
    """§4.5: one record to an address; hardware addresses have no kind of their own in Wireshark 4.4's reader, and stay out."""
    return _block(NAMES, b"".join(_records(names)) + b"\0\0\0\0")


def _records(names: Mapping[str, str]) -> Iterator[bytes]:
    for address, name in names.items():
        try:
            packed = ipaddress.ip_address(address).packed
        except ValueError:
            continue
        value = packed + terminal(name, 200).encode("utf-8", "backslashreplace") + b"\0"
        yield struct.pack("<HH", 1 if len(packed) == 4 else 2, len(value)) + _padded(value)


def _secrets(keys: bytes) -> bytes:
    return _block(SECRETS, struct.pack("<II", TLS_KEYS, len(keys)) + keys)


def _packet(event: Event, interface: int, comment: str, digits: int) -> bytes:
    data = event.content.buffers()["frame"]
    length = int(event["frame.len"]) if "frame.len" in event else len(data)
    ticks = event.time // 10 ** (9 - digits)
    head = struct.pack("<IIIII", interface, ticks >> 32, ticks & 0xFFFFFFFF, len(data), length)
    return _block(
        PACKET,
        head + _padded(data) + _options([(COMMENT, comment.encode("utf-8", "backslashreplace")[:65535])]),
    )
