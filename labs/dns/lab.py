"""DNS, how names resolve: a stub, a resolver, the root, a TLD and two authoritative servers. The prose is in guides/dns.md."""

from collections.abc import Callable
from dataclasses import replace

from machinelab.authoring import (
    ARP,
    Answer,
    At,
    Background,
    Choice,
    Event,
    Experiment,
    Lab,
    Question,
    Run,
    Step,
    counted,
    packets_of,
)

AUTH = "resolver > auth1|auth2"
ASKS = "dns.flags.response == 0"
# The resolver's own errands are no part of the walk: the root's servers (NS), keys (DNSKEY) and their digests (DS).
WALK = f"{ASKS} and not dns.qry.type in {{2, 43, 48}}"
REFERS = "dns.flags.authoritative == 0 and dns.count.answers == 0 and dns.resp.type == 2"
ANSWERS = "dns.flags.authoritative == 1 and dns.flags.rcode == 0 and dns.flags.truncated == 0"
TELLS = "dns.flags.recavail == 1 and dns.flags.rcode == 0 and dns.flags.truncated == 0"
DENIES = "dns.flags.rcode == 3 and dns.resp.type == 6"
FROM_STUB = f"{ASKS} and dns.flags.recdesired == 1 and not dns.resp.z.do == 1"

FORGET = At("resolver", "switch", beside=True)
HEAR = (At("auth1", "deaf off"), At("auth2", "deaf off", beside=True))
# One empty datagram to each, at a port where nobody listens, so that ARP is done with before the first run. Unbound takes no
# part in it, and so need not forget anything afterwards.
DATAGRAMS = (
    "import os, socket, sys; [socket.socket(2, 2).sendto(b'', (os.environ[network] + '.' + host, 9))"
    " for network, _, host in (word.partition('.') for word in sys.argv[1:])]"
)
GREET = (
    At("resolver", f'python3 -ISc "{DATAGRAMS}" INTERNET.10 INTERNET.20 INTERNET.31 INTERNET.32'),
    At("stub", f'python3 -ISc "{DATAGRAMS}" ACCESS.53', beside=True),
)
LOOK_UP = At("stub", "dig +tries=1 {name} {type}")

PRIMING = Background("priming", 'dns.qry.name == "<Root>" and dns.qry.type == 2')
NOISE = (PRIMING, ARP)

ASK_RESOLVER = Step("ask-resolver", "stub > resolver", f"{FROM_STUB} and udp")
ASK_ROOT = Step("ask-root", "resolver > root", f"{WALK} and dns.count.labels == 1")
ROOT_REFERS = Step("root-refers", reply_to="ask-root", sees=REFERS)
ASK_TLD = Step("ask-tld", "resolver > tld", f"{WALK} and dns.count.labels == 2")
TLD_REFERS = Step("tld-refers", reply_to="ask-tld", sees=REFERS)
PROBE = Step("probe", AUTH, f"{WALK} and dns.qry.type == 1", times=(0, None))
PROBE_ANSWERED = Step("probe-answered", reply_to="probe", sees=ANSWERS, times=(0, None))
ASK_AUTH = Step("ask-auth", AUTH, f"{WALK} and udp")
AUTH_ANSWERS = Step("auth-answers", reply_to="ask-auth", sees=ANSWERS)
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

cold = Experiment(
    "cold",
    "A name nobody has asked for",
    reset=(*HEAR, FORGET),
    run=(LOOK_UP,),
    until="answer",
    knobs={"name": "www.example.test", "type": Choice(("A", "AAAA", "MX", "TXT", "SRV", "CAA"))},
    encloses=("ask-resolver", "answer"),
    background=NOISE,
    steps=(ASK_RESOLVER, *TO_THE_END, *KEYS, ANSWER),
)

FROM_CACHE = Step("from-cache", reply_to="ask-resolver", sees=TELLS)
ASK_LATER = Step("ask-later", "stub > resolver", FROM_STUB)
OLDER = Step("older", reply_to="ask-later", sees=TELLS)
NO_UPSTREAM = Step("no-upstream", "resolver > root|tld|auth1|auth2", ASKS, times=(0, 0))

warm = Experiment(
    "warm",
    "A name the resolver still remembers",
    reset=(*HEAR, FORGET, LOOK_UP),
    run=(LOOK_UP, At("stub", "sleep {wait}"), LOOK_UP),
    until="older",
    knobs={"name": "www.example.test", "type": Choice(("A", "AAAA")), "wait": Choice(("2", "0", "5"))},
    background=(ARP,),
    steps=(ASK_RESOLVER, FROM_CACHE, ASK_LATER, OLDER, NO_UPSTREAM),
)

