"""Apache Kafka's protocol: https://kafka.apache.org/protocol, and the schemas of `kio`, made from Kafka's own."""

from ...core import Application, Part
from .message import dissect
from .session import Conversation


def summary(payload: bytes, part: Part) -> str:
    """`Produce v13  orders/0`: from `kafka_summary`, which only a reader's screen needs."""
    from .summary import summary as line

    return line(payload, part)


# The correlation id: after size, API key and version; in a reply right after the size.
PAIRING = (slice(8, 12), slice(4, 8))
APPLICATIONS = (
    Application(
        "Kafka", "kafka", Conversation, dissect, summary, tcp=(9092, 9093), shares=True, pairing=PAIRING
    ),
)
"""9092 is registered for brokers; 9093 is where Kafka's own example configuration puts the controllers."""
