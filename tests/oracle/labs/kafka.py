"""The Kafka lab's references."""

from tests.oracle.exemptions import Capture

NO_REPLY = "acks=1 in a flexible Produce: tshark takes a byte too early for the acknowledgments, reads 0, and expects no reply"

EXEMPTIONS = {
    "quorum": Capture(
        filters=dict.fromkeys(("kafka.api_key == 0", "kafka.error == 0", "kafka.request_missing"), NO_REPLY)
    )
}
