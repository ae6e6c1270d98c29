"""RESP, on bytes as Redis sent them; hiredis, the parser of Redis's own clients, reads the same values; no bytes make it fail."""

from collections.abc import Iterator, Mapping, Sequence

import hiredis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab import fields
from machinelab.dissect.core import Frame, PacketInfo, Part, Raw, Sender, Source, View
from machinelab.dissect.packet import Cache, event
from machinelab.dissect.protocols.resp import dissector
from machinelab.dissect.protocols.resp.session import MessageState
from machinelab.dissect.registry import by_first_bytes
from machinelab.dissect.walk import Walker
from machinelab.model import Event, Exchange
from tests.unit.correlate.wires import TCP, Wire

from .replies import MARK, MONITORED, RESYNC, SNAPSHOT, VERSION_2, VERSION_3

APPLICATION = dissector.APPLICATIONS[0]
CLIENT, SERVER = ("10.0.1.7", 40001), ("198.19.0.9", 6379)
EVERY = {**VERSION_2, **{f"{name} (3)": reply for name, reply in VERSION_3.items()}}


def request(*words: str) -> bytes:
    """A request, as every client writes it: an array of strings."""
    each = (word.encode() for word in words)
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in each)


def dissected(message: bytes, kind: str = "reply") -> list[Raw]:
    out: list[Raw] = []
    info = PacketInfo(1, Frame(0, message, len(message), Source(0, 1)), 0, 0)
    part = Part(APPLICATION, 0, len(message), state=MessageState(kind))
    dissector.dissect(View(info, message, "frame", out), part)
    return out


class Talk:
    """A connection: what the client and the server send, in turn, each in a packet of its own."""

    def __init__(self, port: int = 6379) -> None:
        self.walker, self.sent = Walker(), {True: 1, False: 1}
        self.ends = {True: (CLIENT, (SERVER[0], port)), False: ((SERVER[0], port), CLIENT)}

    def say(self, payload: bytes, to_server: bool) -> Event:
        src, dst = self.ends[to_server]
        wire = Wire(src, dst, payload, proto=TCP, flags=0x18, seq=self.sent[to_server])
        self.sent[to_server] += len(payload)
        return event(self.walker.frame(wire.frame()), Cache())

    def ask(self, *words: str) -> Event:
        return self.say(request(*words), True)

    def tell(self, payload: bytes) -> Event:
        return self.say(payload, False)


def exchanges(found: Event) -> list[Exchange | None]:
    return [message.exchange for message in found.messages]


def leaves(value: object) -> Iterator[object]:
    """What hiredis has read, without its brackets."""
    if isinstance(value, Mapping):
        for pair in value.items():
            yield from leaves(pair)
    elif isinstance(value, Sequence | set) and not isinstance(value, str | bytes):
        for each in value:
            yield from leaves(each)
    elif isinstance(value, hiredis.ReplyError):
        yield str(value).encode()
    else:
        yield value


def read(message: bytes) -> list[object]:
    """The same of ours."""
    kinds = (
        "string",
        "error",
        "integer",
        "bulk_string.value",
        "verbatim_string.value",
        "double",
        "boolean",
        "big_number",
    )
    found: list[object] = []
    for name, value, *_ in dissected(message):
        kind = name.removeprefix("resp.")
        if kind == "null" or (kind == "bulk_string.length" and value == -1):
            found.append(None)
        elif kind == "bulk_string.length" and value == 0:
            found.append(b"")
        elif kind in kinds:
            found.append(value.encode() if isinstance(value, str) else value)
    return found


@pytest.mark.parametrize("name", EVERY)
def test_hiredis_reads_the_same_values(name: str) -> None:
    reader = hiredis.Reader()
    reader.feed(EVERY[name])
    theirs = list(leaves([reader.gets(), reader.gets()]))  # an attribute comes before its value
    ours = read(EVERY[name]) + ([] if EVERY[name].startswith(b"|") else [False])  # no second one
    assert theirs and ours == theirs


