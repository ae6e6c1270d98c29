"""The TCP lab on real stacks: the knobs that change what happens."""

import pytest

from . import labs

pytestmark = [pytest.mark.live, labs.of("tcp")]

INSTANCE = labs.INSTANCE
# Turned each time; what else there is to turn, in the long tests.
TURNED = (
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


def test_no_segment_is_longer_than_the_wire_takes_and_every_sum_is_right(lab):
    lab("run", "tcp", "loss", "--as", INSTANCE)
    told = lab("packets", "tcp", "loss", "--filter", "tcp.len > 1448", "--json", "--as", INSTANCE)
    assert told.returncode == 0 and told.stdout == ""


def test_time_wait_is_what_the_closing_side_keeps(lab):
    lab("run", "tcp", "close", "--set", "how=whole", "--as", INSTANCE)
    told = lab("shell", "tcp", "client", "--as", INSTANCE, "--", "ss", "-tan", "state", "time-wait")
    assert ":9500" in told.stdout
