"""What stays on the disk, and for how long."""

from machinelab.authoring import At, Choice, Experiment, Step

from . import headlines
from .common import BROKERS, BY_CONSUMER, CLUSTER, KEEP, KEPT, ON_DISK, READING, SEGMENTS, asks, topic

READ_ALL = At("consumer1", "consume orders --partition 0 --offset 0")
ROLL = At("broker1", "evidence idle")
FROM_0 = Step("fetch-first", "consumer1 > broker1", asks(1, f"kafka.fetch_offset == 0 and {BY_CONSUMER}"))
OLD = Step("write-old", "producer > broker1", asks(0))
OLD_KEPT = Step("old-kept", reply_to="write-old", sees="kafka.error == 0")
NEW = Step("write-new", "producer > broker1", asks(0))
NEW_KEPT = Step(
    "new-kept", reply_to="write-new", sees="kafka.error == 0", more={"kafka.base_offset": "old-kept"}
)
BEFORE = Step("before", "broker1", f"{ON_DISK} and segment.kept", track="kept")
AFTER = Step("after", "broker1", f"{ON_DISK} and not segment.kept", track="disk")

retention = Experiment(
    "retention",
    "Too old to keep",
    headline=headlines.retention,
    telling=("shorten", "out-of-range"),
    reset=(topic(1, "retention.ms=-1"),),
    run=(
        At("producer", "produce orders 3 --linger 100 --timestamps=-3600,-3600,-3600"),
        KEEP,
        At("producer", "configure orders retention.ms={retention}"),
        At("broker1", "evidence rolled orders-0"),
        At("producer", "produce orders 1 --first 3"),
        READ_ALL,
    ),
    gather=(SEGMENTS, KEPT),
    limit=40.0,
    knobs={"retention": Choice(("60000", "1800000"))},
    background=(*CLUSTER, *READING),
    steps=(
        OLD,
        OLD_KEPT,
        Step("shorten", f"producer > {BROKERS}", asks(44, 'kafka.config_key == "retention.ms"')),
        Step("shortened", reply_to="shorten", sees="kafka.error == 0"),
        NEW,
        NEW_KEPT,
        FROM_0,
        Step("out-of-range", reply_to="fetch-first", sees="kafka.error == 1"),
        Step("ask-beginning", "consumer1 > broker1", asks(2, "kafka.offset_time == -2")),
        Step("beginning", reply_to="ask-beginning", sees="kafka.error == 0"),
        Step(
            "fetch",
            "consumer1 > broker1",
            asks(1, f"kafka.fetch_offset == 3 and {BY_CONSUMER}"),
            times=(1, None),
        ),
        Step("fetched", reply_to="fetch", sees="kafka.message_value"),
        BEFORE,
        AFTER,
    ),
)

compaction = Experiment(
    "compaction",
    "The last word of each key",
    headline=headlines.compaction,
    reset=(topic(1, "cleanup.policy=compact", "segment.ms=1000", "min.cleanable.dirty.ratio=0.01"),),
    run=(
        At("producer", "produce orders 6 --linger 100 --key {keys}"),
        KEEP,
        ROLL,
        At("producer", "produce orders 1 --first 6 --key carol"),
        At("broker1", "evidence cleaned orders-0"),
        READ_ALL,
    ),
    gather=(SEGMENTS, KEPT),
    limit=40.0,
    knobs={"keys": Choice(("alice,bob", "alice", "alice,bob,dave"))},
    background=(*CLUSTER, *READING),
    steps=(
        OLD,
        OLD_KEPT,
        NEW,
        NEW_KEPT,
        FROM_0,
        Step("gaps", reply_to="fetch-first", sees="kafka.message_value"),
        BEFORE,
        Step("after", "broker1", f"{ON_DISK} and not segment.kept", times=(2, 2), track="disk"),
    ),
)