DENIED = Step("denied", reply_to="ask-auth", sees=f"{DENIES} and dns.resp.type in {{47, 50}}")
NO_SUCH_NAME = Step("no-such-name", reply_to="ask-resolver", sees=DENIES)
ASK_AGAIN = Step("ask-again", "stub > resolver", FROM_STUB)
STILL_NO = Step("still-no", reply_to="ask-again", sees=DENIES)
ASK_NEIGHBOUR = Step("ask-neighbour", "stub > resolver", FROM_STUB)
CHECK_NEIGHBOUR = Step("check-neighbour", AUTH, WALK, when="aggressive == no")
NEIGHBOUR_DENIED = Step("neighbour-denied", reply_to="check-neighbour", sees=DENIES, when="aggressive == no")
NO_NEIGHBOUR = Step("no-neighbour", reply_to="ask-neighbour", sees=DENIES)

nxdomain = Experiment(
    "nxdomain",
    "A name that does not exist",
    reset=(*HEAR, At("resolver", "switch aggressive-nsec {aggressive}")),
    run=tuple(At("stub", f"dig +tries=1 {knob}") for knob in ("{name}", "{name}", "{neighbour}")),
    after=(FORGET,),
    until="no-neighbour",
    knobs={
        "name": "nosuch.example.test",
        "neighbour": "nosuch2.example.test",
        "aggressive": Choice(("yes", "no")),
    },
    background=NOISE,
    steps=(
        ASK_RESOLVER,
        *DOWN,
        ASK_AUTH,
        DENIED,
        *KEYS,
        NO_SUCH_NAME,
        ASK_AGAIN,
        STILL_NO,
        ASK_NEIGHBOUR,
        CHECK_NEIGHBOUR,
        NEIGHBOUR_DENIED,
        NO_NEIGHBOUR,
    ),
)

ASK_ALIAS = Step("ask-alias", AUTH, WALK)
ALIAS = Step("alias", reply_to="ask-alias", sees=f"{ANSWERS} and dns.resp.type == 5")
BACK_TO_TLD = Step("back-to-tld", "resolver > tld", f"{WALK} and dns.count.labels == 2")
TLD_REFERS_AGAIN = Step("tld-refers-again", reply_to="back-to-tld", sees=REFERS)
ASK_TARGET = Step("ask-target", "resolver > auth2", WALK)
TARGET_ANSWERS = Step("target-answers", reply_to="ask-target", sees=ANSWERS)
ANSWER_BOTH = Step("answer-both", reply_to="ask-resolver", sees=f"{TELLS} and dns.resp.type == 5")

cname = Experiment(
    "cname",
    "A name that stands for another, on another server",
    reset=(*HEAR, FORGET),
    run=(LOOK_UP,),
    until="answer-both",
    knobs={"name": Choice(("www.shop.test", "shop.example.test")), "type": Choice(("A", "AAAA"))},
    encloses=("ask-resolver", "answer-both"),
    background=NOISE,
    steps=(
        ASK_RESOLVER,
        *DOWN,
        ASK_ALIAS,
        ALIAS,
        BACK_TO_TLD,
        TLD_REFERS_AGAIN,
        PROBE,
        PROBE_ANSWERED,
        ASK_TARGET,
        TARGET_ANSWERS,
        *KEYS,
        ANSWER_BOTH,
    ),
)

CUT_SHORT = Step("cut-short", reply_to="ask-auth", sees="dns.flags.truncated == 1")
ASK_BY_TCP = Step("ask-by-tcp", AUTH, f"{WALK} and tcp")
WHOLE_BY_TCP = Step("whole-by-tcp", reply_to="ask-by-tcp", sees=ANSWERS)
CUT_FOR_STUB = Step("cut-for-stub", reply_to="ask-resolver", sees="dns.flags.truncated == 1")
STUB_BY_TCP = Step("stub-by-tcp", "stub > resolver", f"{FROM_STUB} and tcp", when='dig == "+noignore"')
WHOLE_TO_STUB = Step("whole-to-stub", reply_to="stub-by-tcp", sees=TELLS, when='dig == "+noignore"')

truncated = Experiment(
    "truncated",
    "An answer too long for a datagram",
    reset=(*HEAR, FORGET),
    run=(At("stub", "dig +tries=1 {dig} big.example.test TXT"),),
    knobs={"dig": Choice(("+noignore", "+ignore"))},
    background=NOISE,
    steps=(
        ASK_RESOLVER,
        *DOWN,
        PROBE,
        PROBE_ANSWERED,
        ASK_AUTH,
        CUT_SHORT,
        ASK_BY_TCP,
        WHOLE_BY_TCP,
        *KEYS,
        CUT_FOR_STUB,
        STUB_BY_TCP,
        WHOLE_TO_STUB,
    ),
)

