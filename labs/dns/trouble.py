"""Experiments on trouble: a server that is silent, one that was never told, and somebody who was not asked."""

from dataclasses import replace

from machinelab.authoring import ARP, At, Choice, Experiment, Step

from . import headlines
from .common import (
    ANSWER,
    ANSWERS,
    ASK_RESOLVER,
    ASKS,
    DOWN,
    FORGET,
    FROM_STUB,
    HEAR,
    KEYS,
    LATE,
    NOISE,
    REFERS,
    TELLS,
    WALK,
    name_in_test,
    same_as,
)

ASK_DEAD = Step("ask-dead", "resolver > auth1", WALK)
# Unbound waits for 50 ms at least (RTT_MIN_TIMEOUT); the packets were seen a moment after it began to.
ASK_OTHER = Step("ask-other", "resolver > auth2", WALK, same=same_as("ask-dead"), after={"ask-dead": 0.04})
OTHER_ANSWERS = Step("other-answers", reply_to="ask-other", sees=ANSWERS)
SILENCE = Step("silence", "auth1 > resolver", "dns", times=(0, 0))
IN_EARNEST = Step("in-earnest", "resolver > auth2", WALK, when="minimise == yes", same=same_as("ask-other"))
EARNEST_ANSWER = Step("earnest-answer", reply_to="in-earnest", sees=ANSWERS, when="minimise == yes")

unreachable = Experiment(
    "unreachable",
    "A server that does not answer, and the one beside it that does",
    headline=headlines.unreachable,
    telling=("ask-dead", "ask-other", "other-answers", "answer"),
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
    knobs={"name": name_in_test("www.example.test"), "minimise": Choice(("yes", "no"))},
    encloses=("ask-resolver", "answer"),
    background=(ARP, LATE),
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
    headline=headlines.lame,
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
    headline=headlines.spoof,
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
