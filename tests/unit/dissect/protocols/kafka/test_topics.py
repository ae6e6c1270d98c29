"""Which topic an id means: as brokers told it in the tests' capture, and as nobody told it."""

import uuid

from machinelab.dissect.protocols.kafka.request import MessageState
from machinelab.dissect.protocols.kafka.topics import LONGEST, MOST, QUORUM, TELL, learn, topics_of
from tests.unit.dissect.protocols.kafka.test_dissector import MESSAGES, read


class Stream:
    """What `topics_of` asks of a stream: what its capture shares."""

    def __init__(self) -> None:
        self.shared: dict[str, object] = {}


def told() -> list[tuple[bytes, MessageState]]:
    """The replies that tell names."""
    return [
        (payload, part.state)
        for payload, part in MESSAGES
        if isinstance(part.state, MessageState) and part.state.api in TELL and not part.to_server
    ]


def test_all_streams_of_a_capture_know_the_same() -> None:
    stream = Stream()
    known = topics_of(stream)  # type: ignore[arg-type]
    assert known == {QUORUM: "__cluster_metadata"}
    known["x"] = "y"
    assert topics_of(stream) is known  # type: ignore[arg-type]


def test_a_reply_that_tells_names_is_learnt_from() -> None:
    topics: dict[str, str] = {}
    for payload, state in told():
        learn(payload, state, topics)
    assert "mix" in topics.values()
    assert all(str(uuid.UUID(key)) == key for key in topics)


def test_what_was_learnt_is_what_is_asked_for_later() -> None:
    """Fetches name topics by ids alone (KIP-516): each that the capture has, clients' and followers', is a known one or a broker's own."""
    topics = {QUORUM: "__cluster_metadata"}
    for payload, state in told():
        learn(payload, state, topics)
    asked = {
        str(item[1])
        for payload, part in MESSAGES
        if isinstance(part.state, MessageState) and part.state.api == 1 and part.to_server
        for item in read(payload, part)
        if item[0] == "kafka.topic_id"
    }
    assert asked and asked & set(topics)


def test_nothing_is_learnt_without_end() -> None:
    payload, state = next(pair for pair in told() if b"mix" in pair[0])
    full = {str(number): "" for number in range(MOST + 1)}
    learn(payload, state, full)
    assert len(full) == MOST + 1
    topics: dict[str, str] = {}
    learn(payload + bytes(LONGEST), state, topics)
    assert topics == {}


def test_what_is_cut_teaches_what_it_has() -> None:
    payload, state = next(pair for pair in told() if b"mix" in pair[0])
    whole: dict[str, str] = {}
    learn(payload, state, whole)
    for stop in range(0, len(payload), 7):
        some: dict[str, str] = {}
        learn(payload[:stop], state, some)
        assert some.items() <= whole.items()