ASK_SIGNED = Step("ask-signed", "stub > resolver", f"{ASKS} and dns.resp.z.do == 1")
SIGNED = Step("signed", reply_to="ask-auth", sees=f"{ANSWERS} and dns.resp.type == 46")
KEY_ASKED = f"{ASKS} and dns.qry.type == 48"
KEY_GIVEN = "dns.flags.authoritative == 1 and dns.resp.type == 48"
ROOT_KEY = Step("root-key", "resolver > root", KEY_ASKED, track="keys")
ROOT_KEY_GIVEN = Step("root-key-given", reply_to="root-key", sees=KEY_GIVEN)
TLD_KEY = Step("tld-key", "resolver > tld", KEY_ASKED, track="keys")
TLD_KEY_GIVEN = Step("tld-key-given", reply_to="tld-key", sees=KEY_GIVEN)
ZONE_KEY = Step("zone-key", AUTH, KEY_ASKED, track="keys")
ZONE_KEY_GIVEN = Step("zone-key-given", reply_to="zone-key", sees=KEY_GIVEN)
SIGNED_ANSWER = Step("signed-answer", reply_to="ask-signed", sees=f"{TELLS} and dns.resp.type == 46")

dnssec = Experiment(
    "dnssec",
    "The signatures, and the chain of keys behind them",
    reset=(*HEAR, FORGET),
    run=(At("stub", "dig +tries=1 +dnssec {checking} {name} {type}"),),
    until="signed-answer",
    knobs={
        "name": "www.example.test",
        "type": Choice(("A", "AAAA")),
        "checking": Choice(("+nocd", "+cd")),
    },
    encloses=("ask-signed", "signed-answer"),
    background=NOISE,
    steps=(
        ASK_SIGNED,
        *DOWN,
        PROBE,
        PROBE_ANSWERED,
        ASK_AUTH,
        SIGNED,
        ROOT_KEY,
        ROOT_KEY_GIVEN,
        TLD_KEY,
        TLD_KEY_GIVEN,
        ZONE_KEY,
        ZONE_KEY_GIVEN,
        SIGNED_ANSWER,
    ),
)

BAD_DATA = 'name != "www.expired.test"'
FAILS = "dns.flags.rcode == 2 and dns.opt.ext_error.info_code in {6, 7}"
ONCE_MORE = Step("once-more", AUTH, WALK, times=(1, None), when=BAD_DATA)
SAME_AGAIN = Step("same-again", reply_to="once-more", sees=ANSWERS, times=(1, None), when=BAD_DATA)
REFUSES_TO_SAY = Step("refuses-to-say", reply_to="ask-resolver", sees=FAILS)
STILL_BOGUS = Step("still-bogus", reply_to="ask-again", sees=FAILS)
ASK_UNCHECKED = Step("ask-unchecked", "stub > resolver", f"{FROM_STUB} and dns.flags.checkdisable == 1")
UNCHECKED = Step("unchecked", reply_to="ask-unchecked", sees=f"{TELLS} and dns.flags.checkdisable == 1")

bogus = Experiment(
    "bogus",
    "An answer that does not match its signature",
    reset=(*HEAR, FORGET),
    run=(*2 * (At("stub", "dig +tries=1 {name}"),), At("stub", "dig +tries=1 +cd {name}")),
    until="unchecked",
    knobs={"name": Choice(("www.bogus.test", "www.expired.test"))},
    background=NOISE,
    steps=(
        ASK_RESOLVER,
        *DOWN,
        ASK_AUTH,
        AUTH_ANSWERS,
        ONCE_MORE,
        SAME_AGAIN,
        *KEYS,
        REFUSES_TO_SAY,
        ASK_AGAIN,
        STILL_BOGUS,
        ASK_UNCHECKED,
        UNCHECKED,
    ),
)

ASK_DEAD = Step("ask-dead", "resolver > auth1", WALK)
ASK_OTHER = Step("ask-other", "resolver > auth2", WALK)
OTHER_ANSWERS = Step("other-answers", reply_to="ask-other", sees=ANSWERS)
SILENCE = Step("silence", "auth1 > resolver", "dns", times=(0, 0))
IN_EARNEST = Step("in-earnest", "resolver > auth2", WALK, when="minimise == yes")
EARNEST_ANSWER = Step("earnest-answer", reply_to="in-earnest", sees=ANSWERS, when="minimise == yes")

