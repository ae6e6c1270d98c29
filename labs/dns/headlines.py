"""What happened in each experiment, worked out from a run's own packets."""

from machinelab.authoring import Event, Headline, Item, Run, harm, listed, often, some

from .answers import is_upstream, primes

NAMES = (
    "dns.a",
    "dns.aaaa",
    "dns.mx.mail_exchange",
    "dns.txt",
    "dns.srv.target",
    "dns.caa.value",
    "dns.ptr.domain_name",
)
MOST = 3  # values named
SERVFAIL, NXDOMAIN = 2, 3  # RFC 1035 §4.1.1
ERRORS = {6: "its signature is bogus", 7: "its signature has expired"}  # RFC 8914 §4.7, §4.8


def reply(run: Run, step: str) -> Item | None:
    """The message that answers a step's, whatever it says: also one that no step expects."""
    asked = run.items(step)
    if not asked or asked[0].exchange is None:
        return None
    key = asked[0].exchange.key
    return next(
        (i for i in run.trace.items() if i.exchange and i.exchange.reply and i.exchange.key == key), None
    )


def values(item: Item) -> list[str]:
    """What the records of its answer section say."""
    return [
        str(one.value)
        for name in NAMES
        for one in item.fields.get(name, ())
        if "Answers" in one.group or not one.group.count("/")
    ]


def outcome(item: Item | None) -> str:
    """What a client was told, in a few words."""
    if item is None:
        return "no answer came"
    if item.fields["dns.flags.truncated"][0].value:
        return "the answer was cut short"
    code = item.fields["dns.flags.rcode"][0].value
    if code == NXDOMAIN:
        return "there is no such name"
    if code != 0:
        error = [one.value for one in item.fields.get("dns.opt.ext_error.info_code", ())]
        why = f": {ERRORS[int(error[0])]}" if error and int(error[0]) in ERRORS else ""
        return ("SERVFAIL" if code == SERVFAIL else f"the answer was error {code!r}") + why
    found = list(dict.fromkeys(values(item)))
    more = f" and {len(found) - MOST} more" if len(found) > MOST else ""
    return f"found {listed(found[:MOST])}{more}" if found else "no record of that type"


def answered(run: Run, step: str = "ask-resolver") -> str:
    """What came of the question of a step."""
    return outcome(reply(run, step))


def upstream(run: Run) -> list[Event]:
    """The resolver's own questions, the priming query left aside."""
    return [event for event in run.trace.events if is_upstream(event) and not primes(event)]


def servers(run: Run, events: list[Event]) -> str:
    """`three servers`: how many different ones were asked."""
    return some(len({run.node(event.dst) for event in events}), "server")


def name(run: Run, step: str = "ask-resolver") -> str:
    """The name that a step asks about."""
    return str(run.items(step)[0].fields["dns.qry.name"][0].value)


def vouched(run: Run, step: str = "ask-resolver") -> str:
    """Whether the resolver says that it has checked the signatures."""
    item = reply(run, step)
    checked = item is not None and bool(item.fields["dns.flags.authenticated"][0].value)
    return "signatures checked" if checked else "nothing vouched for"


def asked(run: Run) -> str:
    """The usual case: what was found, and how many servers it took."""
    first = run.claims("ask-tld") or run.claims("ask-root")
    root_knows = " The lab's root knows only test." if not run.claims("root-refers") and first else ""
    found = answered(run)
    return f"{name(run)}: {found} after asking {servers(run, upstream(run))}.{root_knows}"


def cold(run: Run) -> str:
    """What was found, after asking how many."""
    return asked(run)


def warm(run: Run) -> str:
    """Whether the cache answered."""
    cached = not upstream(run)
    first, then = (run.text(step, "dns.resp.ttl") for step in ("from-cache", "older"))
    how = "twice from the cache, nobody else was asked" if cached else f"asking {servers(run, upstream(run))}"
    return f"{name(run)}: {answered(run)}, {how}; its TTL went from {first} s to {then} s"


def nxdomain(run: Run) -> str:
    """No such name; and whether the neighbour cost a question."""
    neighbour = name(run, "ask-neighbour")
    how = (
        "took a question of its own"
        if run.claims("check-neighbour")
        else "was denied from a signed gap in the cache"
    )
    return f"{name(run)}: {answered(run)}, with a signed proof; {neighbour} {how}"


def cname(run: Run) -> str:
    """The alias, and what it led to."""
    target = run.text("answer-both", "dns.cname")
    return f"{name(run)} is an alias of {target}: {answered(run)} after asking {servers(run, upstream(run))}"


