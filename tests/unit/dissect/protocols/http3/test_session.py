"""HTTP/3's streams: frames cut out of any pieces, requests and replies, header blocks that come too early, any bytes at all."""

from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab import fields
from machinelab.dissect.core import Frame, PacketInfo, Raw, Source, Stream, View
from machinelab.dissect.protocols.http3 import dissector
from machinelab.dissect.protocols.http3.session import LONGEST, Brought, Connection
from tests.captures import containers
from tests.references import events

ODD, REAL = (events(path, decrypted=True) for path in containers.HTTP3)
GET = bytes.fromhex(
    "0000 d1 d7 c1"
)  # :method GET, :scheme https, :path / by their places in the static table
HEADERS = b"\x01" + bytes([len(GET)]) + GET
OK = b"\x01\x03\0\0\xd9"  # :status 200
DATA = b"\x00\x05hello"


def info(number: int) -> PacketInfo:
    return PacketInfo(number, Frame(number * 1000, b"", 0, Source(0, 1)), 0, 0)


def dissected(number: int, run: bytes, brought: Brought) -> dict[str, list[Raw]]:
    out: list[Raw] = []
    dissector.dissect(View(info(number), run, "frame", out), 0, len(run), brought)
    found: dict[str, list[Raw]] = {}
    for item in out:
        found.setdefault(item[0], []).append(item)
    assert found.keys() <= fields.registry().keys() | {"_ws.malformed"}
    return found


def test_a_reply_has_the_key_of_its_request() -> None:
    talk = Connection(Stream("udp", 3, 0))
    asked = talk.take(4, HEADERS, info(1), True)
    answered = talk.take(4, OK + DATA, info(2), False)
    assert asked.messages[0].exchange and asked.messages[0].exchange.topic == "GET /"
    one, other = answered.messages
    assert one.exchange and one.exchange.reply and one.exchange.key == asked.messages[0].exchange.key
    assert other.exchange is None
    assert dissected(1, HEADERS, asked)["http3.response_in"][0][1] == 2
    assert dissected(2, OK + DATA, answered)["http3.time"][0][1] == 1000


def test_a_frame_in_any_pieces() -> None:
    whole = OK + DATA
    for size in range(1, len(whole)):
        talk = Connection(Stream("udp", 3, 0))
        runs = [whole[at : at + size] for at in range(0, len(whole), size)]
        taken = [talk.take(0, run, info(number), False) for number, run in enumerate(runs, 1)]
        found = [
            dissected(number, run, each)
            for number, (run, each) in enumerate(zip(runs, taken, strict=True), 1)
        ]
        assert [item[1] for each in found for item in each.get("http3.data", ())] == [b"hello"]
        assert [item[1] for each in found for item in each.get("http3.headers.status", ())] == [200]
        last = taken[-1].messages[-1]
        assert sum(length for _, length in last.pieces) == len(last.data or b"")
        assert {number for part in last.before for number in part.frames} <= set(range(1, len(runs)))


def test_a_frame_that_is_too_long_is_passed_over() -> None:
    talk = Connection(Stream("udp", 3, 0))
    head = b"\x00" + (LONGEST + 1 | 2 << 30).to_bytes(4, "big")
    begun = talk.take(0, head + b"abc", info(1), False)
    assert "http3.cut" in dissected(1, head + b"abc", begun)
    left = LONGEST + 1 - 3
    assert talk.take(0, bytes(left), info(2), False).messages == []
    assert len(talk.take(0, OK, info(3), False).messages) == 1


def test_headers_before_the_instructions_that_they_need() -> None:
    """RFC 9204 §2.1.2: the stream is blocked until the encoder's stream has caught up."""
    talk = Connection(Stream("udp", 3, 0))
    settings_frame = b"\x00\x04\x05\x01\x50\x00\x07\x08"
    talk.take(3, settings_frame, info(1), False)  # the server allows a table of 4,096 bytes
    block = b"\x01\x03\x02\x00\x80"  # needs one insertion, and refers to it
    blocked = talk.take(0, block, info(2), True)
    assert "http3.header.qpack.blocked" in dissected(2, block, blocked)
    insert = b"\x02\x3f\xe1\x1f" + bytes.fromhex("c00f7777772e6578616d706c652e636f6d")
    talk.take(2, insert, info(3), True)
    assert dissected(2, block, blocked)["http3.headers.authority"][0][1] == "www.example.com"


def test_unidirectional_streams_say_what_they_are_for() -> None:
    kinds = {event["http3.stream_uni_type"] for event in REAL if "http3.stream_uni_type" in event}
    assert kinds == {0, 2, 3}
    capacity = [v for event in REAL for v in event.values("http3.settings.qpack.max_table_capacity")]
    assert capacity == [0, 4096]


def test_the_dynamic_table_is_followed() -> None:
    asked = [v for event in ODD for v in event.values("http3.headers.path")]
    assert asked == ["/one", "/two", "/three", "/four", "/five", "/early", "/chacha"]
    assert any("http3.qpack.encoder.opcode.insert" in event for event in ODD)
    names = [event.values("http3.header.header.name") for event in ODD]
    assert any("x-trailer" in each for each in names)


@given(st.lists(st.tuples(st.integers(0, 12), st.booleans(), st.binary(min_size=1, max_size=60)), max_size=8))
@settings(max_examples=200)
def test_any_bytes(pieces: list[tuple[int, bool, bytes]]) -> None:
    talk = Connection(Stream("udp", 3, 0))
    for number, (stream, to_server, run) in enumerate(pieces, 1):
        brought = talk.take(stream, run, info(number), to_server)
        dissected(number, run, brought)
        dissector.said(run, brought)
