"""What stays on the disk, and for how long."""

from machinelab.authoring import At, Experiment, Step

from .common import CLUSTER, READING, asks, topic
from .records import FETCH, FETCHED

READ_ALL = At("consumer1", "consume orders --partition 0 --offset 0")
ROLL = At("broker1", "evidence idle")

retention = Experiment(
    "retention",
    "Too old to keep",
    reset=(topic(1, "retention.ms=60000", "segment.ms=1000"),),
    run=(
        At("producer", "produce orders 3 --timestamps=-3600,-3600,-3600"),
        At("broker1", "evidence keep orders-0"),
        ROLL,
        At("producer", "produce orders 1 --first 3"),
        At("broker1", "evidence rolled orders-0"),
        READ_ALL,
    ),
    background=(*CLUSTER, *READING),
    steps=(
        FETCH,
        FETCHED,
    ),
)

compaction = Experiment(
    "compaction",
    "The last word of each key",
    reset=(topic(1, "cleanup.policy=compact", "segment.ms=1000", "min.cleanable.dirty.ratio=0.01"),),
    run=(
        At("producer", "produce orders 6 --key alice,bob"),
        At("broker1", "evidence keep orders-0"),
        ROLL,
        At("producer", "produce orders 1 --first 6 --key carol"),
        At("broker1", "evidence cleaned orders-0"),
        READ_ALL,
    ),
    background=(*CLUSTER, *READING),
    steps=(
        FETCH,
        FETCHED,
    ),
)