unreachable = Experiment(
    "unreachable",
    "A server that does not answer, and the one beside it that does",
    # auth1 is made known and liked first, then falls silent: else chance decides whether it is asked at all.
    reset=(
        *HEAR,
        At("auth2", "deaf on"),
        At("resolver", "switch qname-minimisation {minimise} fast-server-permil 1000 fast-server-num 1"),
        At("stub", "dig +tries=1 mail.example.test"),
        # Measured once or twice, not oftener: the better auth1 is known, the sooner Unbound would try it a second time.
        At("resolver", "forget auth1"),
        At("stub", "dig +tries=1 short.example.test"),
        At("auth2", "deaf off"),
        At("auth1", "deaf on"),
        At("resolver", "forget auth2"),
    ),
    run=(At("stub", "dig +tries=1 {name}"),),
    after=(*HEAR, FORGET),
    until="answer",
    knobs={"name": "www.example.test", "minimise": Choice(("yes", "no"))},
    encloses=("ask-resolver", "answer"),
    background=(ARP,),
    steps=(ASK_RESOLVER, ASK_DEAD, ASK_OTHER, OTHER_ANSWERS, IN_EARNEST, EARNEST_ANSWER, ANSWER, SILENCE),
)

LAME, HALF = 'name != "www.halflame.test"', 'name == "www.halflame.test"'
REFUSAL = "dns.flags.rcode == 5"
ASK_LAME = Step("ask-lame", "resolver > auth1", WALK, times=(1, None), when=LAME)
REFUSES = Step("refuses", reply_to="ask-lame", sees=REFUSAL, times=(1, None), when=LAME)
BACK_TO_TLD_LAME = Step("back-to-tld", "resolver > tld", f"{WALK} and dns.count.labels == 2", when=LAME)
TLD_REPEATS = Step("tld-refers-again", reply_to="back-to-tld", sees=REFERS, when=LAME)
ASK_ADDRESS = Step("ask-address", "resolver > auth1", WALK, times=(1, None), when=LAME)
REFUSES_ALL = Step("refuses-all", reply_to="ask-address", sees=REFUSAL, times=(1, None), when=LAME)
MAY_ASK_LAME = Step("may-ask-lame", "resolver > auth1", WALK, times=(0, None), when=HALF)
MAY_REFUSE = Step("may-refuse", reply_to="may-ask-lame", sees=REFUSAL, times=(0, None), when=HALF)
ASK_SOUND = Step("ask-sound", "resolver > auth2", WALK, times=(1, 2), when=HALF)
SOUND_ANSWERS = Step("sound-answers", reply_to="ask-sound", sees=ANSWERS, times=(1, 2), when=HALF)
HALF_KEYS = tuple(replace(step, when=HALF) for step in KEYS)
GIVES_UP = Step("gives-up", reply_to="ask-resolver", sees="dns.flags.rcode == 2", when=LAME)
FOUND_ONE = Step("answer", reply_to="ask-resolver", sees=TELLS, when=HALF)

lame = Experiment(
    "lame",
    "A server that was never told it has the zone",
    reset=(*HEAR, FORGET),
    run=(At("stub", "dig +tries=1 {name}"),),
    knobs={"name": Choice(("www.lame.test", "www.halflame.test"))},
    background=NOISE,
    steps=(
        ASK_RESOLVER,
        *DOWN,
        ASK_LAME,
        REFUSES,
        BACK_TO_TLD_LAME,
        TLD_REPEATS,
        ASK_ADDRESS,
        REFUSES_ALL,
        MAY_ASK_LAME,
        MAY_REFUSE,
        ASK_SOUND,
        SOUND_ANSWERS,
        *HALF_KEYS,
        GIVES_UP,
        FOUND_ONE,
    ),
)

ASK_WHOLE = Step("ask-whole", "stub > resolver", FROM_STUB)
TELL_ROOT = Step("tell-root", "resolver > root", f"{WALK} and dns.count.labels > 1")
ROOT_REFERS_WHOLE = Step("root-refers-whole", reply_to="tell-root", sees=REFERS)
TELL_TLD = Step("tell-tld", "resolver > tld", f"{WALK} and dns.count.labels > 2")
TLD_REFERS_WHOLE = Step("tld-refers-whole", reply_to="tell-tld", sees=REFERS)
TELL_AUTH = Step("tell-auth", AUTH, WALK)
WHOLE_ANSWERED = Step("whole-answered", reply_to="tell-auth", sees=ANSWERS)
ANSWER_WHOLE = Step("answer-whole", reply_to="ask-whole", sees=TELLS)

minimised = Experiment(
    "minimised",
    "What each server learns of your question, with minimisation and without",
    reset=(*HEAR, FORGET),
    run=(LOOK_UP, At("resolver", "switch qname-minimisation no"), LOOK_UP),
    after=(FORGET,),
    until="answer-whole",
    knobs={"name": Choice(("www.example.test", "x.y.wild.example.test")), "type": Choice(("A", "AAAA"))},
    background=NOISE,
    steps=(
        ASK_RESOLVER,
        *TO_THE_END,
        *KEYS,
        ANSWER,
        ASK_WHOLE,
        TELL_ROOT,
        ROOT_REFERS_WHOLE,
        TELL_TLD,
        TLD_REFERS_WHOLE,
        TELL_AUTH,
        WHOLE_ANSWERED,
        ANSWER_WHOLE,
    ),
)

