"""Handshake messages and extensions on their own: each kind, cut at every length, and bytes that mean harm."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab import fields
from machinelab.dissect.core import Raw, Short, View
from machinelab.dissect.cursor import Cursor
from machinelab.dissect.protocols.tls.extensions import READERS, extensions
from machinelab.dissect.protocols.tls.handshake import Context, message
from machinelab.dissect.protocols.tls.session import HandshakeMessage
from tests.unit.dissect.protocols.tls.tls_made import fed, packet_info, records, secrets


def whole_messages() -> list[tuple[bytes, Context]]:
    """Every handshake message of some references, with what its connection turned out to be."""
    found = []
    for experiment in ("full", "hello-retry", "mutual", "tls12", "static-rsa", "key-update"):
        for (data, _), record in zip(
            records(experiment), fed(records(experiment), secrets(experiment)), strict=True
        ):
            content = record.plain if record.plain is not None else data[5:]
            assert record.session is not None
            context = Context(record.session.version, record.session.suite)
            found += [
                (handshake_message.data or content[handshake_message.start : handshake_message.stop], context)
                for handshake_message in record.handshake_messages
            ]
    return found


MESSAGES = whole_messages()


def read(data: bytes, context: Context) -> list[Raw]:
    out: list[Raw] = []
    message(
        View(packet_info(), data, "frame", out),
        0,
        len(data),
        "tls",
        context,
        HandshakeMessage(stop=len(data)),
    )
    return out


def test_there_is_one_of_each_kind() -> None:
    assert {data[0] for data, _ in MESSAGES} >= {1, 2, 4, 8, 11, 12, 13, 14, 15, 16, 20, 24}


@pytest.mark.parametrize(("data", "context"), MESSAGES, ids=lambda value: str(value[0])[:3])
def test_every_field_is_in_the_registry_and_in_its_bytes(data: bytes, context: Context) -> None:
    for item in read(data, context):
        assert item[0] in fields.registry()
        assert 0 <= item[2] <= item[3] <= len(data)


@pytest.mark.parametrize(("data", "context"), MESSAGES, ids=lambda value: str(value[0])[:3])
def test_cut_at_every_length(data: bytes, context: Context) -> None:
    for size in range(len(data)):
        try:
            read(data[:size], context)
        except Short:
            continue


@given(st.integers(0, 255), st.binary(max_size=120), st.sampled_from([0x0303, 0x0304, 0]))
@settings(max_examples=200, deadline=None)
def test_any_message(kind: int, body: bytes, version: int) -> None:
    data = bytes([kind]) + len(body).to_bytes(3, "big") + body
    for suite in (0x1301, 0x009C, 0xC02F, 0):
        try:
            found = read(data, Context(version, suite))
        except Short:
            continue
        assert all(item[3] <= len(data) for item in found)


@given(
    st.sampled_from([*READERS, 9999]),
    st.binary(max_size=60),
    st.sampled_from([1, 2, 4, 8, 11, 13]),
    st.booleans(),
)
@settings(max_examples=300, deadline=None)
def test_any_extension(kind: int, body: bytes, inside: int, retry: bool) -> None:
    one = kind.to_bytes(2, "big") + len(body).to_bytes(2, "big") + body
    data = len(one).to_bytes(2, "big") + one
    out: list[Raw] = []
    with suppress(Short):
        extensions(Cursor(View(packet_info(), data, "frame", out), 0, len(data), "tls"), inside, retry=retry)
    assert all(item[0] in fields.registry() and item[3] <= len(data) for item in out)


def test_a_list_longer_than_the_message_is_short() -> None:
    with pytest.raises(Short):
        extensions(Cursor(View(packet_info(), b"\x00\x09\x00\x17\x00\x00", "frame", []), 0, 6, "tls"), 1)


def test_a_length_beyond_its_extension_is_short() -> None:
    with pytest.raises(Short):
        extensions(Cursor(View(packet_info(), b"\x00\x05\x00\x17\x00\x09a", "frame", []), 0, 7, "tls"), 1)
