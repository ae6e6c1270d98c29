"""Consumers that share the work: who gets which partition, and how far behind they are."""

from machinelab.authoring import At, Choice, Experiment, Step

from .common import BROKERS, CLUSTER, READING, asks, topic, where
from .records import COMMIT, COMMITTED, PRODUCE, PRODUCED

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
    limit=40.0,
    knobs={"protocol": Choice(("classic", "consumer"))},
    background=(*CLUSTER, *READING),
    steps=(
        *where(
            CLASSIC,
            Step("join", BOTH, asks(11), times=(4, None), track="joins"),
            Step("named", reply_to="join", sees="kafka.error == 79", times=(2, 2)),
            Step("joined", reply_to="join", sees="kafka.error == 0", times=(4, None)),
            Step("sync", BOTH, asks(14), times=(4, None), track="syncs"),
            Step("assigned", reply_to="sync", sees="kafka.error == 0", times=(4, None)),
            Step("heartbeat", BOTH, asks(12), times=(1, None), track="beats"),
            Step("heard", reply_to="heartbeat", sees="kafka.error == 0", times=(0, None)),
            Step("rebalance", reply_to="heartbeat", sees="kafka.error == 27", times=(1, None)),
            Step("leave", "consumer2 > broker2", asks(13), track="leave"),
            Step("left", reply_to="leave", sees="kafka.error == 0"),
        ),
        *where(
            NEW,
            Step("member", BOTH, asks(68, "kafka.member_epoch >= 0"), times=(4, None), track="members"),
            Step("target", reply_to="member", sees="kafka.error == 0", times=(4, None)),
            Step("leave-new", "consumer2 > broker2", asks(68, "kafka.member_epoch == -1"), track="leave"),
            Step("left-new", reply_to="leave-new", sees="kafka.error == 0"),
            Step("no-join", "any > broker2", asks(11), times=(0, 0)),
        ),
    ),
)

lag = Experiment(
    "lag",
    "How far behind",
    reset=(topic(1), At("producer", "produce orders 10")),
    run=(
        At("consumer1", "consume orders --partition 0 --count {done} --commit {done}"),
        At("producer", "produce orders 5 --first 10 --linger 100"),
        At("consumer2", "lag orders shop"),
    ),
    knobs={"done": Choice(("4", "7", "10"))},
    background=(*CLUSTER, *READING),
    steps=(
        COMMIT,
        COMMITTED,
        PRODUCE,
        PRODUCED,
        Step("ask-progress", f"consumer2 > {BROKERS}", asks(9)),
        Step("progress", reply_to="ask-progress", sees="kafka.committed_offset > 0"),
        Step("ask-end", "consumer2 > broker1", asks(2, "kafka.offset_time == -1")),
        Step("end-told", reply_to="ask-end", sees="kafka.error == 0"),
    ),
)
