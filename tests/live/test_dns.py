"""The DNS lab on real servers: ."""

import json

import pytest

from . import labs

pytestmark = [pytest.mark.live, labs.of("dns")]

INSTANCE = labs.INSTANCE
# Turned each time; what else there is to turn, in the long tests.
TURNED = (("cold", "type=AAAA"),)


def test_a_knob_changes_the_packets(lab):
    lab("run", "dns", "cold", "--set", "type=AAAA", "--as", INSTANCE)
    told = lab("packets", "dns", "cold", "--step", "ask-resolver", "--json", "--as", INSTANCE)
    assert json.loads(told.stdout.splitlines()[0])["fields"]["dns.qry.type"] == ["28"]


def test_a_name_that_does_not_exist_says_what_came_instead(lab):
    told = lab("run", "dns", "cold", "--set", "name=nosuch.example.test", "--as", INSTANCE)
    assert told.returncode == 1
    assert "NXDOMAIN" in told.stdout


def test_a_command_of_ones_own_is_annotated(lab):
    for _ in range(2):  # whatever the resolver knew before, it knows the name the second time
        told = lab("try", "dns", "stub", "--as", INSTANCE, "--", "dig", "+short", "www.example.test")
        assert told.returncode == 0, told.stderr
    # One question, answered from the cache: no experiment, but a message that the guide explains by itself.
    assert "198.51.100.80" in told.stdout and "query: The question is for the whole answer" in told.stdout


def test_a_knob_reaches_no_shell(lab):
    told = lab("run", "dns", "cold", "--set", "name='; touch /tmp/owned'", "--as", INSTANCE)
    assert "Traceback" not in told.stderr
    assert lab("shell", "dns", "stub", "--as", INSTANCE, "--", "test", "-e", "/tmp/owned").returncode == 1


def test_two_learners_have_addresses_of_their_own(lab):
    try:
        assert lab("up", "dns", "--as", "neighbour").returncode == 0
        told = lab("run", "dns", "cold", "--as", "neighbour", "--json")
        assert json.loads(told.stdout)["ok"], told.stdout
    finally:
        assert lab("down", "dns", "--as", "neighbour").returncode == 0


def test_live_prints_each_packet_and_the_verdict(lab):
    told = lab("run", "dns", "cold", "--live", "--as", INSTANCE)
    assert told.returncode == 0, told.stderr
    assert "ask-root" in told.stdout and "10 of 10 steps" in told.stdout


def test_what_the_nodes_use_is_told(lab):
    told = lab("ps", "--stats", "--json")
    rows = [json.loads(line) for line in told.stdout.splitlines()]
    mine = [row for row in rows if row["lab"] == "dns" and row["instance"] == INSTANCE]
    assert len(mine) == 8 and all(0 < row["memory"] < 1 << 28 for row in mine), told.stdout + told.stderr
