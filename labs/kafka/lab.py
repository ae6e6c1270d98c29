"""Kafka, as a river: three brokers that keep the same records, a producer, two consumers. The prose is in guides/kafka.md."""

from machinelab.authoring import At, Lab

from .failures import leader_killed, quorum
from .groups import group, lag
from .pictures import PICTURES
from .questions import QUESTIONS
from .records import batch, consume, poison, produce, timestamps
from .retries import idempotent, transaction
from .river import PLOTS
from .segments import compaction, retention

# Kafka's own topics are made before the first run, and where the guide says they are; then everybody does once what they will do.
GREET = (
    At(
        "producer",
        "topic __consumer_offsets 1 cleanup.policy=compact compression.type=producer segment.bytes=104857600"
        " + __transaction_state 1 cleanup.policy=compact segment.bytes=104857600 + orders 3",
    ),
    At("producer", "produce orders 3 --key alice,carol,dave"),
    At("producer", "transact orders commit 1", parallel=True),
    At("consumer1", "consume orders --commit 1"),
    At("consumer2", "consume orders --commit 1 --group others", parallel=True),
)

LAB = Lab(
    "kafka",
    (
        produce,
        batch,
        consume,
        timestamps,
        group,
        lag,
        leader_killed,
        idempotent,
        transaction,
        retention,
        compaction,
        poison,
        quorum,
    ),
    QUESTIONS,
    core=("produce", "consume", "group", "leader-killed", "idempotent", "transaction"),
    minutes=75,
    memory=600,
    warm_up=GREET,
    plots=PLOTS,
    pictures=PICTURES,
    descriptions={
        "producer": "librdkafka, aiokafka: writes",
        "consumer1": "librdkafka: reads",
        "consumer2": "librdkafka, aiokafka: reads",
        "broker1": "Apache Kafka 4.1: broker and controller",
        "broker2": "Apache Kafka 4.1: broker and controller",
        "broker3": "Apache Kafka 4.1: broker and controller",
    },
)
