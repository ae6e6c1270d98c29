"""Machines that die: the leader of a partition, and the one who decides who leads."""

from machinelab.authoring import At, Background, Choice, Experiment, Step

from . import headlines
from .common import (
    BROKERS,
    BY_BROKER,
    CLUSTER,
    KEEP,
    KEPT,
    ON_DISK,
    READING,
    SEGMENTS,
    SETTLE,
    asks,
    log,
    topic,
    where,
)
from .records import FETCH, FETCHED

# Whoever was connected to a broker that is dead knocks until it is back. Nobody answers but the kernel.
KNOCKING = Background("knocking", "tcp.flags.syn == 1 and tcp.flags.ack == 0", hop=f"any > {BROKERS}")
NOBODY_HOME = Background("nobody-home", "tcp.flags.reset == 1", hop="any > any")
# The kernel of a dead broker closes its connections, those too on which nothing was said during the run.
FAREWELL = Background("farewell", "tcp.flags.fin == 1", hop="any > any")
DYING = (KNOCKING, NOBODY_HOME, FAREWELL)

LEADS = At("broker3", "server lead")
WHOLE = At("producer", "cluster whole")
# Broker 3 shall be the active controller again. If it is not, the two others are killed both, for whoever has lost its leader refuses
# its vote as long as it may hope to hear from it (KIP-996); who has just been started hopes for nothing. Started so that they
# can answer and not ask, they can only elect 3: if they could ask, it would be a matter of chance.
RIVALS = ("broker1", "broker2")
YIELD = tuple(At(node, "server yield 3", parallel=node != RIVALS[0]) for node in RIVALS)
HUMBLE = tuple(At(node, "server humble", parallel=node != RIVALS[0]) for node in RIVALS)
MEND = tuple(At(node, "server mend", parallel=node != RIVALS[0]) for node in RIVALS)
AGAIN = tuple(At(node, "server start", parallel=node != RIVALS[0]) for node in RIVALS)
BACK = (*MEND, AGAIN[0], *YIELD, *HUMBLE, LEADS, *MEND, *AGAIN, WHOLE)

leader_killed = Experiment(
    "leader-killed",
    "Offset 41",
    headline=headlines.leader_killed,
    telling=("lonely", "next-order", "ask-epoch", "epoch-ended"),
    reset=(*BACK, topic(1)),
    run=(
        At("producer", "produce orders 41 --linger 200"),
        At("broker1", "server cut"),
        At("producer", "produce orders 5 --first 41 --linger 200 --acks {acks}", background=True),
        At("broker1", "holds orders-0 45"),
        KEEP,
        At("broker1", "server crash"),
        At("broker2", "server leads orders-0"),
        At("producer", "reader quiet"),
        At("producer", "produce orders 1 --first 46 --acks {acks}"),
        At("broker1", "server mend"),
        At("broker1", "server start"),
        At("broker2", "server whole orders-0"),
        At("consumer1", "consume orders --partition 0 --offset 0"),
    ),
    gather=(SEGMENTS, KEPT, *map(log, ("broker1", "broker2", "broker3"))),
    after=BACK,
    limit=90.0,
    knobs={"acks": Choice(("all", "1"))},
    background=(*CLUSTER, *READING, *DYING),
    steps=(
        Step("forty-one", "producer > broker1", asks(0, 'kafka.message_value == "order-40"')),
        Step("safe", reply_to="forty-one", sees="kafka.error == 0"),
        Step("lonely", "producer > broker1", asks(0, 'kafka.message_value == "order-41"')),
        *where("acks == 1", Step("promised", reply_to="lonely", sees="kafka.error == 0")),
        Step("new-leader", "broker2", 'log.message matches "Leader orders-0 .* starts at leader epoch 1 "'),
        *where(
            "acks == all",
            Step("sent-again", "producer > broker2", asks(0, 'kafka.message_value == "order-41"')),
            Step("kept-at-last", reply_to="sent-again", sees="kafka.error == 0"),
        ),
        Step("next-order", "producer > broker2", asks(0, 'kafka.message_value == "order-46"')),
        Step("next-kept", reply_to="next-order", sees="kafka.error == 0"),
        Step(
            "ask-epoch",
            "broker1 > broker2",
            asks(1, f"kafka.fetch_offset == 46 and kafka.last_fetched_epoch == 0 and {BY_BROKER}"),
        ),
        Step("epoch-ended", reply_to="ask-epoch", sees="kafka.end_offset == 41"),
        Step("cut-off", "broker1", 'log.message contains "Truncating partition orders-0"'),
        FETCH,
        FETCHED,
        Step("in-sync-again", "broker2 > broker3", asks(56), times=(1, None), track="isr"),
        Step("agreed", reply_to="in-sync-again", sees="kafka.error == 0", times=(1, None)),
        Step("fenced", "broker3", 'log.message contains "handleBrokerFenced"', track="controller"),
        Step("only-copy", "broker1", f"{ON_DISK} and kafka.base_offset == 41 and segment.kept", track="kept"),
        Step("on-disk", "broker1", f"{ON_DISK} and not segment.kept", times=(1, None), track="disk"),
    ),
)

# A voter without a leader asks the others for one, and asks again at once: a thousand times a second.
SLOW = (At("broker1", "server slow"), At("broker2", "server slow"))
QUICK = (At("broker1", "server quick"), At("broker2", "server quick"))
PRE = "kafka.pre_vote == 1"

quorum = Experiment(
    "quorum",
    "The controller is dead",
    headline=headlines.quorum,
    telling=("ask-vote", "granted", "begin-epoch"),
    reset=(*BACK, topic(1), *SLOW),
    run=(
        SETTLE,
        At("broker3", "server crash"),
        At("producer", "produce orders 1 --acks {acks}"),
        At("broker2", "server lead"),
        SETTLE,
    ),
    gather=(log("broker1"), log("broker2")),
    after=(*QUICK, At("broker3", "server start"), *BACK),
    limit=60.0,
    knobs={"acks": Choice(("1", "all"))},
    background=(*CLUSTER, *DYING),
    steps=(
        Step("order", "producer > broker1", asks(0), track="order"),
        Step("order-kept", reply_to="order", sees="kafka.error == 0"),
        Step("ask-too-early", "broker1 > broker2", asks(52, PRE)),
        Step("refused", reply_to="ask-too-early", sees="kafka.vote_granted == 0"),
        Step("ask-whether", "broker2 > broker1", asks(52, PRE)),
        Step("would", reply_to="ask-whether", sees="kafka.vote_granted == 1"),
        Step("ask-vote", "broker2 > broker1", asks(52, "kafka.pre_vote == 0")),
        Step("granted", reply_to="ask-vote", sees="kafka.vote_granted == 1"),
        Step("begin-epoch", "broker2 > broker1", asks(53), same={"kafka.leader_epoch": "granted"}),
        Step("accepted", reply_to="begin-epoch", sees="kafka.error == 0"),
        Step(
            "follow",
            "broker1 > broker2",
            asks(1, f"tcp.dstport == 9093 and {BY_BROKER}"),
            times=(1, None),
            track="follow",
        ),
        Step("by-the-dead", "broker3 > any", asks(53), times=(0, None), track="dead"),
        Step("leads", "broker2", 'log.message contains "Completed transition to Leader"', track="log"),
    ),
)
