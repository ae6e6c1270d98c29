"""machinelab from Python: a run, a shipped reference or any capture, each event with the guide's step and sentence.

    >>> import machinelab
    >>> run = machinelab.open("dns", "cold", reference=True)
    >>> run
    <dns cold, reference: 16 events>
    >>> [event.number for event in run.step("ask-root")]
    [4]
    >>> print(run.step("answer")[0].sentence)
    The resolver gives the stub the answer, and sets AD if all signatures were right.

What this file exports stays as it is from release to release; the rooms below it may change.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from .. import catalog
from ..errors import UsageError
from ..model import Event, Value
from ..store import references, runs

if TYPE_CHECKING:
    from dnslib import DNSRecord
    from scapy.packet import Packet
    from scapy.plist import PacketList

    from ..analysis.reading import Reading
    from ..analysis.view import EventRow, View

__all__ = ["AnnotatedEvent", "AnnotatedRun", "open"]


def open(
    what: str | PathLike[str],
    experiment: str | None = None,
    *,
    guide: str | None = None,
    keys: str | PathLike[str] | None = None,
    run: int | None = None,
    reference: bool = False,
    instance: str = "default",
) -> "AnnotatedRun":
    """A lab's newest run (else its reference), a run folder, or a capture file read against the lab that `guide` names.

    `experiment`: which one; of a capture file, as which one to read it. `run`: that run's number. `reference`: what ships with
    the lab. `keys`: TLS secrets (SSLKEYLOGFILE) of a capture file. Raises LabError, with a line for a person and a hint.

        >>> machinelab.open("dns", "clod")
        Traceback (most recent call last):
        machinelab.errors.UsageError: dns has no experiment 'clod'.
        Did you mean cold?
    """
    from ..analysis import reading

    path = Path(what)
    if guide is not None:
        lab = catalog.load_lab(guide)
        secrets = None if keys is None else Path(keys)
        return AnnotatedRun(reading.open_file(path, lab, experiment, secrets))
    if (path / runs.INFO).is_file():
        return AnnotatedRun(_of_folder(path))
    name = str(what)
    if path.suffix or path.name != name:
        raise UsageError(
            f"{name} is neither a lab nor a run folder.", 'Of a capture file say which guide: guide="dns".'
        )
    lab = catalog.load_lab(name)
    return AnnotatedRun(reading.open_lab(lab, experiment, instance=instance, run=run, shipped=reference))


def _of_folder(folder: Path) -> "Reading":
    from ..analysis import reading

    info = runs.read(folder)
    return reading.open_evidence(catalog.load_lab(info.lab), references.of_run(folder), f"run {info.id}")


@dataclass(frozen=True, slots=True)
class AnnotatedEvent:
    """One packet, or other evidence, with the step of the guide that it shows.

    `time` is in nanoseconds since the epoch, `ms` counts from the first event. `src` and `dst` are nodes where they are known,
    else addresses. `step` is the first of `steps`, empty where no step claims it; `background` names known traffic beside the
    point. `sentence` is what the guide says of it.

        >>> event = run.events[3]
        >>> event.src, event.dst, event.step, event["dns.qry.name"], event.summary
        ('resolver', 'root', 'ask-root', 'test', 'A? test  cd do')
        >>> "dns.a" in event, event.values("dns.a")
        (False, ())
    """

    number: int
    id: str
    time: int
    ms: float
    source: str
    protocol: str
    network: str
    src: str
    dst: str
    steps: tuple[str, ...]
    background: str
    sentence: str
    comment: str
    _event: Event

    @property
    def step(self) -> str:
        """The step that claims it; empty where none does."""
        return self.steps[0] if self.steps else ""

    @property
    def summary(self) -> str:
        """Its line in the packet list."""
        return self._event.content.summary()

    @property
    def frame(self) -> bytes:
        """The packet's bytes as they were on the wire; empty for evidence that is no packet."""
        return self._event.content.buffers().get("frame", b"") if self._event.source == "packets" else b""

    @property
    def fields(self) -> Mapping[str, tuple[Value, ...]]:
        """All fields by Wireshark's name, each with its values in wire order."""
        return {name: tuple(each.value for each in found) for name, found in self._event.fields.items()}

    def values(self, name: str) -> tuple[Value, ...]:
        """Every value of one field in wire order; empty where there is none."""
        return tuple(self._event.values(name))

    def __getitem__(self, name: str) -> Value:
        """The first value of one field. Raises KeyError where there is none."""
        return self._event[name]

    def __contains__(self, name: str) -> bool:
        return name in self._event

    def dns(self) -> "DNSRecord | None":
        """The DNS message that ends in this packet, over UDP or TCP; the first of several, None where there is none.

        Raises dnslib.DNSError where dnslib cannot read it.

            >>> print(run.step("answer")[0].dns().short())
            198.51.100.80
        """
        from dnslib import DNSRecord

        message = dns_message(self._event)
        return DNSRecord.parse(message) if message else None

    def scapy(self) -> "Packet":
        """The packet as Scapy dissects it, with `step` and `sentence` on it, its time and network, and the guide's comment.

        Scapy's Ethernet, IP, TCP, UDP, ICMP, ARP and DNS are loaded; of others say `scapy.main.load_layer("tls")` before.
        Raises ValueError for evidence that is no packet.

            >>> packet = run.events[3].scapy()
            >>> packet.step, packet["DNSQR"].qname
            ('ask-root', b'test.')
        """
        from .packets import packet

        if not self.frame:
            raise ValueError(f"event {self.id} is no packet")
        return packet(self._event, self.step, self.sentence, self.comment)

    def __repr__(self) -> str:
        step = f" {self.step}" if self.step else ""
        return f"<{self.id}{step}: {self.src} → {self.dst}  {self.summary}>"


