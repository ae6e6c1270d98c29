"""The WebSocket lab's second witness: what the library says of each frame that it sent and received, beside the packets."""

import json
import re

import pytest

from . import labs

pytestmark = [pytest.mark.live, labs.of("websockets")]

INSTANCE = labs.INSTANCE
LOG = "/run/lab/frames.log"
# `1796079683.1 > TEXT 'hello' [5 bytes]`, `< PONG 62 65 … [text, 6 bytes]`, `> CONT '' [text, 0 bytes]`, `< CLOSE 1000 (OK) done [6 bytes]`
FRAME = re.compile(
    r"[\d.]+ ([<>]) (TEXT|BINARY|CONT|PING|PONG|CLOSE) .*?(\d+) bytes?(, continued)?\]$", re.MULTILINE
)
OPCODES = {"CONT": 0, "TEXT": 1, "BINARY": 2, "CLOSE": 8, "PING": 9, "PONG": 10}


@pytest.mark.parametrize("experiment", ["frames", "fragments", "closes"])
def test_the_library_and_the_wire_agree_on_every_frame(lab, experiment):
    lab("shell", "websockets", "client", "--as", INSTANCE, "--", "truncate", "-s", "0", LOG)
    lab("run", "websockets", experiment, "--as", INSTANCE)
    log = lab("shell", "websockets", "client", "--as", INSTANCE, "--", "cat", LOG).stdout
    told = [(way == ">", OPCODES[name], int(size)) for way, name, size, _ in FRAME.findall(log)]
    shown = lab(
        "packets", "websockets", experiment, "--filter", "websocket", "--json", "--as", INSTANCE
    ).stdout
    seen = [frame for line in shown.splitlines() for frame in frames(json.loads(line)["fields"])]
    assert len(told) >= 4
    # Each side's frames in their order; how the two interleave is seen at two places, and may differ.
    for client in (True, False):
        assert [each for each in seen if each[0] == client] == [each for each in told if each[0] == client]


def frames(fields):
    """Of one packet: whether the client sent it, the opcode, the payload's length; for each of its frames."""
    wide = iter(fields.get("websocket.payload_length_ext_16", []))
    for mask, opcode, length in zip(
        fields["websocket.mask"], fields["websocket.opcode"], fields["websocket.payload_length"], strict=True
    ):
        size = int(next(wide)) if length == "126" else int(length)
        yield mask is True, int(opcode), size


def test_a_slow_reader_costs_the_server_its_time_and_no_memory(lab):
    """The server's own account: how long it stood still, and that no message was kept beyond its limit."""
    lab("run", "websockets", "slow-reader", "--as", INSTANCE)
    log = lab("shell", "websockets", "server", "--as", INSTANCE, "--", "cat", "/run/lab/feed.log").stdout
    waits = [float(wait) for wait in re.findall(r"waited ([\d.]+) s", log)]
    assert len(waits) == 10 and 1 < max(waits) < 3
    assert sum(wait > 1 for wait in waits) == 1
