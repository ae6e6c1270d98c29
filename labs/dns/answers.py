"""The right answers, each worked out from a run."""

from machinelab.authoring import Event, Run

NS = 2  # RFC 1035 §3.2.2
LATER = 100  # seconds, as worksheet.md has it


def is_upstream(event: Event) -> bool:
    """Whether a packet is a question of the resolver's own: only those have RD off."""
    return event.values("dns.flags.response") == [False] and event.values("dns.flags.recdesired") == [False]


def upstream(run: Run) -> int:
    """How many questions the resolver sent to other servers, those for keys too, the priming query (RFC 9609) left aside."""
    return sum(is_upstream(event) and not primes(event) for event in run.trace.events)


def primes(event: Event) -> bool:
    """Whether a packet asks for the root servers."""
    return event.values("dns.qry.type") == [NS] and event.values("dns.qry.name") == ["<Root>"]


def walked(run: Run) -> int:
    """Those of them that are the walk down the tree."""
    return len(run.claims("ask-root") + run.claims("ask-tld") + run.claims("ask-auth"))


def ttl_of(run: Run, step: str) -> int:
    """The time to live of the first record in a step's packet, in seconds."""
    return int(run.first(step)["dns.resp.ttl"])


def aged(run: Run) -> float | frozenset[str]:
    """How many seconds are left of the record LATER seconds after the second answer; no answer where none are."""
    left = ttl_of(run, "older") - LATER
    return float(left) if left > 0 else frozenset()


def why_denied(run: Run) -> str:
    """Why the neighbour's name needed no question, or that it needed one."""
    return "d" if run.claims("check-neighbour") else "b"


def why_failed(run: Run) -> str:
    """The cause behind SERVFAIL, by the extended error (RFC 8914 §4.7, §4.8)."""
    return {6: "b", 7: "c"}.get(int(run.first("refuses-to-say")["dns.opt.ext_error.info_code"]), "a")


def why_waited(run: Run) -> str:
    """Nothing came between the two questions but time (`b`); or none passed (`d`), or the client asked again (`c`)."""
    dead, other = run.first("ask-dead"), run.first("ask-other")
    between = [event for event in run.trace.events if dead.number < event.number < other.number]
    if other.time - dead.time < 10_000_000:  # ns: as soon as any answer of this lab would have come
        return "d"
    if any(event.protocol == "ICMP" for event in between):
        return "a"
    return "c" if any(event.values("dns.flags.response") == [False] for event in between) else "b"


def refetches(run: Run) -> int:
    """How many questions the resolver sent for the expired record."""
    return len(run.claims("refetch"))


def why_not_taken(run: Run) -> str:
    """What of the forged replies did not fit the question; `e` if they were taken (RFC 5452 §9.1)."""
    question, forged = run.first("held"), run.claims("forged")
    if run.first("stub-told")["dns.a"] in {event["dns.a"] for event in forged}:
        return "e"
    if all(event["udp.dstport"] != question["udp.srcport"] for event in forged):
        return "a"
    if all(event["dns.id"] != question["dns.id"] for event in forged):
        return "b"
    return "c" if all(event["dns.qry.name"] != question["dns.qry.name"] for event in forged) else "d"


def readable(run: Run) -> frozenset[str]:
    """The first packet in which a listener can read the whole name."""
    name = run.first("ask-auth")["dns.qry.name"]
    return frozenset([event.id for event in run.trace.events if name in event.values("dns.qry.name")][:1])


def labels_told(run: Run) -> int:
    """How many labels of the name the root is told."""
    return int(run.first("own-asks-root")["dns.count.labels"])


def tcp_connections(run: Run) -> int:
    """How many TCP connections were opened: packets with SYN and without ACK (RFC 9293 §3.5)."""
    return sum(
        event.values("tcp.flags.syn") == [True] and event.values("tcp.flags.ack") == [False]
        for event in run.trace.events
    )
