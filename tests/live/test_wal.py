"""The WAL lab on real servers: what knobs must turn round."""

import json

import pytest

from . import labs

pytestmark = [pytest.mark.live, labs.of("wal")]

INSTANCE = labs.INSTANCE
# Turned each time; what else there is to turn, in the long tests.
TURNED = ()


def _run(lab, experiment, *settings):
    words = [word for setting in settings for word in ("--set", setting)]
    told = lab("run", "wal", experiment, *words, "--json", "--as", INSTANCE)
    result = json.loads(told.stdout)
    assert result["missing"] == [] and result["unclaimed"] == [], told.stdout
    assert result["ok"] and told.returncode == 0
    return result


def _events(lab, experiment, step):
    told = lab("events", "wal", experiment, "--step", step, "--json", "--as", INSTANCE)
    return [json.loads(line) for line in told.stdout.splitlines()]


def test_every_acknowledged_row_outlives_the_crash(lab):
    _run(lab, "crash", "flushes=60")
    promised = sum(len(event["fields"]["pgsql.tag"]) for event in _events(lab, "crash", "acknowledged"))
    (row,) = _events(lab, "crash", "count")
    found = int(bytes.fromhex(row["fields"]["pgsql.val.data"][0]))
    asked = sum(len(event["fields"]["pgsql.query"]) for event in _events(lab, "crash", "inserts"))
    assert 0 < promised <= found <= asked


def test_the_kill_and_the_redo_stand_in_one_list_with_packets(lab):
    _run(lab, "crash")
    told = lab("events", "wal", "crash", "--as", INSTANCE)
    order = [
        told.stdout.index(word)
        for word in ("acknowledged", "killed", "redo-starts", "redo-done", "ask-count")
    ]
    assert order == sorted(order)


def test_what_was_not_waited_for_is_lost(lab):
    _run(lab, "lost")
    (row,) = _events(lab, "lost", "count")
    assert bytes.fromhex(row["fields"]["pgsql.val.data"][0]) == b"0"
    _run(lab, "lost", "mode=on")
    (row,) = _events(lab, "lost", "count")
    assert bytes.fromhex(row["fields"]["pgsql.val.data"][0]) == b"1"


def test_several_runs_make_a_picture(lab):
    _run(lab, "group", "clients=2")
    data = json.loads(lab("plot", "wal", "latency", "--json", "--as", INSTANCE).stdout)
    assert 2 in {x for series in data["series"] for x, _ in series["points"]}


def test_the_worksheet_is_graded_from_ones_own_run(lab):
    _run(lab, "torn")
    told = lab("worksheet", "wal", "--answer", "survivors=2", "--json", "--as", INSTANCE)
    assert json.loads(told.stdout)["ok"], told.stdout
    told = lab("worksheet", "wal", "--answer", "survivors=3", "--json", "--as", INSTANCE)
    assert not json.loads(told.stdout)["ok"]
