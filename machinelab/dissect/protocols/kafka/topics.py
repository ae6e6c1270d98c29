"""Which topic an id means: newer requests name topics by id alone (KIP-516), and who has not seen the reply that tells the name
cannot read them. So what any broker tells any client is kept for the whole capture.
"""

from ...core import Frame, PacketInfo, Raw, Source, Stream, View
from .message import fields
from .request import MessageState, Topics

TELL = frozenset({3, 19, 75})  # Metadata, CreateTopics, DescribeTopicPartitions
QUORUM = "00000000-0000-0000-0000-000000000001"  # the metadata log: Kafka's Uuid.METADATA_TOPIC_ID
MOST = 10_000  # topics
LONGEST = 1 << 20  # bytes of a reply that are read for it
KEY = "kafka.topics"
NOBODY = PacketInfo(0, Frame(0, b"", 0, Source(0, 1)), 0, 0)


def topics_of(stream: Stream) -> Topics:
    """Id → name, as far as the capture has shown; it grows packet by packet."""
    known = stream.shared.setdefault(KEY, {QUORUM: "__cluster_metadata"})
    assert isinstance(known, dict)
    return known


def learn(payload: bytes, state: MessageState, topics: Topics) -> None:
    """Record the topic ids that a reply names."""
    if len(payload) > LONGEST or len(topics) > MOST:
        return
    out: list[Raw] = []
    fields(View(NOBODY, payload, "message", out), 0, len(payload), state, to_server=False)
    names = {item[6]: item[1] for item in out if item[0] == "kafka.topic_name"}
    for item in out:
        if item[0] == "kafka.topic_id" and item[6] in names:
            topics[str(item[1])] = str(names[item[6]])