EXPIRED = "wait != 1"
REFETCH = Step("refetch", AUTH, WALK, when=EXPIRED)
REFETCHED = Step("refetched", reply_to="refetch", sees=ANSWERS, when=EXPIRED)
NO_WALK = Step("no-walk", "resolver > root|tld", ASKS, times=(0, 0))
FRESH = Step("fresh", reply_to="ask-later", sees=TELLS, when=EXPIRED)
STILL_KEPT = replace(OLDER, when="wait == 1")

ttl = Experiment(
    "ttl",
    "A record whose time runs out",
    reset=(*HEAR, FORGET, At("stub", "dig +tries=1 short.example.test")),
    run=(
        At("stub", "dig +tries=1 short.example.test"),
        At("stub", "sleep {wait}"),
        At("stub", "dig +tries=1 short.example.test"),
    ),
    knobs={"wait": Choice(("4", "1"))},
    background=(ARP,),
    steps=(ASK_RESOLVER, FROM_CACHE, ASK_LATER, REFETCH, REFETCHED, FRESH, STILL_KEPT, NO_WALK),
)

TAKEN = "port == seen and id == seen and caps == no and name == www.plain.test"
HELD_UP = f"not ({TAKEN})"
POISON = Step(
    "poison", "mallory > resolver", "arp.opcode == 1 and not eth.dst == ff:ff:ff:ff:ff:ff", track="arp"
)
HEAL = Step("heal", "mallory > resolver", "arp.opcode == 1 and not eth.dst == ff:ff:ff:ff:ff:ff", track="arp")
MALLORY_ASKS = Step("mallory-asks", "mallory > resolver", f"{ASKS} and dns.flags.recdesired == 1")
HELD = Step("held", "resolver > mallory", WALK)
FORGED = Step("forged", "mallory > resolver", "dns.flags.response == 1", times=(1, None))
NO_SUCH_PORT = Step(
    "no-such-port",
    "resolver > any",
    "icmp.type == 3 and icmp.code == 3",
    times=(1, None),
    track="icmp",
    when="port == guess",
)
ASK_TRUE = Step("ask-true", "resolver > auth1", WALK, times=(1, None), when=HELD_UP)
TRUE_ANSWER = Step("true-answer", reply_to="ask-true", sees=ANSWERS, times=(1, None), when=HELD_UP)
TELLS_MALLORY = Step("tells-mallory", reply_to="mallory-asks", sees=TELLS)
STUB_AFTER = Step("stub-after", "stub > resolver", FROM_STUB)
STUB_TOLD = Step("stub-told", reply_to="stub-after", sees=TELLS)

spoof = Experiment(
    "spoof",
    "Answers from somebody who was not asked",
    reset=(*HEAR, At("resolver", "switch use-caps-for-id {caps}")),
    run=(
        At("mallory", "spoof {name} --port {port} --id {id} --count {count}"),
        At("stub", "dig +tries=1 {name}"),
    ),
    after=(FORGET,),
    until="stub-told",
    knobs={
        "name": Choice(("www.plain.test", "pay.shop.test")),
        "port": Choice(("seen", "guess")),
        "id": Choice(("guess", "seen")),
        "caps": Choice(("no", "yes")),
        "count": Choice(("20", "200", "1000")),
    },
    background=NOISE,
    steps=(
        POISON,
        MALLORY_ASKS,
        *DOWN,
        HELD,
        FORGED,
        NO_SUCH_PORT,
        HEAL,
        ASK_TRUE,
        TRUE_ANSWER,
        *KEYS,
        TELLS_MALLORY,
        STUB_AFTER,
        STUB_TOLD,
    ),
)

SECURE = "tcp.port == 853"
KNOCK = Step("knock", "stub > resolver", f"{SECURE} and tcp.flags.syn == 1")
OPENS = Step("opens", "resolver > stub", f"{SECURE} and tcp.flags.syn == 1 and tcp.flags.ack == 1")
HELLO = Step("hello", "stub > resolver", f"{SECURE} and tcp.len > 0")
CERTIFICATE = Step("certificate", "resolver > stub", f"{SECURE} and tcp.len > 0")
SEALED_ASK = Step("sealed-ask", "stub > resolver", f"{SECURE} and tcp.len > 0", times=(1, None))
SEALED_ANSWER = Step("sealed-answer", "resolver > stub", f"{SECURE} and tcp.len > 0", times=(1, None))
TICKETS = Step("tickets", "resolver > stub", f"{SECURE} and tcp.len > 0", times=(0, None), track="tickets")
FAREWELL = Step("farewell", "stub > resolver", f"{SECURE} and tcp.len > 0", times=(0, 1), track="farewell")
NOT_IN_CLEAR = Step("not-in-clear", "stub > resolver", "dns", times=(0, 0))
KDIG = "kdig +tls-ca=/usr/share/machinelab/tls/ca.pem +tls-hostname=resolver.test"

