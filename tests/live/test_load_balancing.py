"""The load-balancing lab on real balancers: what each knob changes."""

import json
from collections import Counter

import pytest

from . import labs

pytestmark = [pytest.mark.live, labs.of("load-balancing")]

INSTANCE = labs.INSTANCE
# Turned each time; what else there is to turn, in the long tests.
TURNED = [
    ("doors", "proxy=v1"),
    ("affinity", "by=source"),
    ("failover", "checks=passive"),
    ("comeback", "slowstart=0"),
    ("drain", "state=maint"),
    ("order", "retry=safe"),
]


def run(lab, experiment, *knobs):
    words = [word for knob in knobs for word in ("--set", knob)]
    told = lab("run", "load-balancing", experiment, *words, "--as", INSTANCE, "--json")
    result = json.loads(told.stdout)
    assert result["missing"] == [] and result["unclaimed"] == [], told.stdout
    assert result["ok"] and told.returncode == 0
    return result


def shown(lab, experiment, step):
    """The packets of a step, as scripts have them."""
    told = lab("packets", "load-balancing", experiment, "--step", step, "--as", INSTANCE, "--json")
    return [json.loads(line) for line in told.stdout.splitlines()]


@pytest.mark.parametrize(("hash", "moves"), [("consistent", False), ("map-based", True)])
def test_who_moves_when_a_server_leaves(lab, hash, moves):
    run(lab, "keys", f"hash={hash}")
    places = []
    for step in ("first-round", "second-round"):
        found = shown(lab, "keys", step)
        places.append(
            {p["fields"]["http.request.uri.path"][0]: p["fields"]["sighting.path"][0] for p in found}
        )
    first, second = places
    assert len(first) == len(second) == 48
    healthy = [key for key, way in first.items() if "web2" not in way]
    assert any(first[key] != second[key] for key in healthy) is moves


def test_least_connections_spares_the_slow_one(lab):
    shares = {}
    for algorithm in ("roundrobin", "leastconn"):
        run(lab, "slow", f"algorithm={algorithm}")
        shares[algorithm] = len(
            {p["number"] for p in shown(lab, "slow", "to-web3") if not p["fields"].get("again")}
        )
    assert shares["leastconn"] < shares["roundrobin"] // 2


def test_without_retries_every_refusal_is_an_error(lab):
    run(lab, "failover", "checks=none", "retries=0")
    away, knocks = shown(lab, "failover", "turned-away"), shown(lab, "failover", "refused")
    assert len(away) == len(knocks) > 5


def test_a_kept_connection_stays_where_it_is_at_layer_four(lab):
    counts = {}
    for door in ("l4", "l7"):
        run(lab, "kept", f"door={door}")
        ways = Counter(p["fields"]["sighting.path"][0] for p in shown(lab, "kept", "one-connection"))
        counts[door] = len(ways)
    assert counts == {"l4": 1, "l7": 3}


def carried_out(lab):
    """The orders in each server's own log, answered or not."""
    logs = (
        lab("shell", "load-balancing", web, "--as", INSTANCE, "--", "cat", "/run/access.log").stdout
        for web in ("web1", "web2", "web3")
    )
    return [log.count('"POST /order') for log in logs]


def test_a_retried_order_is_carried_out_twice(lab):
    before = carried_out(lab)
    run(lab, "order", "retry=everything")
    assert [now - was for was, now in zip(before, carried_out(lab), strict=True)] == [1, 1, 0]
    (lost,) = shown(lab, "order", "lost")
    assert lost["fields"]["proxied.in_vain"] == [True]
    ids = [line for line in lost["fields"]["http.request.line"] if line.lower().startswith("x-request-id")]
    again = next(packet for packet in shown(lab, "order", "again") if "proxied.added" in packet["fields"])
    assert ids[0].strip() in again["fields"]["proxied.added"]


def test_the_worksheet_is_graded_from_the_run(lab):
    run(lab, "failover")
    told = lab("worksheet", "load-balancing", "--answer", "failures=1", "--as", INSTANCE)
    assert told.returncode == 0, told.stdout + told.stderr
    assert lab("worksheet", "load-balancing", "--answer", "failures=0", "--as", INSTANCE).returncode == 1
