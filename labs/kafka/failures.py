"""Machines that die: the leader of a partition, and the one who decides who leads."""

from machinelab.authoring import At, Background, Choice, Experiment, Gather, Step

from .common import AMONG, BROKERS, CLUSTER, READING, SETTLE, asks, log, topic, where

# Whoever was connected to a broker that is dead knocks until it is back. Nobody answers but the kernel.
KNOCKING = Background("knocking", "tcp.flags.syn == 1 and tcp.flags.ack == 0", hop=f"any > {BROKERS}")
NOBODY_HOME = Background("nobody-home", "tcp.flags.reset == 1", hop=f"{BROKERS} > any")

LEADS = At("broker3", "server active")
WHOLE = At("producer", "cluster whole")
BACK = (At("broker1", "server mend"), At("broker1", "server start"), At("broker1", "server yield"), At("broker2", "server yield"), WHOLE)

leader_killed = Experiment(
    "leader-killed",
    "Offset 41",
    reset=(*BACK, LEADS, topic(1)),
    run=(
        At("producer", "produce orders 41 --linger 200"),
        At("broker1", "server cut"),
        At("producer", "produce orders 5 --first 41 --linger 200 --acks {acks}", background=True),
        At("broker1", "holds orders-0 45"),
        At("broker1", "evidence keep orders-0"),
        At("broker1", "server crash"),
        At("broker2", "server leads orders-0"),
        At("producer", "produce orders 1 --first 46 --linger 200 --acks {acks}"),
        At("broker1", "server mend"),
        At("broker1", "server start"),
        WHOLE,
        At("consumer1", "consume orders --partition 0 --offset beginning"),
    ),
    after=BACK,
    limit=60.0,
    knobs={"acks": Choice(("all", "1"))},
    background=(*CLUSTER, *READING, KNOCKING, NOBODY_HOME),
    steps=(
        Step("produce", "producer > broker1", asks(0, 'kafka.message_value == "order-40"')),
        Step("produced", reply_to="produce", sees="kafka.error == 0"),
    ),
)

quorum = Experiment(
    "quorum",
    "The controller is dead",
    reset=(*BACK, LEADS),
    run=(
        SETTLE,
        At("broker3", "server crash"),
        At("broker2", "server lead"),
        SETTLE,
    ),
    after=(At("broker3", "server start"), *BACK),
    limit=60.0,
    background=(*CLUSTER, KNOCKING, NOBODY_HOME),
    steps=(
        Step("ask-vote", AMONG, asks(52), times=(1, None)),
    ),
)
