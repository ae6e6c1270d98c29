"""The Kafka lab on real servers: every experiment once, as a learner would type it; knobs; what a crash costs, counted by others."""

import json
import re
import subprocess

import pytest

from machinelab import catalog

from . import labs

pytestmark = pytest.mark.live

INSTANCE = "test"
LAST = "leader-killed"  # its crash is counted right after it
EXPERIMENTS = [one.id for one in catalog.load_lab("kafka").experiments if one.id != LAST]
KNOBS = [
    ("produce", "acks=1"),
    ("produce", "acks=0"),
    ("batch", "codec=zstd"),
    ("timestamps", "clock=LogAppendTime"),
    ("group", "protocol=consumer"),
    ("idempotent", "idempotent=no"),
    ("transaction", "end=abort"),
]
MEMORY = 2.5 * 2**30  # bytes: what the lab may take, clients and all


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def lab(home):
    with labs.up("kafka", home, INSTANCE) as typed:
        yield typed


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_experiment_is_as_the_guide_says(lab, experiment):
    told = lab("run", "kafka", experiment, "--as", INSTANCE, "--json")
    result = json.loads(told.stdout)
    assert result["missing"] == [] and result["unclaimed"] == [], told.stdout
    assert result["ok"] and told.returncode == 0


@pytest.mark.parametrize(("experiment", "knob"), KNOBS, ids=lambda value: value)
def test_a_knob_changes_the_packets_and_not_the_story(lab, experiment, knob):
    told = lab("run", "kafka", experiment, "--set", knob, "--as", INSTANCE, "--json")
    assert json.loads(told.stdout)["ok"], told.stdout


@pytest.mark.parametrize(
    ("acks", "lost", "order"), [("all", 0, "order-41"), ("1", 5, "order-46")], ids=["all", "1"]
)
def test_what_a_crash_costs_is_what_another_reader_counts(lab, acks, lost, order):
    """47 orders were given away; a reader that is no part of the run counts what there is of them."""
    told = lab("run", "kafka", LAST, "--set", f"acks={acks}", "--as", INSTANCE, "--json")
    assert json.loads(told.stdout)["ok"], told.stdout
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
    for question, answer in (("lost", lost), ("whose-41", order)):
        graded = lab("worksheet", "kafka", "--answer", f"{question}={answer}", "--as", INSTANCE)
        assert graded.returncode == 0, graded.stdout + graded.stderr


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
