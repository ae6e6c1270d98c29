"""What tshark 4.4 says of a capture, field by field, and how that differs from what we say.

PDML gives each field's name, value (`show`), position and size, and in `showname` the bits it is made of.
"""

import io
import re
import subprocess
import tarfile
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from machinelab import fields
from machinelab.dissect.packet import Packet
from machinelab.model import Event, Field
from machinelab.sources import pcap
from tests.oracle import exemptions, judge
from tests.oracle.exemptions import Said, is_left_out, is_ours
from tests.references import keys_of

# -2: what only later packets tell (dns.response_in).
OPTIONS = " ".join(filter(None, (each.options for each in exemptions.protocols())))
SCRIPT = f"cd /tmp && tar -x && tshark -n -2 {OPTIONS} -r /tmp/capture -T pdml"
KEYS = " -o tls.keylog_file:/tmp/keys"
# What a segment means we tell for each network by itself, where tshark takes the packet a router passes on for one sent again.
# So it is asked once more, about the packets of each network alone; the frames it names are then that file's, and counted on.
ALONE = (
    "cd /tmp && tar -x && mv capture all && tshark -r /tmp/all -Y 'frame.interface_id == {0}' -w /tmp/capture && tshark -n -2 "
    + OPTIONS
    + " -r /tmp/capture -T pdml"
)
# (Of a connection that begins with a PROXY header, tshark goes on to think in the addresses that stand there: on another network.)
APART = ("tcp.analysis", "tcp.segment", "tcp.reassembled", "data", "frame.protocols", "http", "quic", "dns", "tls", "x509", "pkix", "ber", "pkcs1", "doh")  # fmt: skip
FRAMES = ("http.request_in", "http.response_in", "tcp.analysis.acks_frame", "tcp.analysis.rto_frame", "tcp.analysis.duplicate_ack_frame", "tcp.segment", "tcp.reassembled_in", "dns.response_in", "dns.response_to", "http2.response_in", "http2.request_in", "http2.body.fragment", "http2.body.reassembled.in", "quic.fragment", "quic.reassembled_in", "tls.segment", "tls.reassembled_in", "tls.handshake.fragment", "tls.handshake.reassembled_in")  # fmt: skip
INSIDE = "Decrypted ClientHello"  # a buffer of ours: tshark 4.4 opens no ClientHello inside another
BITS = re.compile(r"^([01. ]+) = ")


VALUES = {name: turn for each in exemptions.protocols() for name, turn in each.values.items()}
PLACES = {name for each in exemptions.protocols() for name in each.places}
PRESENCE = {name for each in exemptions.protocols() for name in each.presence}


def packets(capture: Path, script: str = SCRIPT) -> Iterator[dict[str, list[Said]]]:
    """Each packet's fields by name, in tshark's order."""
    with tempfile.TemporaryFile() as complaint, tempfile.TemporaryFile() as data:
        script += packed(capture, data)
        command = subprocess.Popen(
            judge.command(script), stdin=data, stdout=subprocess.PIPE, stderr=complaint
        )
        assert command.stdout is not None
        for _, element in ET.iterparse(command.stdout):
            if element.tag == "packet":
                yield _packet(element)
                element.clear()
        complaint.seek(0)
        assert command.wait() == 0, complaint.read().decode()


def packed(capture: Path, into: IO[bytes]) -> str:
    """Write the capture, and the secrets beside it, as a tar; give what tshark is told of the secrets."""
    keys = keys_of(capture)
    text = _as_tshark_reads(keys.read_text(), capture) if keys else ""
    private = re.findall("-----BEGIN .*?-----END [A-Z ]+-----\n", text, re.DOTALL)
    with tarfile.open(fileobj=into, mode="w") as tar:
        tar.add(capture, "capture")
        for name, content in [("keys", text), *((f"{n}.pem", pem) for n, pem in enumerate(private))]:
            member = tarfile.TarInfo(name)
            member.size = len(content.encode())
            tar.addfile(member, io.BytesIO(content.encode()))
    into.seek(0)
    said = [f' -o \'uat:rsa_keys:"/tmp/{n}.pem",""\'' for n in range(len(private))]
    return (KEYS if keys else "") + "".join(said) + f" {exemptions.of(capture).options}"


def _as_tshark_reads(log: str, capture: Path) -> str:
    """The key log with the outer random in the place of the inner one, by which tshark 4.4 does not look (RFC 9850 §2)."""
    outer: dict[object, str] = {}
    for event in pcap.load(capture, keys=keys_of(capture)).events:
        if "tls.ech.payload" in event:
            outer[event.stream] = str(fields.show("tls.handshake.random", event["tls.handshake.random"]))
        for inner in event.values("tls.derived.ech.inner_random"):
            assert isinstance(inner, bytes)
            log = log.replace(inner.hex(), outer[event.stream])
    return log


def _packet(packet: ET.Element) -> dict[str, list[Said]]:
    found: dict[str, list[Said]] = {}
    for element in packet.iter():
        name = element.get("name") or ""
        if element.tag != "packet" and name and name != "fake-field-wrapper":
            found.setdefault(name, []).append(_said(element))
    return found