dot = Experiment(
    "dot",
    "The same question, sealed as far as the resolver",
    reset=(*HEAR, FORGET),
    run=(At("stub", f"{KDIG} {{name}} {{type}}"),),
    knobs={"name": "www.example.test", "type": Choice(("A", "AAAA"))},
    background=NOISE,
    steps=(
        KNOCK,
        OPENS,
        HELLO,
        CERTIFICATE,
        SEALED_ASK,
        TICKETS,
        *TO_THE_END,
        *KEYS,
        SEALED_ANSWER,
        FAREWELL,
        NOT_IN_CLEAR,
    ),
)

UNSIGNED_REFERRAL = Step("unsigned-referral", reply_to="ask-tld", sees=f"{REFERS} and dns.resp.type == 47")
UNSIGNED_ANSWER = Step("unsigned-answer", reply_to="ask-auth", sees=f"{ANSWERS} and not dns.resp.type == 46")
NOT_VOUCHED = Step("not-vouched", reply_to="ask-resolver", sees=f"{TELLS} and dns.flags.authenticated == 0")

insecure = Experiment(
    "insecure",
    "A zone without signatures, and the proof that it has none",
    reset=(*HEAR, FORGET),
    run=(LOOK_UP,),
    until="not-vouched",
    knobs={"name": "www.plain.test", "type": Choice(("A", "AAAA"))},
    encloses=("ask-resolver", "not-vouched"),
    background=NOISE,
    variant_of="cold",
    steps=(
        ASK_RESOLVER,
        ASK_ROOT,
        ROOT_REFERS,
        ASK_TLD,
        UNSIGNED_REFERRAL,
        PROBE,
        PROBE_ANSWERED,
        ASK_AUTH,
        UNSIGNED_ANSWER,
        *KEYS,
        NOT_VOUCHED,
    ),
)

NO_ADDRESS = Step("no-address", reply_to="ask-tld", sees=f"{REFERS} and not dns.a")
WHERE_IS_IT = Step("where-is-it", "resolver > tld", f"{WALK} and dns.count.labels == 2")
WHERE_REFERRED = Step("where-referred", reply_to="where-is-it", sees=f"{REFERS} and dns.a")
ASK_HOSTER = Step("ask-hoster", AUTH, WALK)
HOSTER_ANSWERS = Step("hoster-answers", reply_to="ask-hoster", sees=f"{ANSWERS} and dns.a")
ASK_AT_LAST = Step("ask-at-last", AUTH, WALK)
AT_LAST = Step("at-last", reply_to="ask-at-last", sees=ANSWERS)

glueless = Experiment(
    "glueless",
    "A delegation that names a server and not its address",
    reset=(*HEAR, FORGET),
    run=(At("stub", "dig +tries=1 www.unglued.test {type}"),),
    until="answer",
    knobs={"type": Choice(("A", "MX"))},
    encloses=("ask-resolver", "answer"),
    background=NOISE,
    variant_of="cold",
    steps=(
        ASK_RESOLVER,
        ASK_ROOT,
        ROOT_REFERS,
        ASK_TLD,
        NO_ADDRESS,
        WHERE_IS_IT,
        WHERE_REFERRED,
        PROBE,
        PROBE_ANSWERED,
        ASK_HOSTER,
        HOSTER_ANSWERS,
        ASK_AT_LAST,
        AT_LAST,
        *KEYS,
        ANSWER,
    ),
)


def is_upstream(event: Event) -> bool:
    """Whether a packet is a question of the resolver's own: only those have RD off."""
    return event.values("dns.flags.response") == [False] and event.values("dns.flags.recdesired") == [False]


def upstream(run: Run) -> int:
    """How many questions the resolver sent to other servers, priming and keys with them."""
    return sum(is_upstream(event) for event in run.trace.events)


def walked(run: Run) -> int:
    """Those of them that are the walk down the tree."""
    return len(run.claims("ask-root") + run.claims("ask-tld") + run.claims("ask-auth"))


def ttl_of(run: Run, step: str) -> int:
    """The time to live of the first record in a step's packet, in seconds."""
    return int(run.first(step)["dns.resp.ttl"])


def aged(run: Run) -> int:
    """How many seconds the record lost between the two answers."""
    return ttl_of(run, "from-cache") - ttl_of(run, "older")


def why_denied(run: Run) -> str:
    """Why the neighbour's name needed no question, or that it needed one."""
    return "d" if run.claims("check-neighbour") else "b"


