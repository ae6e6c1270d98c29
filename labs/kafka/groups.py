"""Consumers that share the work: who gets which partition, and how far behind they are."""

from machinelab.authoring import At, Choice, Experiment, Step

from .common import BROKERS, CLUSTER, READING, asks, topic, where

MEMBER = "consume orders --group shop --protocol {protocol} --stay"
CLASSIC, NEW = "protocol == classic", "protocol == consumer"
BOTH = "consumer1|consumer2 > broker2"

group = Experiment(
    "group",
    "Two who share the work",
    reset=(topic(2),),
    run=(
        At("consumer1", MEMBER, background=True),
        At("consumer1", "reader assigned 2"),
        At("consumer2", MEMBER, background=True),
        At("consumer1", "reader assigned 1"),
        At("consumer2", "reader assigned 1"),
        At("consumer2", "reader leave"),
        At("consumer1", "reader assigned 2"),
    ),
    knobs={"protocol": Choice(("classic", "consumer"))},
    background=(*CLUSTER, *READING),
    steps=(
        *where(
            CLASSIC,
            Step("join", BOTH, asks(11), times=(3, None), track="joins"),
            Step("joined", reply_to="join", sees="kafka.error == 0", times=(3, None)),
        ),
    ),
)

lag = Experiment(
    "lag",
    "How far behind",
    reset=(topic(1), At("producer", "produce orders 10")),
    run=(
        At("consumer1", "consume orders --partition 0 --count 4 --commit 4"),
        At("producer", "produce orders 5 --first 10"),
        At("consumer2", "lag orders shop"),
    ),
    background=(*CLUSTER, *READING),
    steps=(
        Step("ask-committed", f"consumer2 > {BROKERS}", asks(9)),
        Step("committed-told", reply_to="ask-committed"),
    ),
)
