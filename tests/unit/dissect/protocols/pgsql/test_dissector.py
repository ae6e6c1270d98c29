"""PostgreSQL's protocol: messages from the lab's own references, cut at every length, changed, and as one line each."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab.dissect.core import Part, Stream
from machinelab.dissect.protocols.pgsql.dissector import APPLICATIONS
from machinelab.dissect.protocols.pgsql.session import Conversation
from machinelab.dissect.protocols.pgsql.summary import summary
from machinelab.model import Event, Exchange
from machinelab.sources import pcap
from tests import ROOT
from tests.unit.dissect.test_packet import read

REFERENCES = ROOT / "labs/wal/reference"
COMMIT = pcap.load(REFERENCES / "commit.pcapng").events
CRASH = pcap.load(REFERENCES / "crash.pcapng").events
PGSQL = APPLICATIONS[0]


def _first(name: str, value: object, events: tuple[Event, ...] = COMMIT) -> Event:
    return next(event for event in events if value in event.values(name))


def test_a_startup_message_has_no_type_byte_and_names_its_settings() -> None:
    event = _first("pgsql.type", "Startup message")
    assert event["pgsql.version_major"] == 3
    settings_of = dict(
        zip(event.values("pgsql.parameter_name"), event.values("pgsql.parameter_value"), strict=True)
    )
    assert settings_of["user"] == "postgres"
    assert event.fields["pgsql.type"][0].generated


def test_the_greeting_is_many_messages_in_one_packet() -> None:
    event = _first("pgsql.type", "Authentication request")
    kinds = event.values("pgsql.type")
    assert kinds[0] == "Authentication request" and kinds[-1] == "Ready for query"
    assert kinds.count("Parameter status") > 5
    assert len(event.messages) == len(kinds)


def test_each_message_claims_its_own_fields() -> None:
    event = _first("pgsql.tag", "COMMIT")
    assert len(event.messages) == 2
    assert event.content.message_fields(0)["pgsql.tag"][0].value == "COMMIT"
    assert "pgsql.tag" not in event.content.message_fields(1)
    assert event.content.message_fields(1)["pgsql.status"][0].value == ord("I")


def test_spans_are_the_bytes_of_the_value() -> None:
    event = _first("pgsql.query", "COMMIT")
    field = event.fields["pgsql.query"][0]
    assert event.content.buffers()[field.buffer][field.start : field.stop] == b"COMMIT\0"


def test_a_statement_is_answered_by_what_completes_it() -> None:
    asked = next(m.exchange for e in COMMIT for m in e.messages if "COMMIT" in e.values("pgsql.query"))
    told = next(m.exchange for e in COMMIT for m in e.messages if "COMMIT" in e.values("pgsql.tag"))
    assert isinstance(asked, Exchange) and isinstance(told, Exchange)
    assert asked.key == told.key and not asked.reply and told.reply
    assert asked.topic == "COMMIT"


def test_statements_that_the_server_did_not_live_to_answer_have_no_answer() -> None:
    asked = {m.exchange.key for e in CRASH for m in e.messages if m.exchange and not m.exchange.reply}
    told = {m.exchange.key for e in CRASH for m in e.messages if m.exchange and m.exchange.reply}
    assert told <= asked
    assert len(told) > 20


@pytest.mark.parametrize("events", [COMMIT, CRASH[:120]], ids=["commit", "crash"])
def test_cut_at_every_length_it_keeps_what_it_read(events: tuple[Event, ...]) -> None:
    for event in [e for e in events if e.messages][:12]:
        data = event.content.buffers()["frame"]
        for length in range(54, len(data)):
            for cut in read(data[:length]):
                assert all(
                    f.stop <= length for found in cut.fields.values() for f in found if f.buffer == "frame"
                )


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([e for e in (*COMMIT, *CRASH[:200]) if e.messages]), st.data())
def test_changed_bytes_never_raise(event: Event, data: st.DataObject) -> None:
    frame = bytearray(event.content.buffers()["frame"])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(66, len(frame) - 1))
        frame[at] = data.draw(st.integers(0, 255))
    for changed in read(bytes(frame)):
        assert changed.content.summary() is not None
        assert all(f.start <= f.stop for found in changed.fields.values() for f in found)


@settings(max_examples=300, deadline=None)
@given(st.binary(min_size=1, max_size=200), st.booleans())
def test_any_bytes_have_a_size_and_a_summary(payload: bytes, to_server: bool) -> None:
    size = Conversation(Stream("tcp", 0, 0)).size(payload, 0, to_server)
    assert size >= -1
    assert isinstance(summary(payload, Part(PGSQL, 0, len(payload), to_server=to_server)), str)


def test_an_answer_about_encryption_is_one_byte() -> None:
    talk = Conversation(Stream("tcp", 0, 0))
    assert talk.size(b"N", 0, False) == 0  # nobody asked: the beginning of a notice
    talk._lone = "SSL response"
    assert talk.size(b"N", 0, False) == 1


@pytest.mark.parametrize(
    ("payload", "to_server", "said"),
    [
        (b"Q\0\0\0\x0bCOMMIT\0", True, "query: COMMIT"),
        (b"C\0\0\0\x0bCOMMIT\0", False, "done: COMMIT"),
        (b"Z\0\0\0\x05T", False, "ready, in a transaction"),
        (b"E\0\0\0\x1dSERROR\0C42601\0Mno such\0\0", False, "ERROR 42601: no such"),
        (b"D\0\0\0\x0f\0\x02\0\0\0\x0142\xff\xff\xff\xff", False, "row: 4, "),
        (b"R\0\0\0\x08\0\0\0\x0a", False, "wants proof: SASL"),
        (b"\0\0\0\x08\x04\xd2\x16\x2f", True, "ssl request"),
        (b"X\0\0\0\x04", True, "termination"),
        (b"?\0\0\0\x04", True, "unknown"),
    ],
)
def test_in_one_line(payload: bytes, to_server: bool, said: str) -> None:
    assert summary(payload, Part(PGSQL, 0, len(payload), to_server=to_server)).startswith(said)
