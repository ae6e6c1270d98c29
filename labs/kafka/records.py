"""Records on their way in and out: one, many in a batch, read and committed, sought by time, and one that nobody can read."""

from dataclasses import replace

from machinelab.authoring import Alone, At, Choice, Experiment, Step

from . import headlines
from .common import (
    AMONG,
    BROKERS,
    BY_BROKER,
    BY_CONSUMER,
    CLUSTER,
    ON_DISK,
    READING,
    SEGMENTS,
    SETTLE,
    asks,
    topic,
    where,
)

PRODUCE = Step(
    "produce",
    f"producer > {BROKERS}",
    asks(0),
    # Replies say nothing of acks.
    alone=Alone("produce-request", asks(0, "kafka.required_acks in {-1..1}")),
)
PRODUCED = Step("produced", reply_to="produce", sees="kafka.error == 0")
REPLICATE = Step("replicate", AMONG, asks(1, "kafka.message_value"), times=(2, 2), track="followers")
CAUGHT_UP = asks(1, f"kafka.fetch_offset == 1 and {BY_BROKER}")

produce = Experiment(
    "produce",
    "One record, three copies",
    headline=headlines.produce,
    reset=(topic("{partitions}"),),
    run=(SETTLE, At("producer", "produce orders --client {client} --key {key} --acks {acks}")),
    until="replicate",
    knobs={
        "acks": Choice(("all", "1", "0")),
        "key": Choice(("alice", "carol", "dave")),
        "partitions": Choice(("3", "1", "6")),
        "client": Choice(("librdkafka", "aiokafka")),
    },
    background=CLUSTER,
    steps=(
        PRODUCE,
        *where("acks == all", Step("caught-up", AMONG, CAUGHT_UP, times=(2, 2))),
        *where("acks != 0", PRODUCED),
        REPLICATE,
        *where("acks != all", Step("caught-up-later", AMONG, CAUGHT_UP, times=(0, 2), track="later")),
        *where("acks == 0", Step("no-reply", f"{BROKERS} > producer", asks(0), times=(0, 0))),
    ),
)

batch = Experiment(
    "batch",
    "Twelve records in one envelope",
    headline=headlines.batch,
    reset=(topic(1),),
    run=(At("producer", "produce orders 12 --linger {linger} --batch {batch} --codec {codec}"),),
    gather=(SEGMENTS,),
    knobs={
        "linger": Choice(("100", "0")),
        "batch": Choice(("1000000", "200")),
        "codec": Choice(("none", "gzip", "lz4", "zstd", "snappy")),
    },
    background=CLUSTER,
    steps=(
        Step("batch", "producer > broker1", asks(0), times=(1, None)),
        Step("batch-kept", reply_to="batch", sees="kafka.error == 0", times=(1, None)),
        Step("on-disk", "broker1", ON_DISK, times=(1, None), track="disk"),
    ),
)

OFFSET_FETCH = Step("ask-committed", f"consumer1 > {BROKERS}", asks(9))
NOT_COMMITTED = Step("none-committed", reply_to="ask-committed", sees="kafka.committed_offset == -1")
FETCH = Step("fetch", f"consumer1 > {BROKERS}", asks(1, BY_CONSUMER), times=(1, None))
FETCHED = Step("fetched", reply_to="fetch", sees="kafka.message_value", times=(1, None))
COMMIT = Step(
    "commit",
    f"consumer1 > {BROKERS}",
    asks(8),
    alone=Alone("offset-commit", asks(8, "kafka.consumer_group and kafka.committed_offset >= 0")),
)
COMMITTED = Step("committed", reply_to="commit", sees="kafka.error == 0")
BEGINNING = (
    Step("ask-beginning", f"consumer1 > {BROKERS}", asks(2, "kafka.offset_time == -2")),
    Step("beginning", reply_to="ask-beginning", sees="kafka.error == 0"),
)

consume = Experiment(
    "consume",
    "Ask, wait, and say how far you are",
    headline=headlines.consume,
    reset=(topic(1), At("producer", "produce orders 3")),
    run=(
        At(
            "consumer1",
            "consume orders --partition 0 --count 4 --commit 4 --wait {wait} --stay",
            background=True,
        ),
        At("consumer1", "reader read 3"),
        At("producer", "produce orders 1 --first 3"),
        At("consumer1", "reader read 4"),
    ),
    until="committed",
    knobs={"wait": Choice(("5000", "500"))},
    background=(*CLUSTER, *READING),
    steps=(
        OFFSET_FETCH,
        NOT_COMMITTED,
        *BEGINNING,
        Step("fetch", "consumer1 > broker1", asks(1, f"kafka.fetch_offset == 0 and {BY_CONSUMER}")),
        Step("fetched", reply_to="fetch", sees="kafka.message_value"),
        Step(
            "poll",
            "consumer1 > broker1",
            asks(1, f"kafka.fetch_offset == 3 and {BY_CONSUMER}"),
            times=(1, None),
        ),
        PRODUCE,
        Step("answered", reply_to="poll", sees="kafka.message_value"),
        COMMIT,
        COMMITTED,
        PRODUCED,
    ),
)

TIMED = "produce orders 3 --one-by-one --timestamps=-60,-30,-120"

timestamps = Experiment(
    "timestamps",
    "Later is not after",
    headline=headlines.timestamps,
    telling=("ask-time", "time-told"),
    reset=(topic(1, "message.timestamp.type={clock}"),),
    run=(At("producer", TIMED), At("consumer1", "consume orders --partition 0 --at={at}")),
    gather=(SEGMENTS,),
    knobs={"clock": Choice(("CreateTime", "LogAppendTime")), "at": Choice(("-45", "-90"))},
    background=(*CLUSTER, *READING),
    steps=(
        Step("produce", "producer > broker1", asks(0), times=(3, 3)),
        Step("produced", reply_to="produce", sees="kafka.error == 0", times=(3, 3)),
        Step("ask-time", "consumer1 > broker1", asks(2, "kafka.offset_time > 0")),
        Step("time-told", reply_to="ask-time", sees="kafka.error == 0"),
        FETCH,
        FETCHED,
        Step("on-disk", "broker1", ON_DISK, times=(3, 3), track="disk"),
    ),
)

STRICT = At("consumer1", "consume orders --partition 0 --commit 1 --strict", exits=(1,))

poison = Experiment(
    "poison",
    "The record that nobody can read",
    headline=headlines.poison,
    reset=(
        topic(1),
        At("producer", "produce orders 1"),
        At("producer", "produce orders 1 --raw ?"),
        At("producer", "produce orders 1 --first 2"),
    ),
    run=(STRICT, STRICT, At("consumer1", "consume orders --partition 0 --commit 1 --{third}", exits=(0, 1))),
    knobs={"third": Choice(("skip", "strict"))},
    background=(*CLUSTER, *READING),
    steps=(
        Step("ask-committed", f"consumer1 > {BROKERS}", asks(9), times=(3, 3), track="places"),
        NOT_COMMITTED,
        Step("stuck", reply_to="ask-committed", sees="kafka.committed_offset == 1", times=(2, 2)),
        FETCH,
        FETCHED,
        *where(
            "third == skip",
            Step("commit", f"consumer1 > {BROKERS}", asks(8), times=(3, 3), track="commits"),
            Step("committed", reply_to="commit", sees="kafka.error == 0", times=(3, 3)),
        ),
        *where(
            "third == strict",
            replace(COMMIT, id="commit-once", track="commits"),
            replace(COMMITTED, id="committed-once", reply_to="commit-once"),
        ),
    ),
)