@pytest.mark.parametrize("name", EVERY)
def test_every_field_is_known_and_stands_in_the_message(name: str) -> None:
    found = dissected(EVERY[name])
    assert {item[0] for item in found} <= fields.registry().keys()
    assert all(0 <= item[2] <= item[3] <= len(EVERY[name]) for item in found)
    assert "_ws.malformed" not in {item[0] for item in found}
    assert dissector.summary(EVERY[name], Part(APPLICATION, 0, len(EVERY[name]), state=MessageState("reply")))


@pytest.mark.parametrize("name", EVERY)
def test_a_message_ends_where_it_ends(name: str) -> None:
    """However its bytes are spread over segments, it is one message, and the next one is not part of it."""
    whole = EVERY[name]
    for cut in range(1, len(whole)):
        talk = Talk()
        talk.ask("PING")
        assert exchanges(talk.tell(whole[:cut])) == []
        assert len(exchanges(talk.tell(whole[cut:] + b"+PONG\r\n"))) == 2


@pytest.mark.parametrize("name", EVERY)
def test_a_message_that_was_cut_short_says_so(name: str) -> None:
    for size in range(len(EVERY[name])):
        names = {item[0] for item in dissected(EVERY[name][:size])}
        assert {"_ws.malformed", "_ws.short", "resp.cut"} & names or EVERY[name][:1] in b"*%~>|"


def test_a_request_says_what_it_asks_for() -> None:
    found = {
        item[0]: item[1:4] for item in dissected(request("config", "SET", "maxmemory", "1mb"), "request")
    }
    assert found["resp.command"] == ("CONFIG SET", 0, 0)
    words = [item[1] for item in dissected(request("SET", "a", "1"), "request") if item[0] == "resp.argument"]
    assert words == ["a", "1"]


def test_a_password_is_a_secret() -> None:
    for message in (request("AUTH", "anna", "hunter2"), b"AUTH anna hunter2\r\n"):
        found = dissected(message, "request")
        assert [item[1] for item in found if item[0] == "resp.password"] == ["anna", "hunter2"]
    assert fields.registry()["resp.password"].secret


def test_replies_come_in_the_order_of_the_requests() -> None:
    talk = Talk()
    asked = exchanges(talk.say(request("SET", "a", "1") + request("INCR", "a") + b"GET a\r\n", True))
    told = exchanges(talk.tell(b"+OK\r\n:2\r\n$1\r\n2\r\n"))
    assert [one.key for one in asked if one] == [one.key for one in told if one]
    assert len({one.key for one in asked if one}) == 3 and all(one.reply for one in told if one)


def test_a_reply_says_what_it_answers_and_how_long_that_took() -> None:
    talk = Talk()
    talk.ask("GET", "a")
    found = talk.tell(b"$-1\r\n")
    assert (found["resp.answers"], found["resp.response_to"]) == ("GET", 1)
    assert found["resp.time"] == 0


def test_pushes_stand_apart() -> None:
    talk = Talk()
    first, second = exchanges(talk.ask("SUBSCRIBE", "news")), exchanges(talk.ask("GET", "a"))
    told = talk.tell(VERSION_3["SUBSCRIBE news"] + VERSION_3["invalidate"] + b"_\r\n")
    confirmed, pushed, reply = exchanges(told)
    assert pushed is None
    assert confirmed and first[0] and confirmed.key == first[0].key
    assert reply and second[0] and reply.key == second[0].key


def test_published_messages_of_version_2_stand_apart() -> None:
    talk = Talk()
    asked = exchanges(talk.ask("SUBSCRIBE", "news", "more"))[0]
    confirm = [
        b"*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n",
        b"*3\r\n$9\r\nsubscribe\r\n$4\r\nmore\r\n:2\r\n",
    ]
    message = b"*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$2\r\nhi\r\n"
    ping = exchanges(talk.ask("PING"))[0]
    found = exchanges(talk.tell(b"".join([*confirm, message, b"+PONG\r\n"])))
    assert asked and ping and [one and one.key for one in found] == [asked.key, asked.key, None, ping.key]


def test_a_list_that_looks_like_a_message_is_a_reply() -> None:
    talk = Talk()
    asked = exchanges(talk.ask("LRANGE", "l", "0", "-1"))[0]
    found = exchanges(talk.tell(b"*2\r\n$7\r\nmessage\r\n$4\r\nnews\r\n"))[0]
    assert asked and found and found.key == asked.key


