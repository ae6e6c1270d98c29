"""The patterns and steps that several of the lab's experiments share."""

from machinelab.authoring import ARP, Alone, At, Background, Step, Text

AUTH = "resolver > auth1|auth2"
ASKS = "dns.flags.response == 0"
REPLIES = "dns.flags.response == 1 and dns.flags.opcode == 0 and dns.flags.rcode == 0"
# The resolver's own errands are no part of the walk: the root's servers (NS), keys (DNSKEY) and their digests (DS).
WALK = f"{ASKS} and not dns.qry.type in {{2, 43, 48}}"
REFERS = "dns.flags.authoritative == 0 and dns.count.answers == 0 and dns.resp.type == 2"
ANSWERS = "dns.flags.authoritative == 1 and dns.flags.rcode == 0 and dns.flags.truncated == 0"
TELLS = "dns.flags.recavail == 1 and dns.flags.rcode == 0 and dns.flags.truncated == 0"
DENIES = "dns.flags.rcode == 3 and dns.resp.type == 6"
FROM_STUB = f"{ASKS} and dns.flags.recdesired == 1 and not dns.resp.z.do == 1"

FORGET = At("resolver", "switch", parallel=True)
HEAR = (At("auth1", "deaf off"), At("auth2", "deaf off", parallel=True))
# One empty datagram to each, at a port where nobody listens, so that ARP is done with before the first run. Unbound takes no
# part in it, and so need not forget anything afterwards.
DATAGRAMS = (
    "import os, socket, sys; [socket.socket(2, 2).sendto(b'', (os.environ[network] + '.' + host, 9))"
    " for network, _, host in (word.partition('.') for word in sys.argv[1:])]"
)
GREET = (
    At("resolver", f'python3 -ISc "{DATAGRAMS}" INTERNET.10 INTERNET.20 INTERNET.31 INTERNET.32'),
    At("stub", f'python3 -ISc "{DATAGRAMS}" ACCESS.53', parallel=True),
    At("own", f'python3 -ISc "{DATAGRAMS}" INTERNET.10 INTERNET.20 INTERNET.31 INTERNET.32', parallel=True),
)


def name_in_test(name: str) -> Text:
    """A knob: a name that somebody in this lab can be asked for, `name` unless it is turned."""
    return Text(
        name,
        r"(?:[A-Za-z0-9_-]{1,63}\.)*[A-Za-z0-9_-]{1,63}\.(?i:test)\.?",
        "The root of this lab knows one top-level domain: a name ends in .test, like mail.example.test.",
    )


LOOK_UP = At("stub", "dig +tries=1 {name} {type}")

PRIMING = Background("priming", 'dns.qry.name == "<Root>" and dns.qry.type == 2')
# A server that was slow answers a question and its retry; by then the resolver has closed the port that it asked from first.
LATE = Background("late", "icmp.type == 3 and icmp.code == 3 and dns.flags.response == 1", "resolver > any")
NOISE = (PRIMING, ARP, LATE)

THE_SAME = ("dns.qry.name", "dns.qry.type")


def same_as(step: str) -> dict[str, str]:
    """The question of another step once more: the same name and type."""
    return dict.fromkeys(THE_SAME, step)


ASK_RESOLVER = Step(
    "ask-resolver",
    "stub > resolver",
    f"{FROM_STUB} and udp",
    alone=Alone("query", f"{ASKS} and dns.flags.opcode == 0 and dns.flags.recdesired == 1"),
)
ASK_ROOT = Step("ask-root", "resolver > root", f"{WALK} and dns.count.labels == 1")
ROOT_REFERS = Step("root-refers", reply_to="ask-root", sees=REFERS)
ASK_TLD = Step("ask-tld", "resolver > tld", f"{WALK} and dns.count.labels == 2")
TLD_REFERS = Step(
    "tld-refers",
    reply_to="ask-tld",
    sees=REFERS,
    # With addresses beside the names, from somebody who does not look things up.
    alone=Alone("referral", f"{REPLIES} and dns.flags.recavail == 0 and {REFERS} and (dns.a or dns.aaaa)"),
)
PROBE = Step("probe", AUTH, f"{WALK} and dns.qry.type == 1", times=(0, None))
PROBE_ANSWERED = Step("probe-answered", reply_to="probe", sees=ANSWERS, times=(0, None))
ASK_AUTH = Step("ask-auth", AUTH, f"{WALK} and udp")
AUTH_ANSWERS = Step(
    "auth-answers",
    reply_to="ask-auth",
    sees=ANSWERS,
    alone=Alone("zone-answer", f"{REPLIES} and {ANSWERS} and dns.count.answers > 0"),
)
FETCH_KEYS = Step(
    "fetch-keys",
    "resolver > root|tld|auth1|auth2",
    f"{ASKS} and dns.qry.type in {{43, 48}}",
    times=(1, None),
    track="keys",
)
KEYS_ARRIVE = Step("keys-arrive", reply_to="fetch-keys", sees="dns.flags.authoritative == 1", times=(1, None))
KEYS = (FETCH_KEYS, KEYS_ARRIVE)
ANSWER = Step("answer", reply_to="ask-resolver", sees=f"{TELLS} and not dns.resp.type == 5")

DOWN = (ASK_ROOT, ROOT_REFERS, ASK_TLD, TLD_REFERS)
TO_THE_END = (*DOWN, PROBE, PROBE_ANSWERED, ASK_AUTH, AUTH_ANSWERS)