class AnnotatedRun:
    """Evidence read against its guide: `events`, all of them in time order, and `packets`, those that are packets.

    >>> len(run.events), len(run.packets), run.steps[:3]
    (16, 16, ('ask-resolver', 'ask-root', 'root-refers'))
    >>> run.ok, run.missing
    (True, ())
    """

    def __init__(self, reading: "Reading") -> None:
        self._reading = reading

    @property
    def lab(self) -> str:
        """The lab whose guide it was read against."""
        return self._reading.lab.id

    @property
    def experiment(self) -> str:
        """The experiment it was read as."""
        return self._reading.experiment.id

    @property
    def origin(self) -> str:
        """Where it comes from: `run 7`, `reference`, or a file's name."""
        return self._reading.origin

    @property
    def knobs(self) -> Mapping[str, str]:
        """The knobs it was run with, all of them."""
        return dict(self._reading.run.knobs)

    @property
    def ok(self) -> bool:
        """Whether every step was seen and nothing on the wire is left unexplained."""
        return self._reading.run.alignment.ok

    @property
    def steps(self) -> tuple[str, ...]:
        """The experiment's steps that were seen, in the guide's order."""
        seen = {claim.step.id for claim in self._reading.run.alignment.claims}
        return tuple(step.id for step in self._reading.experiment.steps if step.id in seen)

    @property
    def missing(self) -> tuple[tuple[str, str], ...]:
        """What should have been seen and was not (or must not have been, and was): step, and why."""
        return tuple((each.step.id, each.reason) for each in self._reading.run.alignment.missing)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is wrong with the evidence itself: a file that breaks off."""
        return self._reading.run.trace.warnings

    @cached_property
    def _view(self) -> "View":
        return self._reading.view()

    @cached_property
    def events(self) -> tuple[AnnotatedEvent, ...]:
        """Packets and all other evidence, in time order; a packet seen on several networks stands here several times."""
        return tuple(_annotated(self._view, row) for row in self._view.rows())

    @cached_property
    def packets(self) -> tuple[AnnotatedEvent, ...]:
        """The events that are packets."""
        return tuple(event for event in self.events if event.frame)

    def __iter__(self) -> Iterator[AnnotatedEvent]:
        return iter(self.events)

    def __len__(self) -> int:
        return len(self.events)

    def step(self, id: str) -> tuple[AnnotatedEvent, ...]:
        """The events that a step claims; empty where it was not seen. Raises UsageError where the guide has no such step."""
        self._reading.select((), step=id)
        return tuple(event for event in self.events if id in event.steps)

    def select(self, expression: str) -> tuple[AnnotatedEvent, ...]:
        """The events that a Wireshark display filter lets through. Raises FilterError (a UsageError).

        >>> [event.number for event in run.select("dns.flags.response == 1 and dns.count.answers == 0")]
        [5, 7]
        """
        found = {event.id for event in self._reading.select(self._view.trace.events, expression)}
        return tuple(event for event in self.events if event.id in found)

    def scapy(self) -> "PacketList":
        """Its packets as Scapy's PacketList, each with `.step` and `.sentence`; those of other evidence are left out.

        >>> run.scapy().filter(lambda packet: packet.step == "ask-root")
        <filtered dns cold: TCP:0 UDP:1 ICMP:0 Other:0>
        """
        from .packets import AnnotatedPackets

        return AnnotatedPackets([event.scapy() for event in self.packets], f"{self.lab} {self.experiment}")

    def __repr__(self) -> str:
        return f"<{self.lab} {self.experiment}, {self.origin}: {len(self)} events>"


def _annotated(view: "View", row: "EventRow") -> AnnotatedEvent:
    from ..render.pcapng import comment

    event, steps = row.event, tuple(dict.fromkeys(step.id for step, _ in row.steps))
    said = [view.words.sentence(id) for id in (*steps, row.background) if id]
    return AnnotatedEvent(
        number=event.number,
        id=event.id,
        time=event.time,
        ms=row.ms,
        source=event.source,
        protocol=event.protocol,
        network=event.network,
        src=row.src or event.node,
        dst=row.dst,
        steps=steps,
        background=row.background,
        sentence=" ".join(filter(None, said)),
        comment=comment(view, event),
        _event=event,
    )


def dns_message(event: Event) -> bytes:
    """The bytes of the first DNS message that ends in an event, without TCP's length; empty where there is none."""
    for index, message in enumerate(event.messages):
        fields = event.content.message_fields(index)
        if "DNS" not in message.protocol.upper() or "dns.id" not in fields:
            continue
        begin = fields["dns.id"][0]
        ends = [
            each.stop
            for name, found in fields.items()
            for each in found
            if name.startswith("dns.") and each.buffer == begin.buffer
        ]
        return event.content.buffers()[begin.buffer][begin.start : max(ends)]
    return b""