def test_what_monitor_shows_is_no_reply() -> None:
    talk = Talk()
    talk.ask("MONITOR")
    assert [one is not None for one in exchanges(talk.tell(b"+OK\r\n" + MONITORED))] == [True, False]


def test_a_client_may_ask_for_silence() -> None:
    talk = Talk()
    talk.ask("CLIENT", "REPLY", "SKIP")
    talk.ask("SET", "a", "1")
    asked = exchanges(talk.ask("GET", "a"))[0]
    found = exchanges(talk.tell(b"$1\r\n1\r\n"))[0]
    assert asked and found and found.key == asked.key


@pytest.mark.parametrize("sized", [True, False])
def test_a_replica_gets_a_snapshot_and_then_commands(sized: bool) -> None:
    talk = Talk()
    asked = exchanges(talk.ask("PSYNC", "?", "-1"))[0]
    talk.tell(b"\n")
    told = exchanges(talk.tell(b"\n" + RESYNC))
    assert asked and told[-1] and told[-1].key == asked.key
    snapshot = (
        b"$%d\r\n%s" % (len(SNAPSHOT), SNAPSHOT) if sized else b"$EOF:" + MARK + b"\r\n" + SNAPSHOT + MARK
    )
    talk.tell(snapshot[:6])
    found = talk.tell(snapshot[6:] + request("SET", "a", "1") + request("REPLCONF", "GETACK", "*"))
    assert len(found.messages) == 3
    assert (found["resp.rdb.version"], found["resp.rdb.keys"]) == (12, 6)
    assert "redis-ver=8.0.2" in found.values("resp.rdb.aux")
    assert found.values("resp.replicated") == [True, True]
    wanted, given_ = exchanges(found)[2], exchanges(talk.ask("REPLCONF", "ACK", "14"))[0]
    assert wanted and given_ and given_.key == wanted.key and given_.reply


def test_it_is_recognised_on_any_port_by_a_request_alone() -> None:
    assert by_first_bytes(request("SET", "a", "1")) == (APPLICATION, Sender.CLIENT)
    for other in (
        b"*2\r\n$1\r\nb\r\n$1\r\na\r\n",
        b"+OK\r\n",
        b"-ERR no\r\n",
        b"$1\r\na\r\n",
        b"*1\r\n$5\r\nHELP!\r\n",
        b"*",
    ):
        found = by_first_bytes(other)
        assert found is None or found[0] is not APPLICATION
    assert Talk(7777).ask("SET", "a", "1").protocol == "RESP"
    assert Talk(7777).say(b"PING\r\n", True).protocol != "RESP"


def test_what_is_none_of_it_is_left_alone() -> None:
    assert Talk().say(b"\x16\x03\x01\x00\x05hello", True).protocol != "RESP"
    assert Talk().tell(b"*x\r\n").protocol != "RESP"


def test_arrays_without_end_are_no_message() -> None:
    talk = Talk()
    assert exchanges(talk.tell(b"*99999999999999\r\n")) == []
    deep = b"*1\r\n" * 3000 + b":1\r\n"
    assert "resp.array_recursion_too_deep" in {item[0] for item in dissected(deep)}
    many = b"*9000\r\n" + b":1\r\n" * 9000
    assert "resp.cut" in {item[0] for item in dissected(many)}


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=100) | st.text("*$+-:%~>|=!_#,(0123456789\r\nOK", max_size=60).map(str.encode))
def test_any_bytes_are_read(message: bytes) -> None:
    for kind in ("request", "reply", "push", "replicated", "rdb", "alive", ""):
        for item in dissected(message, kind):
            assert 0 <= item[2] <= item[3] <= len(message)
        dissector.summary(message, Part(APPLICATION, 0, len(message), state=MessageState(kind)))
    if message:
        talk = Talk()
        talk.say(message, True)
        talk.tell(message)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_may_stand_where_a_snapshot_should(message: bytes) -> None:
    talk = Talk()
    talk.ask("PSYNC", "?", "-1")
    talk.tell(RESYNC + message)
    dissected(b"$9\r\nREDIS0012" + message, "rdb")
