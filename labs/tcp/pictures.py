"""TCP's states as this run's first connection went through them (RFC 9293 §3.3.2), and its sender's window."""

from dataclasses import dataclass, field

from machinelab.authoring import Event, Picture, Run, Slot, SlotRow, Slots, States, Transition

STATES = (
    "CLOSED",
    "LISTEN",
    "SYN-SENT",
    "SYN-RECEIVED",
    "ESTABLISHED",
    "FIN-WAIT-1",
    "FIN-WAIT-2",
    "CLOSING",
    "TIME-WAIT",
    "CLOSE-WAIT",
    "LAST-ACK",
)
MACHINE = (
    ("CLOSED", "LISTEN", "passive open"),
    ("CLOSED", "SYN-SENT", "active open, SYN sent"),
    ("LISTEN", "SYN-RECEIVED", "SYN received, SYN ACK sent"),
    ("SYN-SENT", "SYN-RECEIVED", "SYN received, SYN ACK sent"),
    ("SYN-SENT", "ESTABLISHED", "SYN ACK received, ACK sent"),
    ("SYN-SENT", "CLOSED", "RST received, or given up"),
    ("SYN-RECEIVED", "ESTABLISHED", "ACK of the SYN received"),
    ("SYN-RECEIVED", "LISTEN", "RST received"),
    ("ESTABLISHED", "FIN-WAIT-1", "close, FIN sent"),
    ("ESTABLISHED", "CLOSE-WAIT", "FIN received, ACK sent"),
    ("ESTABLISHED", "CLOSED", "RST"),
    ("FIN-WAIT-1", "FIN-WAIT-2", "ACK of the FIN received"),
    ("FIN-WAIT-1", "CLOSING", "FIN received, ACK sent"),
    ("FIN-WAIT-1", "TIME-WAIT", "FIN and ACK received"),
    ("FIN-WAIT-2", "TIME-WAIT", "FIN received, ACK sent"),
    ("CLOSING", "TIME-WAIT", "ACK of the FIN received"),
    ("CLOSE-WAIT", "LAST-ACK", "close, FIN sent"),
    ("LAST-ACK", "CLOSED", "ACK of the FIN received"),
    ("TIME-WAIT", "CLOSED", "2 MSL have passed"),
)
MOST = 8  # rows of the window


@dataclass
class Ends:
    """The two ends of a connection: address → state, and what made each transition."""

    states: dict[str, str]
    fins: dict[str, int] = field(default_factory=dict)
    made: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def go(self, end: str, target: str, event: Event) -> None:
        """An end changes its state, if the machine has such a transition."""
        source = self.states[end]
        if any((source, target) == edge[:2] for edge in MACHINE):
            self.states[end] = target
            self.made.setdefault((source, target), []).append(event.id)

    def see(self, event: Event) -> None:
        """A packet leaves one end and, as far as is known, gets to the other."""
        src, dst = event.src, event.dst
        syn, ack, fin = (event[f"tcp.flags.{name}"] == 1 for name in ("syn", "ack", "fin"))
        if event["tcp.flags.reset"] == 1:
            for end in (src, dst):
                self.go(end, "LISTEN" if self.states[end] == "SYN-RECEIVED" else "CLOSED", event)
            return
        if syn and not ack:
            self.go(src, "SYN-SENT", event)
            self.go(dst, "SYN-RECEIVED", event)
        elif ack:
            self.go(dst, "ESTABLISHED", event) if self.states[dst].startswith("SYN-") else None
            self._acknowledged(event, fin)
        if fin and src not in self.fins:
            self.fins[src] = _number(event, "tcp.seq") + _number(event, "tcp.len") + 1
            self.go(src, "FIN-WAIT-1" if self.states[src] == "ESTABLISHED" else "LAST-ACK", event)
            received = {"ESTABLISHED": "CLOSE-WAIT", "FIN-WAIT-1": "CLOSING", "FIN-WAIT-2": "TIME-WAIT"}
            self.go(dst, received.get(self.states[dst], ""), event)

    def _acknowledged(self, event: Event, fin: bool) -> None:
        """The receiver's own FIN has arrived, if this packet says so."""
        end = event.dst
        if end in self.fins and _number(event, "tcp.ack") >= self.fins[end]:
            after = {
                "FIN-WAIT-1": "TIME-WAIT" if fin else "FIN-WAIT-2",
                "CLOSING": "TIME-WAIT",
                "LAST-ACK": "CLOSED",
            }
            self.go(end, after.get(self.states[end], ""), event)


def _number(event: Event, name: str) -> int:
    return sum(value for value in event.values(name)[:1] if isinstance(value, int))


def _connection(run: Run) -> list[Event]:
    """The packets of the connection that was opened first, each once."""
    opened = next((e for e in run.trace.events if "tcp.flags.syn" in e and e["tcp.flags.syn"] == 1), None)
    if opened is None:
        return []
    return [e for e in run.trace.events if not e.again and e.stream == opened.stream and "tcp.seq" in e]


def states(run: Run) -> States | None:
    """Both ends' ways through the machine."""
    packets = _connection(run)
    if not packets:
        return None
    client, server = packets[0].src, packets[0].dst
    ends = Ends({client: "CLOSED", server: "LISTEN"})
    for event in packets:
        ends.see(event)
    made = tuple(Transition(*edge, tuple(ends.made.get(edge[:2], ()))) for edge in MACHINE)
    return States(STATES, made, tuple((run.node(end), state) for end, state in ends.states.items()))


def window(run: Run) -> Slots | None:
    """What the opener of the connection had sent, and might have sent, at some of its segments."""
    packets = _connection(run)
    sender = packets[0].src if packets else ""
    begun = acked = room = 0
    rows: list[SlotRow] = []
    for event in packets:
        if event.src != sender:
            acked = max(acked, _number(event, "tcp.ack"))
            room = _number(event, "tcp.window_size")
            continue
        end = _number(event, "tcp.seq") + _number(event, "tcp.len")
        begun = max(begun, end)
        if _number(event, "tcp.len"):
            free = max(0, acked + room - begun)
            rows.append(
                SlotRow(
                    f"packet {event.id}",
                    (
                        Slot(f"up to {acked}"),
                        Slot(f"{begun - acked} bytes", "here"),
                        Slot(f"{free} bytes"),
                        Slot(f"from {begun + free}"),
                    ),
                )
            )
    step = max(1, -(-len(rows) // MOST))
    heads = ("acknowledged", "in flight", "may be sent", "must wait")
    return Slots(tuple(rows[::step]), heads) if rows else None


PICTURES = (
    Picture(
        "states",
        "The states of both ends",
        "TCP's state machine; what this run's first connection did is marked.",
        states,
        ("handshake", "refused", "dropped", "close", "simultaneous", "reset", "fast-open"),
    ),
    Picture(
        "window",
        "The sender's window",
        "The sender's sequence numbers, in four parts, at some of its segments.",
        window,
        ("slow-start", "zero-window", "loss", "tail-loss", "nagle"),
    ),
)
