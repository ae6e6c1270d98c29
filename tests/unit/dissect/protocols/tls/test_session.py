"""The first pass: records opened with the keys there are, messages over records, and whatever bytes may come."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab.dissect.core import Stream
from machinelab.dissect.protocols.tls.session import HANDSHAKE, LARGEST, Connection, Record
from tests.unit.dissect.protocols.tls.tls_made import events, fed, records, secrets

FULL = records("full")
OPENED = ["full", "hello-retry", "tls12", "mutual", "key-update"]


@pytest.mark.parametrize("experiment", OPENED)
def test_every_sealed_record_is_opened(experiment: str) -> None:
    read = fed(records(experiment), secrets(experiment))
    assert any(record.sealed for record in read)
    assert all(record.keys is not None for record in read if record.sealed)


@pytest.mark.parametrize("experiment", [*OPENED, "resumption", "alpn", "early-data"])
def test_every_finished_is_what_it_should_be(experiment: str) -> None:
    """Worked out from key log and transcript: a wrong transcript, key or label would show."""
    right = [value for event in events(experiment) for value in event.values("tls.derived.verify_data.right")]
    assert len(right) >= 2
    assert all(right)


def test_a_changed_byte_is_noticed() -> None:
    """One bit of the client's random: the keys of the log are for another connection."""
    (hello, to_server), *rest = FULL
    changed = bytearray(hello)
    changed[20] ^= 1
    read = fed([(bytes(changed), to_server), *rest], secrets("full"))
    assert all(record.keys is None for record in read if record.sealed)


def test_a_changed_transcript_is_noticed() -> None:
    """One bit of the session id: the records open, for the log has the secrets; Finished tells."""
    (hello, to_server), *rest = FULL
    changed = bytearray(hello)
    changed[60] ^= 1
    read = fed([(bytes(changed), to_server), *rest], secrets("full"))
    finished = [
        handshake_message
        for record in read
        for handshake_message in record.handshake_messages
        if handshake_message.verify
    ]
    whole = [
        record.plain for record in read if record.handshake_messages and record.handshake_messages[-1].verify
    ]
    assert finished
    assert not any(
        handshake_message.verify in (plain or b"")
        for handshake_message, plain in zip(finished, whole, strict=True)
    )


def test_without_keys_nothing_is_opened() -> None:
    assert all(record.keys is None for record in fed(FULL))


def test_the_servers_key_opens_static_rsa_and_nothing_else() -> None:
    read = [event for event in events("static-rsa") if "http" in event]
    assert len({event.stream for event in read}) == 1
    assert len(read) == 2


def cut(message: bytes, size: int) -> list[bytes]:
    pieces = [message[at : at + size] for at in range(0, len(message), size)]
    return [b"\x16\x03\x03" + len(piece).to_bytes(2, "big") + piece for piece in pieces]


@pytest.mark.parametrize("size", [1, 3, 4, 5, 100, 1000])
def test_a_message_over_records_is_put_together(size: int) -> None:
    hello = FULL[0][0][5:]
    read = fed([(piece, True) for piece in cut(hello, size)])
    assert [len(record.handshake_messages) for record in read] == [*[0] * (len(read) - 1), 1]
    (handshake_message,) = read[-1].handshake_messages
    assert handshake_message.data == hello
    assert len(handshake_message.before) == len(read) - 1
    assert not read[0].inner and len(read[-1].inner) == 1


def test_several_messages_in_a_record_and_the_start_of_another() -> None:
    done = b"\x0e\0\0\0"
    first, second = done + done + done[:2], done[2:] + done
    read = fed([(b"\x16\x03\x03" + len(each).to_bytes(2, "big") + each, False) for each in (first, second)])
    assert [len(record.handshake_messages) for record in read] == [2, 2]
    assert read[0].left == (8, 10)
    assert read[0].finisher is read[1]
    assert read[1].handshake_messages[0].data == done
    assert read[1].handshake_messages[1].data is None


def test_a_length_beyond_reason_is_given_up() -> None:
    (record,) = fed([(b"\x16\x03\x03\x00\x04\x01\xff\xff\xff", True)])
    assert not record.handshake_messages and len(record.inner) == 1


def test_a_record_of_countless_messages_is_given_up_after_some() -> None:
    """A message takes four bytes, and whoever means mischief sends thousands."""
    body = b"\x0e\0\0\0" * 4000
    (record,) = fed([(b"\x16\x03\x03" + len(body).to_bytes(2, "big") + body, False)])
    assert len(record.handshake_messages) == 64 and len(record.inner) == 65


def test_records_are_framed_by_their_header() -> None:
    session = Connection(Stream("tcp", 0, 0))
    assert session.size(b"\x16\x03\x01\x00\x02ab", 0, True) == 7
    assert session.size(b"\x16\x03\x01\x00", 0, True) == 0
    assert session.size(b"GET / HTTP/1.1", 0, True) == -1
    assert session.size(b"\x16\x02", 0, True) == -1
    assert session.size(b"\x16\x03\x01\xff\xff", 0, True) == -1
    assert session.size(b"\x16\x03\x01" + (LARGEST - 5).to_bytes(2, "big"), 0, True) == LARGEST


@given(
    st.lists(
        st.tuples(st.sampled_from([20, 21, 22, 23, 24]), st.binary(max_size=80), st.booleans()), max_size=12
    )
)
@settings(max_examples=150, deadline=None)
def test_any_records_can_come(pieces: list[tuple[int, bytes, bool]]) -> None:
    made = [
        (bytes([kind, 3, 3]) + len(body).to_bytes(2, "big") + body, to_server)
        for kind, body, to_server in pieces
    ]
    assert len(fed(FULL[:2] + made, secrets("full"))) == len(made) + 2


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_any_byte_may_be_another(data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(FULL) - 1))
    record, to_server = FULL[number]
    at = data.draw(st.integers(0, len(record) - 1))
    changed = record[:at] + bytes([data.draw(st.integers(0, 255))]) + record[at + 1 :]
    read = fed([*FULL[:number], (changed, to_server), *FULL[number + 1 :]], secrets("full"))
    assert all(isinstance(record, Record) for record in read)


def test_a_change_cipher_spec_ahead_of_the_servers_hello_seals_nothing() -> None:
    """A client with early data sends one; a second hello, after a retry, is still in the clear (RFC 9846 §E.4)."""
    pieces = records("hello-retry")
    first = [pieces[0], (b"\x14\x03\x03\x00\x01\x01", True), *pieces[1:]]
    read = fed(first, secrets("hello-retry"))
    hellos = [
        record
        for record in read
        if record.kind == HANDSHAKE and not record.sealed and record.handshake_messages
    ]
    assert len(hellos) >= 4


def test_data_is_not_kept_and_can_be_opened_again() -> None:
    read = fed(FULL, secrets("full"))
    data = [
        (record, whole)
        for record, (whole, _) in zip(read, FULL, strict=True)
        if record.sealed and record.kind == 23
    ]
    assert [record.plain for record, _ in data] == [None] * len(data)
    texts = [record.opened(whole) for record, whole in data]
    assert all(text is not None and text.startswith((b"GET ", b"HTTP/1.1 200")) for text in texts)
    assert [record.opened(whole) for record, whole in data] == texts
