"""What happened in each experiment, worked out from a run's own packets."""

from machinelab.authoring import Headline, Run, harm, listed, some


def outside(run: Run, step: str) -> str:
    """The address and port that a translator put in place of a packet's source: the last one's."""
    event = run.first(step)
    address, port = (str(event.values(f"nat.{name}.after")[-1]) for name in ("src", "srcport"))
    return f"{address}:{port}"


def stranger(run: Run) -> str:
    """What became of the stranger's packet."""
    if run.claims("stranger-enters"):
        return "the stranger's packet to that port was let in"
    return (
        "the stranger's packet to that port ended at the translator" if run.claims("stranger-knocks") else ""
    )


def outbound(run: Run) -> str:
    """The face outside, and who was let in."""
    return f"alice went out as {outside(run, 'hello')} and got her answer; {stranger(run)}".rstrip("; ")


def expiry(run: Run) -> Headline | str:
    """Whether the mapping was still there."""
    if run.claims("too-late"):
        return harm(
            "The mapping had expired: the server's call to alice was lost at the translator, until she wrote again"
        )
    run.first("in-time")
    return "The mapping was still there, and the server's call reached alice"


def stun(run: Run) -> str:
    """One outside address for all, or one for each destination."""
    one, other = outside(run, "ask-mirror"), outside(run, "ask-other")
    if one == other:
        return f"alice is {one} to both of the server's addresses: one mapping for every destination"
    return f"alice is {one} to one address and {other} to the other: a mapping for each destination"


def behaviour(run: Run) -> str:
    """The two behaviours, as the packets show them (RFC 5780 §4.3, §4.4)."""
    faces = [outside(run, step) for step in ("ask-mirror", "ask-other", "ask-third") if run.claims(step)]
    mapping = "endpoint-independent" if faces[0] == faces[1] else "address-and-port-dependent"
    if len(faces) > 2 and faces[1] == faces[2]:
        mapping = "address-dependent"
    if run.claims("afar-enters"):
        filtering = "endpoint-independent"
    else:
        filtering = "address-dependent" if run.claims("port-enters") else "address-and-port-dependent"
    return f"The translator maps {mapping} and filters {filtering}, as its answers show"


def punched(run: Run) -> str:
    """Whose checks were answered."""
    through = [who for who, step in (("alice", "bob-answers"), ("bob", "alice-answers")) if run.claims(step)]
    return listed(through)


def punch(run: Run) -> Headline | str:
    """Whether there is a way through both translators."""
    if who := punched(run):
        return f"The holes are there: {who} got through, straight from home to home, after {some(len(run.claims('knock-dies')), 'packet')} had died at a translator"
    run.first("mirror-says")
    return "No hole: every packet between the homes died at a translator"


def blocked(run: Run) -> str:
    """How many tries, and none through."""
    tries = len(run.claims("knock-dies") + run.claims("bob-knock-dies"))
    run.first("knock-dies")
    return f"Nothing got through: all {tries} packets between the homes died at the other's translator"


def carrier(run: Run) -> str:
    """How far the stranger came."""
    run.first("hello-twice")
    if run.claims("stranger-at-home"):
        where = "passed the carrier's translator and ended at the home's"
    else:
        run.first("stranger-at-carrier")
        where = "ended at the carrier's translator"
    return f"alice went out through two translators as {outside(run, 'hello-twice')}; the stranger's packet {where}"


def hairpin(run: Run) -> str:
    """Whether the neighbour reached her."""
    if run.claims("turned-back"):
        return f"anna reached alice at her outside address: nat-a turned the packet back, with {outside(run, 'turned-back')} as its source"
    run.first("not-turned")
    return "anna did not reach alice, who sits in the same room: the translator does not turn packets back"


def tcp(run: Run) -> str:
    """The connection's face outside."""
    return f"alice's connection went out as {outside(run, 'syn')}, and all its {len(run.claims('talk') + run.claims('talk-back')) + 2} packets used that one mapping"


def forward(run: Run) -> str:
    """Whether the stranger was served."""
    if run.claims("served"):
        return f"The door is open: the stranger's connection to port 7080 reached alice, and she served it with {some(len(run.claims('served')), 'packet')}"
    return f"The door is shut: {some(len(run.claims('syn-dies')), 'SYN')} of the stranger's ended at the translator"


def checks(run: Run) -> tuple[int, int]:
    """How many checks from home to home ended at a translator, and how many were answered; those by the relay do not count."""
    return len(run.claims("check-dies") + run.claims("check-private")), len(run.claims("check-answered"))


def ice(run: Run) -> str:
    """Which way was taken."""
    dead, through = checks(run)
    run.first("relayed")
    way = "straight from home to home" if run.claims("hello-direct") or through else "by the relay"
    return f"The agents reach each other {way}: of the checks between the homes {dead} died and {through} were answered"


def relay(run: Run) -> str:
    """All by the relay."""
    dead, _ = checks(run)
    run.first("into-channel")
    return f"Nothing went straight: all {some(dead, 'check')} between the homes died, and every byte between alice and bob went through the relay"