def why_failed(run: Run) -> str:
    """The cause behind SERVFAIL, by the extended error (RFC 8914 §4.7, §4.8)."""
    return {6: "b", 7: "c"}.get(int(run.first("refuses-to-say")["dns.opt.ext_error.info_code"]), "a")


def patience(run: Run) -> float:
    """For how many seconds the resolver waited before it asked the other server."""
    return (run.first("ask-other").time - run.first("ask-dead").time) / 1e9


def refusals(run: Run) -> int:
    """How often auth1 refused."""
    return len(run.claims("refuses") + run.claims("refuses-all"))


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


def always(answer: Answer) -> Callable[[Run], Answer]:
    """The same answer whatever the run: what somebody thinks who does not look."""
    return lambda run: answer


def choices(*letters: str) -> dict[str, Callable[[Run], Answer]]:
    """Choices that are wrong unless the run makes them right; the worksheet replies to each by its letter."""
    return {letter: always(letter) for letter in letters}


def observe(id: str, experiment: str, step: str, **wrong: str) -> Question:
    """Point at the packet of a step; the wrong twins point at other steps. (Names with _ for spaces.)"""
    twins = {name.replace("_", " "): packets_of(other) for name, other in wrong.items()}
    return Question(id, experiment, "observe", packets_of(step), twins, needs=(step,))


QUESTIONS = (
    Question(
        "upstream",
        "cold",
        "predict",
        upstream,
        {"counts the replies too": lambda run: 2 * upstream(run), "counts only the walk": walked},
        needs=("answer",),
        evidence=("ask-root", "ask-tld", "ask-auth", "fetch-keys"),
    ),
    observe(
        "source",
        "cold",
        "auth-answers",
        takes_the_resolver_for_the_source="answer",
        takes_a_referral_for_the_answer="tld-refers",
    ),
    Question(
        "aged",
        "warm",
        "predict",
        aged,
        {
            "thinks a cache gives the full time": always(0),
            "reads off the time left": lambda run: ttl_of(run, "older"),
        },
        needs=("from-cache", "older"),
    ),
    observe(
        "absence",
        "nxdomain",
        "denied",
        takes_the_word_for_the_proof="no-such-name",
        takes_a_memory_for_the_proof="still-no",
    ),
    Question("neighbour", "nxdomain", "explain", why_denied, choices("a", "c"), needs=("no-neighbour",)),
    Question(
        "root-visits",
        "cname",
        "predict",
        counted("ask-root"),
        {"thinks every new name starts at the root": always(2), "thinks the root is never asked": always(0)},
        needs=("ask-root", "back-to-tld"),
    ),
    observe(
        "start-over",
        "cname",
        "alias",
        takes_the_referral_for_the_alias="tld-refers-again",
        looks_at_the_end="answer-both",
    ),
    observe(
        "why-tcp",
        "truncated",
        "cut-short",
        confuses_the_two_sides="cut-for-stub",
        takes_effect_for_cause="ask-by-tcp",
    ),
    observe(
        "vouches",
        "dnssec",
        "tld-refers",
        lets_the_key_vouch_for_itself="zone-key-given",
        goes_one_level_too_high="root-refers",
        takes_data_for_keys="signed",
    ),
    Question("servfail", "bogus", "explain", why_failed, choices("a", "d"), needs=("refuses-to-say",)),
    Question(
        "patience",
        "unreachable",
        "predict",
        patience,
        {"thinks of the client's time limit": always(5.0), "thinks both are asked at once": always(0.0)},
        needs=("ask-dead", "ask-other"),
    ),
    observe(
        "no-reply",
        "unreachable",
        "ask-dead",
        takes_the_repeat_for_it="in-earnest",
        takes_the_rescue_for_it="ask-other",
    ),
    Question(
        "refusals",
        "lame",
        "predict",
        refusals,
        {"thinks a no is final": always(1), "counts one name alone": counted("refuses")},
        needs=("refuses", "gives-up"),
        evidence=("refuses", "refuses-all"),
    ),
    observe(
        "told-too-much",
        "minimised",
        "tell-root",
        confuses_the_two_lookups="ask-root",
        takes_the_zone_for_a_stranger="tell-auth",
    ),
    Question(
        "refetches",
        "ttl",
        "predict",
        refetches,
        {
            "thinks all has expired": always(7),
            "thinks the way is walked again": always(3),
            "trusts the cache": always(0),
        },
        needs=("refetch",),
    ),
    Question(
        "not-taken",
        "spoof",
        "explain",
        why_not_taken,
        choices("f"),
        needs=("held", "forged", "stub-told"),
        evidence=("held", "forged"),
    ),
    Question(
        "unsealed",
        "dot",
        "observe",
        readable,
        {
            "thinks the seal goes all the way": packets_of("sealed-ask"),
            "thinks the root is told": packets_of("ask-root"),
        },
        needs=("sealed-ask", "ask-auth"),
    ),
    observe(
        "no-keys",
        "insecure",
        "unsigned-referral",
        takes_the_missing_for_the_proof="unsigned-answer",
        goes_one_level_too_high="root-refers",
    ),
    observe(
        "not-in-zone",
        "wildcard",
        "wildcard-proof",
        takes_the_probe_for_it="probe-answered",
        takes_the_copy_for_the_source="wildcard-answer",
    ),
    Question(
        "buys-nothing",
        "reverse",
        "predict",
        counted("number-by-number"),
        {"thinks the name is asked for at once": always(0), "counts one for the address": always(1)},
        needs=("number-by-number", "pointer"),
        evidence=("number-by-number",),
    ),
    observe(
        "detour",
        "glueless",
        "no-address",
        takes_the_answer_for_the_cause="where-referred",
        looks_at_the_end="hoster-answers",
    ),
)

