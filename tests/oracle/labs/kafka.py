"""The Kafka lab's references."""

from tests.oracle.exemptions import Capture

NO_REPLY = "acks=1 in a flexible Produce: tshark takes a byte too early for the acknowledgments, reads 0, and expects no reply"

# Captures in which the producer asks for an acknowledgment by the leader alone.
EXEMPTIONS = {
    experiment: Capture(
        filters=dict.fromkeys(("kafka.api_key == 0", "kafka.error == 0", "kafka.request_missing"), NO_REPLY)
    )
    for experiment in ("quorum", "leader-killed@acks=1")
}
