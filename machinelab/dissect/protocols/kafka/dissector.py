"""Apache Kafka's protocol: https://kafka.apache.org/protocol, and the schemas of `kio`, made from Kafka's own."""

from ...core import Application, Part
from .message import dissect
from .session import Conversation


def summary(payload: bytes, part: Part) -> str:
    """`Produce v13  orders/0`: from `kafka_summary`, which only a reader's screen needs."""
    from .summary import summary as line

    return line(payload, part)


APPLICATIONS = (Application("Kafka", "kafka", Conversation, dissect, summary, tcp=(9092, 9093), shares=True),)
"""9092 is registered for brokers; 9093 is where Kafka's own example configuration puts the controllers."""