def _said(element: ET.Element) -> Said:
    start, size = int(element.get("pos", 0)), int(element.get("size", 0))
    bits = BITS.match(element.get("showname") or "")
    mask = int(re.sub("[01]", "1", bits[1].replace(" ", "")).replace(".", "0"), 2) if bits else -1
    value = element.get("unmaskedvalue") or element.get("value") or ""
    return Said(element.get("show") or "", start, start + size, mask, value)


def differences(capture: Path) -> list[str]:
    """Every field, value, span or mask in which we and tshark differ and no reason is listed."""
    trace = pcap.load(capture, keys=keys_of(capture))
    events = {event.number: event for event in trace.events}
    apart = _apart(capture, trace.events)
    found: list[str] = []
    exempt = exemptions.of(capture)
    number, waiting = 0, dict[int, dict[str, list[Said]]]()
    for number, shown in enumerate(packets(capture), 1):
        rest = {name: v for name, v in shown.items() if number not in apart or not name.startswith(APART)}
        said = rest | apart.get(number, {}) | waiting.pop(number, {})
        if later := exempt.later.get(number):
            waiting[later] = {name: said.pop(name) for name in list(said) if name.startswith("http")}
        found += _compare(exempt, events[number], said)
    if number != len(events):
        found.append(f"tshark has {number} packets, we have {len(events)}")
    return found


def _apart(capture: Path, events: Sequence[Event]) -> dict[int, dict[str, list[Said]]]:
    """By frame number, what tshark says of each packet when it knows of its own network alone; empty if there is one network."""
    networks: dict[int, list[int]] = {}
    for event in sorted(events, key=lambda event: event.number):
        assert isinstance(event.content, Packet)
        networks.setdefault(event.content.info.frame.source.index, []).append(event.number)
    found: dict[int, dict[str, list[Said]]] = {}
    for index, numbers in networks.items() if len(networks) > 1 else ():
        for number, said in zip(numbers, packets(capture, ALONE.format(index)), strict=True):
            own = {name: values for name, values in said.items() if name.startswith(APART)}
            for name in FRAMES:
                if name in own:
                    own[name] = [item._replace(show=str(numbers[int(item.show) - 1])) for item in own[name]]
            found[number] = own
    return found


def _unsure(name: str, said: exemptions.Packet) -> bool:
    """Whether tshark itself cannot tell a field in this packet."""
    return any(each.unsure(name, said) for each in exemptions.protocols())


def _compare(exempt: exemptions.Capture, event: Event, said: exemptions.Packet) -> Iterator[str]:
    own = event.fields
    for name in sorted({*own, *said}):
        if (name not in said and is_ours(name)) or _unsure(name, said):
            continue
        if is_left_out(name):
            if name in own:
                yield f"packet {event.number}: {name} is listed as left out, but we have it"
            continue
        left, right = (
            [ours(item) for item in own.get(name, ()) if not item.buffer.startswith(INSIDE)],
            [_theirs(name, item) for item in said.get(name, ())],
        )
        # A body of a type that tshark has no dissector for, it counts in.
        if name == "http" and any(":media" in item.show for item in said.get("frame.protocols", ())):
            left, right = [item[:1] for item in left], [item[:1] for item in right]
        if name in PRESENCE:
            left, right = [("",)] * bool(left), [("",)] * bool(right)
        if name.startswith("kafka."):  # what is null has no value, and here no field
            right = [item for item in right if item[0] != "[ Null ]"]
        if name in ("kafka.message_key", "kafka.message_value", "kafka.header_value"):
            # tshark makes no difference between what is empty and what is null; of null we have no field.
            left, right = [item for item in left if item[0]], [item for item in right if item[0]]
        if left != right and (event.number, name) not in exempt.different:
            yield f"packet {event.number}: {name}: we {left}, tshark {right}"


def _place(name: str, start: int, stop: int, mask: int) -> tuple[int, int, int]:
    """Where a field stands. A mask counts from the last of its own bytes; tshark's may reach beyond them."""
    if stop <= start or name in PLACES:
        return 0, 0, 0
    while mask.bit_length() > 8 * (stop - start):
        mask >>= 8
    return start, stop, mask


def ours(item: Field) -> tuple[object, ...]:
    """A field as it is compared: what is shown, and where it stands."""
    kind = fields.registry()[item.name].kind
    shown = "" if kind == "none" else fields.show(item.name, item.value)
    return shown, *_place(item.name, item.start, item.stop, item.mask)


def _theirs(name: str, said: Said) -> tuple[object, ...]:
    kind = fields.registry()[name].kind if name in fields.registry() else "string"
    shown = {"True": "1", "False": "0"}.get(said.show, said.show) if kind == "bool" else said.show
    if kind == "none":
        shown = ""
    elif kind == "bytes":
        shown = said.show.replace(":", "")
    shown = VALUES[name](shown) if name in VALUES else shown
    return shown, *_place(name, said.start, said.stop, max(said.mask, 0))
