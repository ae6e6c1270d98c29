"""Consumers that share the work: who gets which partition, and how far behind they are."""

from machinelab.authoring import Alone, At, Choice, Experiment, Step

from . import headlines
from .common import BROKERS, CLUSTER, READING, asks, topic, where
from .records import COMMIT, COMMITTED, PRODUCE, PRODUCED

CLASSIC, NEW = "protocol == classic", "protocol == consumer"
# aiokafka speaks the classic protocol alone: in a group of the new one it is let in all the same.
ALL_NEW, MIXED = f"{NEW} and client == librdkafka", f"{NEW} and client == aiokafka"
BY_JOINING = f"{CLASSIC} or {MIXED}"
BOTH, SECOND = "consumer1|consumer2 > broker2", "consumer2 > broker2"
# Two machines have room for three readers.
THIRD = "consumer3 3"


def member(node: str, more: str) -> At:
    """A reader that joins the group, and stays."""
    return At(node, f"consume orders --group shop --protocol {{protocol}} --stay {more}", background=True)


# Connectors join groups, too, of another type.
JOINS = asks(11, 'kafka.protocol_type == "consumer" and kafka.protocol_name and kafka.consumer_group')

group = Experiment(
    "group",
    "Two who share the work",
    headline=headlines.group,
    reset=(topic("{partitions}"),),
    run=(
        member("consumer1", "--name consumer1"),
        At("consumer1", "reader share {partitions} 1"),
        member("consumer2", "--client {client} --name consumer2"),
        At("consumer2", "reader share {partitions} 2"),
        At("consumer1", "reader share {partitions} 2"),
        member("consumer2", "--number 3 --of {clients} --name consumer3"),
        At("consumer2", f"reader share {{partitions}} {{clients}} {THIRD}"),
        At("consumer1", "reader share {partitions} {clients}"),
        At("consumer2", "reader leave"),
        At("consumer1", "reader rest {partitions} {clients}"),
        At("consumer2", f"reader rest {{partitions}} {{clients}} {THIRD}"),
    ),
    limit=40.0,
    knobs={
        "protocol": Choice(("classic", "consumer")),
        "partitions": Choice(("2", "1", "4")),
        "clients": Choice(("2", "3")),
        "client": Choice(("librdkafka", "aiokafka")),
    },
    background=(*CLUSTER, *READING),
    steps=(
        *where(
            BY_JOINING,
            Step("join", BOTH, asks(11), times=(2, None), track="joins", alone=Alone("join-request", JOINS)),
            Step(
                "named",
                reply_to="join",
                sees="kafka.error == 79",
                times=(1, 3),
                alone=Alone("member-id-required", asks(11, "kafka.error == 79")),
            ),
            Step("joined", reply_to="join", sees="kafka.error == 0", times=(1, None)),
            Step("sync", BOTH, asks(14), times=(1, None), track="syncs"),
            Step("assigned", reply_to="sync", sees="kafka.error == 0", times=(1, None)),
            Step(
                "heartbeat",
                BOTH,
                asks(12),
                times=(0, None),
                track="beats",
                alone=Alone("member-heartbeat", asks(12, "kafka.member_id")),
            ),
            Step("heard", reply_to="heartbeat", sees="kafka.error == 0", times=(0, None)),
        ),
        *where(
            CLASSIC,
            Step(
                "rebalance",
                reply_to="heartbeat",
                sees="kafka.error == 27",
                times=(1, None),
                alone=Alone("rebalance-said", asks(12, "kafka.error == 27")),
            ),
        ),
        *where(MIXED, Step("changed", reply_to="heartbeat", sees="kafka.error == 27", times=(0, None))),
        *where(
            BY_JOINING,
            Step("leave", SECOND, asks(13), track="leave"),
            Step("left", reply_to="leave", sees="kafka.error == 0"),
        ),
        *where(
            NEW,
            Step("member", BOTH, asks(68, "kafka.member_epoch >= 0"), times=(2, None), track="members"),
            Step("target", reply_to="member", sees="kafka.error == 0", times=(2, None)),
        ),
        *where(
            ALL_NEW,
            Step("leave-new", SECOND, asks(68, "kafka.member_epoch == -1"), track="leave"),
            Step("left-new", reply_to="leave-new", sees="kafka.error == 0"),
            Step("no-join", "any > broker2", asks(11), times=(0, 0)),
        ),
    ),
)

lag = Experiment(
    "lag",
    "How far behind",
    headline=headlines.lag,
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
