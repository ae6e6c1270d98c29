"""A broker's log: lines that brokers of the lab really wrote; the one with a stack trace is made up after their likeness."""

from machinelab import fields
from machinelab.sources.kinds import kafkalog

STARTED = b"[2026-11-24 10:57:13,134] INFO [KafkaRaftServer nodeId=3] Kafka Server started (kafka.server.KafkaRaftServer)"
EPOCH = b"[2026-11-24 11:23:12,465] INFO [QuorumController id=1] In the new epoch 1, the leader is (none). (org.apache.kafka.controller.QuorumController)"
TRACE = b"""[2026-11-24 11:31:53,894] WARN [RaftManager id=1] Error connecting to node broker3:9093 (id: 3 rack: null isFenced: false) (org.apache.kafka.clients.NetworkClient)
java.net.UnknownHostException: broker3
\tat java.base/java.net.InetAddress$CachedLookup.get(InetAddress.java:1002)
"""


def test_a_line_has_its_time_in_utc_and_who_says_it() -> None:
    event = kafkalog.load(STARTED, "broker3")[0]
    assert event["log.time"] == 1795517833134 * 10**6
    assert (event.time - event.uncertainty, event.node) == (event["log.time"], "broker3")
    assert event["log.severity"] == "INFO" and event["log.logger"] == "kafka.server.KafkaRaftServer"
    assert event["log.message"] == "[KafkaRaftServer nodeId=3] Kafka Server started"
    assert event.content.summary() == event["log.message"]


def test_parentheses_in_a_message_are_not_who_says_it() -> None:
    event = kafkalog.load(EPOCH, "broker1")[0]
    assert str(event["log.message"]).endswith("the leader is (none).")
    assert event["log.logger"] == "org.apache.kafka.controller.QuorumController"


def test_bytes_stand_where_they_are_said_to_stand() -> None:
    event = kafkalog.load(EPOCH, "broker1")[0]
    for name in ("severity", "message", "logger"):
        item = event.fields[f"log.{name}"][0]
        assert EPOCH[item.start : item.stop].decode() == item.value
        assert fields.known(item.name)


def test_a_stack_trace_belongs_to_its_line() -> None:
    events = kafkalog.load(TRACE + EPOCH, "broker1")
    assert len(events) == 2
    assert "CachedLookup" in str(events[0]["log.message"])
    assert events[0].content.summary().startswith("WARN: [RaftManager id=1]")
    assert "\n" not in events[0].content.summary()


def test_what_is_no_line_begins_none() -> None:
    assert (
        kafkalog.load(
            b"Picked up JAVA_TOOL_OPTIONS\n[2026-13-44 10:57:13,134] INFO never (x)\n\xff\xfe", "broker1"
        )
        == []
    )
