"""Experiments on proofs: signatures, the chain of keys, what is not there, and what does not hold."""

from machinelab.authoring import At, Choice, Experiment, Step

from . import headlines
from .common import (
    ANSWERS,
    ASK_AUTH,
    ASK_RESOLVER,
    ASK_ROOT,
    ASK_TLD,
    ASKS,
    AUTH,
    AUTH_ANSWERS,
    DENIES,
    DOWN,
    FORGET,
    FROM_STUB,
    HEAR,
    KEYS,
    LOOK_UP,
    NOISE,
    PROBE,
    PROBE_ANSWERED,
    REFERS,
    ROOT_REFERS,
    TELLS,
    WALK,
    name_in_test,
    same_as,
)

DENIED = Step("denied", reply_to="ask-auth", sees=f"{DENIES} and dns.resp.type in {{47, 50}}")
NO_SUCH_NAME = Step("no-such-name", reply_to="ask-resolver", sees=DENIES)
ASK_AGAIN = Step("ask-again", "stub > resolver", FROM_STUB, same=same_as("ask-resolver"))
STILL_NO = Step("still-no", reply_to="ask-again", sees=DENIES)
ASK_NEIGHBOUR = Step("ask-neighbour", "stub > resolver", FROM_STUB)
CHECK_NEIGHBOUR = Step("check-neighbour", AUTH, WALK, when="aggressive == no")
NEIGHBOUR_DENIED = Step("neighbour-denied", reply_to="check-neighbour", sees=DENIES, when="aggressive == no")
NO_NEIGHBOUR = Step("no-neighbour", reply_to="ask-neighbour", sees=DENIES)

nxdomain = Experiment(
    "nxdomain",
    "A name that does not exist",
    headline=headlines.nxdomain,
    reset=(*HEAR, At("resolver", "switch aggressive-nsec {aggressive}")),
    run=tuple(At("stub", f"dig +tries=1 {knob}") for knob in ("{name}", "{name}", "{neighbour}")),
    after=(FORGET,),
    until="no-neighbour",
    knobs={
        "name": name_in_test("nosuch.example.test"),
        "neighbour": name_in_test("nosuch2.example.test"),
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
    headline=headlines.dnssec,
    reset=(*HEAR, FORGET),
    run=(At("stub", "dig +tries=1 +dnssec {checking} {name} {type}"),),
    until="signed-answer",
    knobs={
        "name": name_in_test("www.example.test"),
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
ONCE_MORE = Step("once-more", AUTH, WALK, times=(1, None), when=BAD_DATA, same=same_as("ask-auth"))
SAME_AGAIN = Step("same-again", reply_to="once-more", sees=ANSWERS, times=(1, None), when=BAD_DATA)
REFUSES_TO_SAY = Step("refuses-to-say", reply_to="ask-resolver", sees=FAILS)
STILL_BOGUS = Step("still-bogus", reply_to="ask-again", sees=FAILS)
ASK_UNCHECKED = Step(
    "ask-unchecked",
    "stub > resolver",
    f"{FROM_STUB} and dns.flags.checkdisable == 1",
    same=same_as("ask-resolver"),
)
UNCHECKED = Step("unchecked", reply_to="ask-unchecked", sees=f"{TELLS} and dns.flags.checkdisable == 1")

bogus = Experiment(
    "bogus",
    "An answer that does not match its signature",
    headline=headlines.bogus,
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

UNSIGNED_REFERRAL = Step("unsigned-referral", reply_to="ask-tld", sees=f"{REFERS} and dns.resp.type == 47")
UNSIGNED_ANSWER = Step("unsigned-answer", reply_to="ask-auth", sees=f"{ANSWERS} and not dns.resp.type == 46")
NOT_VOUCHED = Step("not-vouched", reply_to="ask-resolver", sees=f"{TELLS} and dns.flags.authenticated == 0")

insecure = Experiment(
    "insecure",
    "A zone without signatures, and the proof that it has none",
    headline=headlines.insecure,
    telling=("unsigned-referral", "not-vouched"),
    reset=(*HEAR, FORGET),
    run=(LOOK_UP,),
    until="not-vouched",
    knobs={"name": name_in_test("www.plain.test"), "type": Choice(("A", "AAAA"))},
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

WILDCARD_PROOF = Step("wildcard-proof", reply_to="ask-auth", sees=f"{ANSWERS} and dns.resp.type == 47")
WILD_ANSWER = Step("wildcard-answer", reply_to="ask-signed", sees=f"{TELLS} and dns.resp.type == 47")
ASK_SIBLING = Step("ask-sibling", "stub > resolver", f"{ASKS} and dns.resp.z.do == 1")
SIBLING = Step("sibling", reply_to="ask-sibling", sees=f"{TELLS} and dns.resp.type == 47")

wildcard = Experiment(
    "wildcard",
    "A name that no zone file holds",
    headline=headlines.wildcard,
    telling=("wildcard-proof",),
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
