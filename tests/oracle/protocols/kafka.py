"""Kafka: what tshark 4.4 does not read rightly. (Those messages are compared with kio's own reader, in the unit tests.)"""

from machinelab.fields import kafka_ours
from tests.oracle.exemptions import Packet, Protocol

UNKNOWN = "what tshark itself does not know"
HEADER = {
    f"kafka.{name}"
    for name in ("len", "api_key", "request_key", "correlation_id", "client_id", "request.version")
}
OURS = "Kafka's own names for what Wireshark has none for, or calls kafka.offset like everything else; and what is worked out"


def half_known(name: str, said: Packet) -> bool:
    """Whether it is part of a message of which only the header can be compared.

    Versions newer than tshark knows: it says so. A produce request with acks=1 in a flexible version: it takes a byte too early
    for the acknowledgments, reads 0, and expects no reply. ElectLeaders: it reads the array of topics as one of numbers.
    """
    if not name.startswith(("kafka.", "_ws.malformed")):
        return False
    if "kafka.request_missing" in said and name == "kafka.api_key":
        return True
    elects = "_ws.malformed" in said and any(item.show == "43" for item in said.get("kafka.api_key", ()))
    unknown = said.keys() & {
        "kafka.assumed_api_version",
        "kafka.pdu_length_mismatch",
        "kafka.request_missing",
    }
    return bool(elects or unknown) and name not in HEADER


EXEMPTIONS = Protocol(
    left_out=dict.fromkeys(
        ("kafka.unsupported_api_version", "kafka.assumed_api_version", "kafka.unknown_api_key", "kafka.pdu_length_mismatch"),
        UNKNOWN,
    ),
    ours_alone=dict.fromkeys(
        (*kafka_ours.FIELDS, "kafka.batch_crc.status", "kafka.control_type", "kafka.kept.status", "kafka.metadata_record",
         "kafka.response_frame"),
        OURS,
    ),
    presence=dict.fromkeys(
        ("kafka.batch_first_timestamp", "kafka.batch_last_timestamp"),
        "tshark 4.4 takes milliseconds for something else: 1970",
    ),
    options="-d tcp.port==9092,kafka -d tcp.port==9093,kafka",  # brokers, controllers
    unsure=half_known,
)  # fmt: skip
