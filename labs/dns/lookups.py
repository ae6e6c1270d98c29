"""Experiments on looking up and remembering: the walk down the tree, aliases, time to live, what each server learns."""

from dataclasses import replace

from machinelab.authoring import ARP, At, Choice, Experiment, Step, Text

from . import headlines
from .common import (
    ANSWER,
    ANSWERS,
    ASK_RESOLVER,
    ASK_ROOT,
    ASK_TLD,
    ASKS,
    AUTH,
    DOWN,
    FORGET,
    FROM_STUB,
    HEAR,
    KEYS,
    LATE,
    LOOK_UP,
    NOISE,
    PROBE,
    PROBE_ANSWERED,
    REFERS,
    ROOT_REFERS,
    TELLS,
    TO_THE_END,
    WALK,
    name_in_test,
    same_as,
)

cold = Experiment(
    "cold",
    "A name nobody has asked for",
    headline=headlines.cold,
    telling=("root-refers", "tld-refers", "auth-answers", "answer"),
    reset=(*HEAR, FORGET),
    run=(LOOK_UP,),
    until="answer",
    knobs={
        "name": name_in_test("www.example.test"),
        "type": Choice(("A", "AAAA", "MX", "TXT", "SRV", "CAA")),
    },
    encloses=("ask-resolver", "answer"),
    background=NOISE,
    steps=(ASK_RESOLVER, *TO_THE_END, *KEYS, ANSWER),
)

HAS = f"{TELLS} and dns.count.answers > 0"
FROM_CACHE = Step("from-cache", reply_to="ask-resolver", sees=HAS)
ASK_LATER = Step("ask-later", "stub > resolver", FROM_STUB, same=same_as("ask-resolver"))
OLDER = Step("older", reply_to="ask-later", sees=HAS, less={"dns.resp.ttl": "from-cache"})
NO_UPSTREAM = Step("no-upstream", "resolver > root|tld|auth1|auth2", ASKS, times=(0, 0))

warm = Experiment(
    "warm",
    "A name the resolver still remembers",
    headline=headlines.warm,
    telling=("from-cache", "older"),
    reset=(*HEAR, FORGET, LOOK_UP),
    run=(LOOK_UP, At("stub", "sleep {wait}"), LOOK_UP),
    until="older",
    knobs={
        "name": name_in_test("www.example.test"),
        "type": Choice(("A", "AAAA")),
        "wait": Choice(("2", "5")),
    },
    background=(ARP,),
    steps=(ASK_RESOLVER, FROM_CACHE, ASK_LATER, OLDER, NO_UPSTREAM),
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
    headline=headlines.cname,
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

ASK_WHOLE = Step("ask-whole", "stub > resolver", FROM_STUB, same=same_as("ask-resolver"))
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
    headline=headlines.minimised,
    telling=("tell-root", "tell-tld", "answer-whole"),
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
FRESH = Step("fresh", reply_to="ask-later", sees=HAS, when=EXPIRED)
STILL_KEPT = replace(OLDER, when="wait == 1")

ttl = Experiment(
    "ttl",
    "A record whose time runs out",
    headline=headlines.ttl,
    reset=(*HEAR, FORGET, At("stub", "dig +tries=1 short.example.test")),
    run=(
        At("stub", "dig +tries=1 short.example.test"),
        At("stub", "sleep {wait}"),
        At("stub", "dig +tries=1 short.example.test"),
    ),
    knobs={"wait": Choice(("4", "1"))},
    background=(ARP, LATE),
    steps=(ASK_RESOLVER, FROM_CACHE, ASK_LATER, REFETCH, REFETCHED, FRESH, STILL_KEPT, NO_WALK),
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
    headline=headlines.glueless,
    telling=("no-address", "at-last"),
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
    headline=headlines.reverse,
    reset=(*HEAR, At("resolver", "switch qname-minimisation {minimise}")),
    run=(At("stub", "dig +tries=1 -x {address}"),),
    after=(FORGET,),
    until="name-found",
    knobs={
        "address": Text(
            "198.51.100.80", r"\d{1,3}(\.\d{1,3}){3}", "Give an IPv4 address, like 198.51.100.25."
        ),
        "minimise": Choice(("yes", "no")),
    },
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
