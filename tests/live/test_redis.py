"""The Redis lab's second witness: the server's own counters, its slow log, its file, its nodes, beside what the packets show."""

import json
import re

import pytest

from . import labs

pytestmark = [pytest.mark.live, labs.of("redis")]

INSTANCE = labs.INSTANCE
# Turned each time; what else there is to turn, in the long tests.
TURNED = (("replica", "gap=large"), ("expiry", "active=0"))


def _run(lab, experiment, *settings):
    words = [word for setting in settings for word in ("--set", setting)]
    told = lab("run", "redis", experiment, *words, "--json", "--as", INSTANCE)
    result = json.loads(told.stdout)
    assert result["ok"] and result["missing"] == [] and result["unclaimed"] == [], told.stdout


def _events(lab, experiment, step):
    told = lab("events", "redis", experiment, "--step", step, "--json", "--as", INSTANCE)
    return [json.loads(line) for line in told.stdout.splitlines()]


def _values(lab, experiment, step, field):
    return [value for event in _events(lab, experiment, step) for value in event["fields"].get(field, [])]


def _ask(lab, node, *words):
    return lab("shell", "redis", node, "--as", INSTANCE, "--", "redis-cli", *words).stdout


def _counter(text, name):
    return int(re.search(rf"^{name}:(\d+)", text, re.MULTILINE)[1])


@pytest.mark.parametrize("depth", [10, 100])
def test_the_server_read_as_often_as_the_client_waited(lab, depth):
    _run(lab, "pipeline", f"depth={depth}")
    (text,) = _values(lab, "pipeline", "stats", "resp.text")
    # One more for the question itself, and one for the end of the connection that reset the counters.
    assert 100 // depth <= _counter(text, "total_reads_processed") - 1 <= 100 // depth + 3
    assert _counter(text, "total_commands_processed") >= 100


def test_the_slow_log_knows_who_held_up_the_others(lab):
    _run(lab, "slow")
    (log,) = _events(lab, "slow", "slowlog")
    assert "KEYS" in log["fields"]["resp.text"]
    microseconds = max(map(int, log["fields"]["resp.integer"][2:]))
    (waited,) = _values(lab, "slow", "slow-over", "resp.time")
    assert microseconds / 1e6 <= float(waited)
    late = [float(each) for each in _values(lab, "slow", "held-up", "resp.time")]
    assert late and max(late) <= float(waited) + 0.1


@pytest.mark.parametrize("death", ["power", "process"])
def test_what_is_lost_is_what_is_not_in_the_file(lab, death):
    _run(lab, "crash", f"death={death}")
    told = len(_values(lab, "crash", "paid", "resp.string"))
    (there,) = map(int, _values(lab, "crash", "count", "resp.integer"))
    assert there == len(_events(lab, "crash", "kept"))
    assert told - there >= 55 if death == "power" else told <= there
    checked = lab(
        "shell", "redis", "server", "--as", INSTANCE, "--",
        "setpriv", "--reuid", "lab", "--regid", "lab", "--init-groups", "redis-check-aof", "/data/redis/appendonlydir/appendonly.aof.manifest",
    )  # fmt: skip
    assert "All AOF files and manifest are valid" in checked.stdout


def test_the_child_copied_what_its_memory_shows(lab):
    _run(lab, "fork")
    (text,) = _values(lab, "fork", "persistence", "resp.text")
    sizes = [int(each) for each in _values(lab, "fork", "parent-memory", "smaps.private")]
    grown = max(sizes) - sizes[0]
    assert 3.9e6 < grown < 7e6  # a thousand pages of 4,096 bytes, and a little
    assert abs(_counter(text, "rdb_last_cow_size") - grown) < 3e6


def test_the_master_counts_one_full_and_one_partial(lab):
    _run(lab, "replica")
    text = _ask(lab, "server", "info", "stats")
    assert [_counter(text, f"sync_{name}") for name in ("full", "partial_ok")] == [1, 1]
    _run(lab, "replica", "gap=large")
    text = _ask(lab, "server", "info", "stats")
    assert [_counter(text, f"sync_{name}") for name in ("full", "partial_ok")] == [2, 0]


def test_offers_that_ended_are_counted_by_the_server(lab):
    for active, cleared in (("1", 20), ("0", 1)):
        _run(lab, "expiry", f"active={active}")
        text = _values(lab, "expiry", "stats", "resp.text")[0]
        assert _counter(text, "expired_keys") == cleared
