"""Small hand-built traces for the renderers: made up, not captured. The labs' own tests render the real references."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from machinelab.analysis.view import View
from machinelab.analysis.words import Phrases
from machinelab.model import (
    Alignment,
    At,
    Claim,
    Condition,
    Event,
    Exchange,
    Experiment,
    Field,
    Fields,
    Interface,
    Item,
    Message,
    Missing,
    Near,
    Step,
    Trace,
)

T0 = 1_732_350_926_123_456_789

HOSTILE = (
    "\x1b[2J\x07\r\n\t\u202eevil\u202c\u200b\udc80\x9b31m[red]<b>|`*_ \\x41 e\u0301\u0301\u0301\u0301 漢字"
)
"""Everything a server may send to spoil a terminal, a page or a table."""

NODES = {
    "stub": (Interface("clients", "198.18.1.10", "02:42:c6:12:01:0a"),),
    "resolver": (
        Interface("clients", "198.18.1.53", "02:42:c6:12:01:35"),
        Interface("internet", "198.18.2.53", "02:42:c6:12:02:35"),
    ),
    "root": (Interface("internet", "198.18.2.1", "02:42:c6:12:02:01"),),
    "tld": (Interface("internet", "198.18.2.2", "02:42:c6:12:02:02"),),
    "auth1": (Interface("internet", "198.18.2.11", "02:42:c6:12:02:0b"),),
}

STEPS = (
    Step("ask-resolver", "stub > resolver", "dns.flags.recdesired == 1"),
    Step("ask-root", "resolver > root", "dns.flags.recdesired == 0"),
    Step("root-refers", reply_to="ask-root", sees="dns.count.answers == 0"),
    Step("ask-tld", "resolver > tld", "dns.flags.recdesired == 0"),
    Step("tld-refers", reply_to="ask-tld", sees="dns.count.answers == 0"),
    Step("ask-auth", "resolver > auth1", "dns.flags.recdesired == 0"),
    Step("auth-answers", reply_to="ask-auth", sees="dns.count.answers > 0"),
    Step("answer", reply_to="ask-resolver", sees="dns.count.answers > 0"),
    Step("no-leak", "stub > root", times=(0, 0)),
)

WORDS = Phrases(
    sentences={
        "ask-resolver": "The stub asks once and leaves the work to the resolver.",
        "ask-root": "The resolver starts at the top, telling the root only what it must know.",
        "root-refers": "The root does not know, but knows who does.",
        "ask-tld": "One level down, the same question.",
        "tld-refers": "The TLD knows who answers for the zone, and where.",
        "ask-auth": "Only the last server hears the whole name.",
        "auth-answers": "An answer from its source: the AA bit is set.",
        "answer": "The stub gets what it asked for, and nothing of the way there.",
        "no-leak": "The stub never speaks to the root itself.",
    },
    headings={"root-refers": "The referral"},
    meanings={
        ("root-refers", "dns.flags.authoritative"): "not the root's own data: a pointer, not an answer",
        ("root-refers", "dns.count.answers"): "no answer …",
        ("root-refers", "dns.count.auth_rr"): "… but one record about who to ask",
        ("", "dns.flags.recdesired"): "the wish that the other side does the walking",
    },
)


@dataclass(frozen=True)
class Told:
    """Content that says what it was told to say."""

    line: str
    all: tuple[Field, ...] = ()
    held: Mapping[str, bytes] = field(default_factory=dict)

    def fields(self) -> Fields:
        found: dict[str, list[Field]] = {}
        for item in self.all:
            found.setdefault(item.name, []).append(item)
        return found

    def message_fields(self, index: int) -> Fields:
        return self.fields()

    def buffers(self) -> Mapping[str, bytes]:
        return self.held

    def summary(self) -> str:
        return self.line


def address(node: str, network: str) -> str:
    return next(i.address for i in NODES[node] if i.network == network)


def packet(
    number: int, ms: float, hop: str, line: str, network: str = "internet", key: str = "", reply: bool = False
) -> Event:
    src, dst = (address(node, network) for node in hop.split(" > "))
    exchange = Exchange((key,), reply) if key else None
    messages = (Message("dns", exchange, (number,)),) if key else ()
    time = T0 + round(ms * 1_000_000)
    return Event(number, time, "packets", Told(line), "dns", network, src=src, dst=dst, messages=messages)


def cold_events() -> tuple[Event, ...]:
    return (
        packet(1, 0, "stub > resolver", "A? www.example.test  rd", "clients", "q"),
        packet(2, 0.4, "resolver > root", "NS? test", key="r"),
        packet(3, 0.9, "root > resolver", "1 NS, 1 glue, DS", key="r", reply=True),
        packet(4, 1.3, "resolver > tld", "NS? example.test", key="t1"),
        packet(5, 377.3, "resolver > tld", "NS? example.test", key="t2"),
        packet(6, 377.9, "tld > resolver", "2 NS, 2 glue, DS", key="t2", reply=True),
        packet(7, 378.2, "resolver > auth1", "SYN 40112 → 53"),
        packet(8, 378.6, "resolver > auth1", "A? www.example.test", key="a"),
        packet(9, 379.0, "auth1 > resolver", "A 198.18.9.80, RRSIG  aa", key="a", reply=True),
        replace(
            packet(10, 380.0, "stub > resolver", "Who has 198.18.1.53? Tell 198.18.1.10", "clients"),
            protocol="arp",
        ),
        packet(11, 381.1, "resolver > stub", "A 198.18.9.80  rd ra ad", "clients", "q", reply=True),
    )


def cold_experiment() -> Experiment:
    return Experiment("cold", "A name nobody has asked for", (At("stub", "dig {name}"),), STEPS)


def claims_of(
    events: Sequence[Event], numbers: Mapping[str, tuple[int, ...]], retries: Sequence[int] = ()
) -> tuple[Claim, ...]:
    by_number = {event.number: event for event in events}
    found = []
    for step in STEPS:
        items = tuple(
            Item(by_number[n], 0 if by_number[n].messages else -1) for n in numbers.get(step.id, ())
        )
        if items:
            again = tuple(item for item in items if item.event.number in retries)
            found.append(Claim(step, 1, items, again))
    return tuple(found)


SEEN = {
    "ask-resolver": (1,),
    "ask-root": (2,),
    "root-refers": (3,),
    "ask-tld": (4, 5),
    "tld-refers": (6,),
    "ask-auth": (8,),
    "auth-answers": (9,),
    "answer": (11,),
}


def cold(**changes: object) -> View:
    """A run in which everything happened, with one retry, one carrier and one background packet."""
    events = cold_events()
    alignment = Alignment(
        cold_experiment(), claims_of(events, SEEN, (5,)), (), {"10": "arp"}, frozenset({"7"}), (), (), {}
    )
    view = View("dns", Trace(events, NODES), alignment, WORDS, "run 7")
    return replace(view, **changes)  # type: ignore[arg-type]


def broken(**changes: object) -> View:
    """A run in which a reply is not as it should be, a packet is unexplained, and the stub spoke to the root."""
    events = (*cold_events()[:3], cold_events()[9])
    seen = {"ask-resolver": (1,), "ask-root": (2,)}
    refers, answer, leak = STEPS[2], STEPS[7], STEPS[8]
    wrong = Condition("dns.count.answers", "1", "0")
    missing = (
        Missing(
            refers,
            1,
            f"Packet 3 is the reply to ask-root (packet 2), but {wrong}.",
            Near(Item(events[2], 0), (wrong,)),
        ),
        Missing(
            answer,
            1,
            "There is no reply to packet 1.",
            Near(Item(events[2], 0), (Condition("dns.id", "0x1f2e", "0x0a0b"),)),
        ),
        Missing(leak, 1, "Packet 10 should not be there.", Near(Item(events[3], -1), ())),
    )
    alignment = Alignment(
        cold_experiment(),
        claims_of(events, seen),
        missing,
        {},
        frozenset(),
        (events[2], events[3]),
        (("ask-root", "answer"),),
        {},
    )
    return replace(View("dns", Trace(events, NODES), alignment, WORDS, "run 8"), **changes)  # type: ignore[arg-type]


def hostile(**changes: object) -> View:
    """Every text that a packet, a node or a guide can bring is as bad as can be."""
    event = Event(
        1,
        T0,
        "packets",
        Told(HOSTILE, (Field("dns.qry.name", HOSTILE),), {"frame": b"\x1b[2J", HOSTILE: b"\x9b"}),
        HOSTILE,
        HOSTILE,
        src=HOSTILE,
        dst=HOSTILE,
    )
    step = Step(HOSTILE, HOSTILE + " > " + HOSTILE)
    condition = Condition(HOSTILE, HOSTILE, HOSTILE)
    missing = Missing(replace(step, id="b" + HOSTILE), 2, HOSTILE, Near(Item(event, -1), (condition,)))
    alignment = Alignment(
        Experiment(HOSTILE, HOSTILE, (), (step,)),
        (Claim(step, 1, (Item(event, -1),)),),
        (missing,),
        {"9": HOSTILE},
        frozenset(),
        (event,),
        ((HOSTILE, HOSTILE),),
        {},
    )
    words = Phrases({HOSTILE: HOSTILE}, {HOSTILE: HOSTILE}, {(HOSTILE, "dns.qry.name"): HOSTILE})
    view = View(HOSTILE, Trace((event,), {}, (HOSTILE,)), alignment, words, HOSTILE, instance=HOSTILE)
    return replace(view, **changes)  # type: ignore[arg-type]
