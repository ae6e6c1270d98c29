"""The realtime lab's second witness: the two programs' clocks against the capture's, and what a client got against what was on the wire."""

import json
import re

import pytest

from . import labs

pytestmark = [pytest.mark.live, labs.of("realtime")]

INSTANCE = labs.INSTANCE
LINE = re.compile(r"([\d.]+) message (\d+) made ([\d.]+)")
CARRIED = {
    "poll": "http.response.code == 200 and json",
    "events": "sse.data",
    "websocket": "websocket.opcode == 1",
    "channel": "sctp.data_payload_proto_id == 51",
}
SLACK = 0.002  # s; the tap stamps a frame on the bridge, a program reads the clock once it runs


def noted(lab):
    """The client's own log: number → when it was made, when it came."""
    log = lab("shell", "realtime", "client", "--as", INSTANCE, "--", "cat", "/run/lab/arrivals.log").stdout
    return {int(number): (float(made), float(came)) for came, number, made in LINE.findall(log)}


def shown(lab, experiment, expression):
    """The packets that a filter gives, each with its time and fields."""
    found = lab("packets", "realtime", experiment, "--filter", expression, "--json", "--as", INSTANCE).stdout
    return [json.loads(line) for line in found.splitlines()]


@pytest.mark.parametrize("experiment", CARRIED)
def test_a_message_is_on_the_wire_after_it_was_made_and_before_it_is_had(lab, experiment):
    lab("run", "realtime", experiment, "--as", INSTANCE)
    told = noted(lab)
    assert sorted(told) == [1, 2, 3, 4, 5]
    times = [float(packet["time"]) for packet in shown(lab, experiment, CARRIED[experiment])]
    for made, came in told.values():
        assert any(made - SLACK <= time <= came + SLACK for time in times), (made, came, times)


def test_what_the_data_channel_says_is_what_the_program_got(lab):
    lab("run", "realtime", "channel", "--as", INSTANCE)
    told = noted(lab)
    said = [
        bytes.fromhex(packet["fields"]["data.data"][0])
        for packet in shown(lab, "channel", CARRIED["channel"])
    ]
    assert {each["n"]: float(each["made"]) for each in map(json.loads, said)} == {
        number: made for number, (made, _) in told.items()
    }


@pytest.mark.parametrize(("over", "gone"), [("socket", set()), ("ordered", set()), ("loose", {3})])
def test_what_is_lost_is_lost_for_the_program(lab, over, gone):
    lab("run", "realtime", "lost", "--set", f"over={over}", "--as", INSTANCE)
    assert set(noted(lab)) == set(range(1, 9)) - gone


def test_a_buffer_shows_on_both_sides_of_the_proxy(lab):
    """What the client waited is what the proxy kept: the first event's time on either side of it."""
    lab("run", "realtime", "buffered", "--as", INSTANCE)
    made, came = noted(lab)[1]
    events = shown(lab, "buffered", "sse.data")
    first, last = (float(events[at]["time"]) for at in (0, -1))
    assert abs((last - first) - (came - made)) < 0.1 and came - made > 1
