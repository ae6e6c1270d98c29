"""Experiments on what carries a question: a datagram, a stream, a sealed stream."""

from machinelab.authoring import Alone, At, Choice, Experiment, Step

from . import headlines
from .common import (
    ANSWERS,
    ASK_AUTH,
    ASK_RESOLVER,
    AUTH,
    DOWN,
    FORGET,
    FROM_STUB,
    HEAR,
    KEYS,
    NOISE,
    PROBE,
    PROBE_ANSWERED,
    REPLIES,
    TELLS,
    TO_THE_END,
    WALK,
    name_in_test,
    same_as,
)

CUT_SHORT = Step(
    "cut-short",
    reply_to="ask-auth",
    sees="dns.flags.truncated == 1",
    alone=Alone(
        "cut-reply",
        f"{REPLIES} and dns.flags.truncated == 1 and dns.flags.authoritative == 1 and dns.count.answers == 0",
    ),
)
ASK_BY_TCP = Step("ask-by-tcp", AUTH, f"{WALK} and tcp", same=same_as("ask-auth"))
WHOLE_BY_TCP = Step("whole-by-tcp", reply_to="ask-by-tcp", sees=ANSWERS)
CUT_FOR_STUB = Step("cut-for-stub", reply_to="ask-resolver", sees="dns.flags.truncated == 1")
STUB_BY_TCP = Step(
    "stub-by-tcp",
    "stub > resolver",
    f"{FROM_STUB} and tcp",
    when='dig == "+noignore"',
    same=same_as("ask-resolver"),
)
WHOLE_TO_STUB = Step("whole-to-stub", reply_to="stub-by-tcp", sees=TELLS, when='dig == "+noignore"')

truncated = Experiment(
    "truncated",
    "An answer too long for a datagram",
    headline=headlines.truncated,
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

KNOCK = Step("knock", "stub > resolver", "tcp.flags.syn == 1")
OPENS = Step("opens", "resolver > stub", "tcp.flags.syn == 1 and tcp.flags.ack == 1")
HELLO = Step("hello", "stub > resolver", "tls.handshake.type == 1")
# Sealed records look alike: which is which follows from who has spoken before.
# What they hold shows in their sizes: a ticket of OpenSSL's is some 245 bytes, an answer is padded to 468 (RFC 8467 §4.1),
# and an alert is two bytes with their type and their tag (RFC 9846 §5.2): 19.
TICKET, ALERT = "tls.record.length in {200..300}", "tls.record.length == 19"
CERTIFICATE = Step("certificate", "resolver > stub", f"tls and not {TICKET} and not {ALERT}", times=(1, None))
SEALED_ASK = Step("sealed-ask", "stub > resolver", f"tls and not {ALERT}", times=(1, None))
SEALED_ANSWER = Step("sealed-answer", "resolver > stub", "tls.record.length > 468", times=(1, None))
TICKETS = Step("tickets", "resolver > stub", f"{TICKET}", times=(0, None), track="tickets")
FAREWELL = Step("farewell", "stub|resolver > stub|resolver", f"{ALERT}", times=(0, None), track="farewell")
NOT_IN_CLEAR = Step("not-in-clear", "stub > resolver", "dns", times=(0, 0))
KDIG = "kdig +tls-ca=/usr/share/machinelab/tls/ca.pem +tls-hostname=resolver.test"

dot = Experiment(
    "dot",
    "The same question, encrypted as far as the resolver",
    headline=headlines.dot,
    reset=(*HEAR, FORGET),
    run=(At("stub", f"{KDIG} {{name}} {{type}}"),),
    knobs={"name": name_in_test("www.example.test"), "type": Choice(("A", "AAAA"))},
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
