"""The Kafka lab on real servers: knobs; what a crash costs, counted by others."""

import json
import re
import subprocess
import time

import pytest

from machinelab.dissect.protocols.kafka.schema import title
from machinelab.sources.kinds import kafkasegments
from tests.captures import dumped

from . import kafka_truth as truth
from . import labs

pytestmark = [pytest.mark.live, labs.of("kafka")]

INSTANCE = labs.INSTANCE
LAST = "leader-killed"  # its crash is counted right after it
# Turned each time; what else there is to turn, in the long tests.
TURNED = [
    ("batch", "codec=zstd"),
    ("timestamps", "clock=LogAppendTime"),
    ("idempotent", "idempotent=no"),
    ("transaction", "end=abort"),
]
# Several at once.
KNOBS = [
    ("produce", "acks=1 partitions=6"),
    ("produce", "acks=0 partitions=1 client=aiokafka"),
    ("group", "protocol=consumer partitions=4 clients=3"),
    ("group", "client=aiokafka partitions=1 clients=3"),
]
# What differs less from those: in the long tests alone.
MORE = [
    ("batch", "batch=200 codec=gzip"),
    ("group", "protocol=consumer partitions=1"),
    ("group", "protocol=consumer partitions=2 client=aiokafka"),
    ("transaction", "end=abort isolation=read_uncommitted"),
]
MEMORY = 2.5 * 2**30  # bytes: what the lab may take, clients and all


@pytest.mark.parametrize(
    ("experiment", "knobs"), [*KNOBS, *(pytest.param(*pair, marks=pytest.mark.soak) for pair in MORE)]
)
def test_a_knob_changes_the_packets_and_not_the_story(lab, experiment, knobs):
    turned = [word for knob in knobs.split() for word in ("--set", knob)]
    told = lab("run", "kafka", experiment, *turned, "--as", INSTANCE, "--json")
    assert json.loads(told.stdout)["ok"], told.stdout


@pytest.mark.parametrize(
    ("acks", "lost", "order", "gave"),
    [("all", 0, "order-41", "kept-at-last"), ("1", 5, "order-46", "next-kept")],
    ids=["all", "1"],
)
def test_what_a_crash_costs_is_what_another_reader_counts(lab, acks, lost, order, gave):
    """47 orders were given away; a reader that is no part of the run counts what there is of them."""
    told = lab("run", "kafka", LAST, "--set", f"acks={acks}", "--as", INSTANCE, "--json")
    run = json.loads(told.stdout)
    assert run["ok"], told.stdout
    (reply, *_) = next(step["events"] for step in run["steps"] if step["id"] == gave)
    words = ("consume", "orders", "--partition", "0", "--offset", "0", "--group", "auditor")
    read = subprocess.run(
        ["docker", "exec", f"machinelab-kafka-{INSTANCE}-consumer2-1", *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout
    values = re.findall(r"offset \d+: (order-\d+) ", read)
    assert len(values) == 47 - lost and values[41] == order, read
    # The worksheet asks of the default who got offset 41, and of acks=1 what was lost.
    for question, answer in [("lost", lost)] if acks == "1" else [("whose-41", reply)]:
        graded = lab("worksheet", "kafka", "--answer", f"{question}={answer}", "--as", INSTANCE)
        assert graded.returncode == 0, graded.stdout + graded.stderr


def test_every_request_on_the_wire_is_the_one_that_the_broker_says_it_answered(lab):
    """The broker's own log of requests: API, version, number, client; none too many, none missing."""
    node = f"machinelab-kafka-{INSTANCE}-broker1-1"
    truth.log_requests(node, 1, "DEBUG")
    try:
        assert lab("run", "kafka", "consume", "--as", INSTANCE).returncode == 0
        told = lab("packets", "kafka", "consume", "--as", INSTANCE, "--filter", "kafka.request_key", "--json")
        seen = truth.seen([json.loads(line) for line in told.stdout.splitlines()], "broker1")
        # What was waiting when the capture ended is answered, and logged, half a second later.
        end = time.monotonic() + 10
        while not set(seen) <= set(truth.logged(node)[0]) and time.monotonic() < end:
            time.sleep(0.2)
    finally:
        truth.log_requests(node, 1, "WARN")
    logged, names = truth.logged(node)
    assert truth.between(logged, seen) == set(seen)
    # What is asked of the leader of `orders`; which broker is asked for the metadata is a client's own choice.
    assert {0, 1, 2} <= {one.api for one in seen}
    assert len({one.client for one in seen}) > 3, "two brokers, producer, consumer"
    for api, name in names.items():
        assert title(api).upper() == name.replace("_", "")


@pytest.mark.parametrize("node", ["broker1", "broker2"])
def test_a_brokers_files_are_as_kafkas_own_tool_reads_them(lab, node):
    """Whatever partition has something in it by now: orders, and what groups and transactions are kept in."""
    name = f"machinelab-kafka-{INSTANCE}-{node}-1"
    # Enough for entries in the indexes: one for every 4 KiB (index.interval.bytes).
    truth.on(
        f"machinelab-kafka-{INSTANCE}-producer-1",
        *("produce", "orders", "600", "--batch", "3000", "--partition", "0"),
    )
    for partition in ("orders-0", "__consumer_offsets-0"):
        said = truth.dump(name, partition)
        events = kafkasegments.load(truth.on(name, "evidence", "segments", partition), node)
        assert dumped.batches_agree(events, said) and dumped.records_agree(events, said)
        assert partition != "orders-0" or dumped.keys_agree(events, said)
        entries = dumped.indexes_agree(events, said)
        assert partition != "orders-0" or entries > 2


def test_three_brokers_and_their_clients_fit_into_their_memory(lab):
    """By the kernel's count of each container, caches of files and all."""
    ps = subprocess.run(
        ["docker", "ps", "-q", "--filter", f"name=machinelab-kafka-{INSTANCE}-"],
        capture_output=True,
        text=True,
        check=True,
    )
    stats = ["docker", "stats", "--no-stream", "--format", "{{.MemUsage}}", *ps.stdout.split()]
    told = subprocess.run(stats, capture_output=True, text=True, timeout=60, check=True).stdout
    used = [_bytes(line.split(" / ")[0]) for line in told.splitlines()]
    assert len(used) == 6 and sum(used) < MEMORY, told


def _bytes(text: str) -> float:
    units = {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
    return float(text[:-3]) * units[text[-3:]] if text[-3:] in units else 0.0


def test_a_command_of_ones_own_is_annotated(lab):
    told = lab("try", "kafka", "consumer1", "--as", INSTANCE, "--", "kcat", "-b", "broker1", "-L")
    assert told.returncode == 0, told.stderr
    assert "broker3" in told.stdout
