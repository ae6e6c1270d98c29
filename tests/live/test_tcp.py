"""The TCP lab on real stacks: every experiment once, as a learner would type it, and the knobs that change what happens."""

import json

import pytest

from machinelab import catalog

from . import labs

pytestmark = pytest.mark.live

INSTANCE = "test"
EXPERIMENTS = [experiment.id for experiment in catalog.load_lab("tcp").experiments]
KNOBS = (
    ("handshake", "server=plain"),
    ("refused", "by=refuse"),
    ("dropped", "wait=3"),
    ("close", "how=abort"),
    ("loss", "server=plain"),
    ("tail-loss", "lost=1"),
    ("slow-start", "congestion=bbr"),
    ("syn-flood", "server=plain"),
    ("nagle", "nodelay=yes"),
    ("keepalive", "peer=gone"),
    ("pmtu", "icmp=muted"),
    ("reset", "seq=near"),
    ("overlap", "how=early"),
)


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    with labs.up("tcp", tmp_path_factory.mktemp("home"), INSTANCE) as typed:
        yield typed


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_experiment_is_as_the_guide_says(lab, experiment):
    told = lab("run", "tcp", experiment, "--as", INSTANCE, "--json")
    result = json.loads(told.stdout)
    assert result["missing"] == [] and result["unclaimed"] == [], told.stdout
    assert result["ok"] and told.returncode == 0


@pytest.mark.parametrize(("experiment", "knob"), KNOBS)
def test_a_knob_changes_what_happens_as_the_guide_says(lab, experiment, knob):
    told = lab("run", "tcp", experiment, "--set", knob, "--as", INSTANCE, "--json")
    assert json.loads(told.stdout)["ok"], told.stdout


def test_no_segment_is_longer_than_the_wire_takes_and_every_sum_is_right(lab):
    lab("run", "tcp", "loss", "--as", INSTANCE)
    told = lab("packets", "tcp", "loss", "--filter", "tcp.len > 1448", "--json", "--as", INSTANCE)
    assert told.returncode == 0 and told.stdout == ""


def test_time_wait_is_what_the_closing_side_keeps(lab):
    lab("run", "tcp", "close", "--set", "how=whole", "--as", INSTANCE)
    told = lab("shell", "tcp", "client", "--as", INSTANCE, "--", "ss", "-tan", "state", "time-wait")
    assert ":9500" in told.stdout
