"""What the experiments share: who speaks to whom, what is no part of their stories, and steps that come again."""

from dataclasses import replace

from machinelab.authoring import ARP, At, Background, Gather, Step

BROKERS = "broker1|broker2|broker3"
CLIENTS = "producer|consumer1|consumer2"
AMONG = f"{BROKERS} > {BROKERS}"

# Which versions do you speak, and who leads what? Asked on every connection of a client's, and by brokers of brokers.
HELLO = Background("hello", "kafka.api_key in {3, 18}")
# Followers ask their leader for more, all the time; so do controllers, for the metadata log.
REPLICA_FETCH = Background("replica-fetch", "kafka.api_key == 1 and tcp.port == 9092", hop=AMONG)
QUORUM_FETCH = Background("quorum-fetch", "kafka.api_key == 1 and tcp.port == 9093", hop=AMONG)
HEARTBEATS = Background("heartbeats", "kafka.api_key == 63", hop=AMONG)
# A reply whose request came before the tap listened.
LEFT_OVER = Background("left-over", "kafka.request_missing")
# What brokers tell the active controller of themselves.
HOUSEKEEPING = Background(
    "housekeeping", "kafka.api_key in {52, 53, 54, 55, 56, 58, 62, 67, 70, 73, 82}", hop=AMONG
)
FIND = Background("find-coordinator", "kafka.api_key == 10")
# Where a reader without a place of its own begins: what its group committed, else the beginning. A client that learns the
# leader's epoch in time also asks whether the place is still the same log's (OffsetForLeaderEpoch).
PLACES = Background("places", "kafka.api_key in {2, 9, 23}")
# A consumer asks on and on; replies without a record are no news.
EMPTY = Background("empty-fetch", "kafka.api_key == 1", hop=f"any > {CLIENTS}")
ASKING = Background("asking", "kafka.api_key == 1", hop=f"{CLIENTS} > any")
# A client knocks at several brokers at once, and needs one: what it closes without a word carried no message.
UNUSED = Background(
    "unused",
    "tcp.port == 9092 and tcp.completeness.syn-ack == 1 and tcp.completeness.data == 0",
    hop="any > any",
)
# What a broker says of other things, and the files' entries that no step is about.
LINES = Background("broker-log", "log.message")
FILES = Background("files", "segment.file")
CLUSTER = (HELLO, QUORUM_FETCH, REPLICA_FETCH, HEARTBEATS, HOUSEKEEPING, LEFT_OVER, UNUSED, LINES, FILES, ARP)
READING = (FIND, PLACES, EMPTY, ASKING)

SETTLE = At("producer", "evidence settle")


def topic(partitions: int | str, *settings: str) -> At:
    """A topic `orders` that is new and empty, each partition led by the broker of the next number."""
    return At("producer", " ".join(("topic orders", str(partitions), *settings)))


def log(node: str) -> Gather:
    """What a broker said during the run."""
    return Gather(node, "kafkalog", "evidence log {started}")


ON_DISK = "segment.file and kafka.batch_crc"
SEGMENTS = Gather("broker1", "kafkasegments", "evidence segments orders-0")
KEPT = Gather("broker1", "kafkakept", "evidence kept")
KEEP = At("broker1", "evidence keep orders-0")


def where(condition: str, *steps: Step) -> tuple[Step, ...]:
    """The steps, in runs whose knobs are so."""
    return tuple(replace(step, when=condition) for step in steps)


# Who fetches: a broker says which copy it keeps; −1, or nothing, is a consumer (KIP-903).
BY_CONSUMER, BY_BROKER = "not kafka.replica_id >= 0", "kafka.replica_id >= 0"


def asks(api: int, more: str = "") -> str:
    """A message of this API (requests and replies have it), and what else is asked of it."""
    return f"kafka.api_key == {api}" + (f" and {more}" if more else "")