def truncated(run: Run) -> str:
    """Cut short over UDP, and whether it came whole over TCP."""
    by_tcp = run.claims("whole-to-stub")
    then = (
        "so the stub asked by TCP and got it whole"
        if by_tcp
        else "and the stub left it at that, empty-handed"
    )
    how = "the resolver fetched it by TCP" if run.claims("whole-by-tcp") else "nobody fetched it whole"
    return f"The answer was too long for a datagram: {how}, {then}"


def dnssec(run: Run) -> str:
    """Checked, and shown."""
    keys = some(len(run.claims("root-key") + run.claims("tld-key") + run.claims("zone-key")), "zone")
    found = answered(run, "ask-signed")
    return f"{name(run, 'ask-signed')}: {found} with its signature; the keys of {keys} were fetched, {vouched(run, 'ask-signed')}"


def bogus(run: Run) -> str:
    """Refused, and what is shown when checking is off."""
    kept = answered(run, "ask-unchecked")
    return f"{name(run)}: refused with {answered(run)}; with checking off, {kept}"


def unreachable(run: Run) -> str:
    """How long the silence cost."""
    waited = (run.first("ask-other").time - run.first("ask-dead").time) / 1e6
    return f"auth1 never answered; after {waited:.0f} ms the resolver asked auth2, and {answered(run)}"


def lame(run: Run) -> str:
    """Refused by a server that does not have the zone."""
    refusals = len(run.claims("refuses") + run.claims("refuses-all") + run.claims("may-refuse"))
    return f"{name(run)}: auth1 refused {often(refusals)}, and for the stub {answered(run)}"


def minimised(run: Run) -> str:
    """What the root was told each time."""
    less, more = name(run, "ask-root"), name(run, "tell-root")
    return f"With minimisation the root was told only {less}, without it {more}; both times {answered(run)}"


def ttl(run: Run) -> str:
    """Whether the record was fetched anew."""
    if run.claims("refetch"):
        return (
            "The record ran out, and the resolver fetched it anew with one question to the zone's own server"
        )
    left = run.text("older", "dns.resp.ttl")
    return f"The record was still good for {left} s, and came from the cache"


def spoof(run: Run) -> Headline | str:
    """Whether the stub was sent where the forger wanted."""
    forged = some(len(run.claims("forged")), "forged reply", "forged replies")
    told = set(run.values("stub-told", "dns.a"))
    if told & set(run.values("forged", "dns.a")):
        return harm(
            f"The cache is poisoned: {forged}, and the stub was sent to {listed(told)}, the forger's address"
        )
    return f"The attack failed: {forged}, none taken, and the stub got the true {listed(told)}"


def dot(run: Run) -> str:
    """Nothing in clear as far as the resolver; the resolver's own questions in clear."""
    clear = [event for event in run.trace.events if "dns.qry.name" in event and run.node(event.src) == "stub"]
    seen = "in clear" if clear else "encrypted"
    return f"Between stub and resolver everything was {seen}; the resolver's {some(len(upstream(run)), 'question')} to {servers(run, upstream(run))} could be read"


def insecure(run: Run) -> str:
    """Found, and not vouched for."""
    return f"{name(run)}: {answered(run)}; the zone is provably unsigned, {vouched(run)}"


def glueless(run: Run) -> str:
    """The address of the server had to be found first."""
    return f"{name(run)}: {answered(run)}, but first the address of the zone's own server had to be looked up: {some(len(upstream(run)), 'question')} in all"


def wildcard(run: Run) -> str:
    """One proof, two names."""
    later = [event for event in upstream(run) if event.number > run.first("ask-sibling").number]
    how = "without asking anybody" if not later else f"by asking {servers(run, later)}"
    return f"{name(run, 'ask-signed')}: {answered(run, 'ask-signed')} by a wildcard; {name(run, 'ask-sibling')} was answered {how}"


def reverse(run: Run) -> str:
    """The name of an address."""
    return f"{run.knobs['address']} is {run.text('name-found', 'dns.ptr.domain_name')}; it took {some(len(upstream(run)), 'question')} to {servers(run, upstream(run))}"


def own_resolver(run: Run) -> str:
    """What the fifty lines found."""
    steps = ("own-asks-root", "own-asks-tld", "own-asks-auth")
    questions = [event for step in steps for event in run.claims(step)]
    found = outcome(reply(run, "own-asks-auth"))
    return f"Your own resolver {found} after asking {servers(run, questions)}"