WILDCARD_PROOF = Step("wildcard-proof", reply_to="ask-auth", sees=f"{ANSWERS} and dns.resp.type == 47")
WILD_ANSWER = Step("wildcard-answer", reply_to="ask-signed", sees=f"{TELLS} and dns.resp.type == 47")
ASK_SIBLING = Step("ask-sibling", "stub > resolver", f"{ASKS} and dns.resp.z.do == 1")
SIBLING = Step("sibling", reply_to="ask-sibling", sees=f"{TELLS} and dns.resp.type == 47")

wildcard = Experiment(
    "wildcard",
    "A name that no zone file holds",
    reset=(*HEAR, FORGET),
    run=(At("stub", "dig +tries=1 +dnssec {name}"), At("stub", "dig +tries=1 +dnssec {sibling}")),
    until="sibling",
    knobs={
        "name": Choice(("foo.wild.example.test", "a.b.wild.example.test")),
        "sibling": Choice(("bar.wild.example.test", "baz.wild.example.test")),
    },
    background=NOISE,
    steps=(
        ASK_SIGNED,
        *DOWN,
        PROBE,
        PROBE_ANSWERED,
        ASK_AUTH,
        WILDCARD_PROOF,
        *KEYS,
        WILD_ANSWER,
        ASK_SIBLING,
        SIBLING,
    ),
)

STEPWISE = "minimise == yes"
ARPA = Step("ask-arpa", "resolver > root", f"{WALK} and dns.count.labels == 1", when=STEPWISE)
NO_CUT = Step(
    "no-cut",
    reply_to="ask-arpa",
    sees="dns.flags.authoritative == 1 and dns.count.answers == 0",
    when=STEPWISE,
)
IN_ADDR = Step("ask-in-addr", "resolver > root", f"{WALK} and dns.count.labels > 1")
ARPA_REFERS = Step("in-addr-referred", reply_to="ask-in-addr", sees=REFERS)
NUMBERS = Step(
    "number-by-number", "resolver > auth2", f"{WALK} and dns.qry.type == 1", times=(1, None), when=STEPWISE
)
NUMBERS_GO_ON = Step(
    "numbers-go-on",
    reply_to="number-by-number",
    sees=f"{ANSWERS} and dns.count.answers == 0",
    times=(1, None),
    when=STEPWISE,
)
ASK_POINTER = Step("ask-pointer", "resolver > auth2", f"{ASKS} and dns.qry.type == 12")
POINTER = Step("pointer", reply_to="ask-pointer", sees=f"{ANSWERS} and dns.resp.type == 12")
NAME_FOUND = Step("name-found", reply_to="ask-resolver", sees=f"{TELLS} and dns.resp.type == 12")

reverse = Experiment(
    "reverse",
    "From an address back to a name",
    reset=(*HEAR, At("resolver", "switch qname-minimisation {minimise}")),
    run=(At("stub", "dig +tries=1 -x {address}"),),
    after=(FORGET,),
    until="name-found",
    knobs={"address": "198.51.100.80", "minimise": Choice(("yes", "no"))},
    encloses=("ask-resolver", "name-found"),
    background=NOISE,
    steps=(
        ASK_RESOLVER,
        ARPA,
        NO_CUT,
        IN_ADDR,
        ARPA_REFERS,
        NUMBERS,
        NUMBERS_GO_ON,
        ASK_POINTER,
        POINTER,
        *KEYS,
        NAME_FOUND,
    ),
)

LAB = Lab(
    "dns",
    (
        cold,
        warm,
        nxdomain,
        cname,
        truncated,
        dnssec,
        bogus,
        unreachable,
        lame,
        minimised,
        ttl,
        spoof,
        dot,
        insecure,
        glueless,
        wildcard,
        reverse,
    ),
    QUESTIONS,
    minutes=60,
    memory=90,
    reset=(*HEAR, FORGET),
    greet=GREET,
)
