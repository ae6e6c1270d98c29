"""A Kafka message in one line."""

from collections.abc import Iterator, Sequence

from ....fields.kafka_codes import CONTROL, ERRORS, METADATA
from ....model import Value
from ...budget import Budget
from ...core import Part, Raw, View
from .message import dissect
from .request import MessageState
from .topics import NOBODY

UNPACKED = 1 << 14  # bytes of records for a line: a packet may hold many messages, and has a line for each
PLACES = 3  # partitions named before the rest is only counted
FETCH, ALL = 1, "all"
# Shown for a request or reply beside its partitions: a field's name, and the words before its value.
TOLD = {
    "kafka.required_acks": "acks", "kafka.consumer_group": "group", "kafka.coordinator_key": "for",
    "kafka.generation_id": "generation", "kafka.member_epoch": "member epoch", "kafka.transactional_id": "transaction",
    "kafka.candidate_id": "for", "kafka.voter_id": "of voter",
    "kafka.node_id": "broker", "kafka.num_partitions": "partitions", "kafka.generation_id_or_member_epoch": "epoch",
}  # fmt: skip
WORDS = {
    "kafka.transaction_result": ("abort", "commit"), "kafka.pre_vote": ("", "only asks"),
    "kafka.vote_granted": ("no", "yes"), "kafka.is_fenced": ("", "fenced"), "kafka.want_shut_down": ("", "wants to stop"),
    "kafka.should_shut_down": ("", "may stop"),
}  # fmt: skip
# Shown for a partition.
AT = {
    "kafka.fetch_offset": "from", "kafka.base_offset": "", "kafka.high_watermark": "high watermark", "kafka.committed_offset": "at",
    "kafka.end_offset": "ends at", "kafka.leader_epoch": "epoch", "kafka.leader_id": "leader",
}  # fmt: skip


def summary(payload: bytes, part: Part) -> str:
    """`Produce v13  acks -1  orders/0  3 records`, `Fetch reply  orders/0  41 to 43, high watermark 44`."""
    from .schema import title

    out: list[Raw] = []
    view = View(NOBODY, payload, "message", out)
    view.budget = Budget(UNPACKED)
    dissect(
        view,
        Part(part.protocol, 0, len(payload), state=part.state, to_server=part.to_server),
    )
    state = part.state if isinstance(part.state, MessageState) else MessageState()
    if state.api < 0:
        return "reply to a request that was not seen"
    head = f"{title(state.api)} v{state.version}" if part.to_server else f"{title(state.api)} reply"
    if state.api == FETCH and part.to_server and not any(item[0] == "kafka.partition_id" for item in out):
        return f"{head}  as before"
    general = (
        _general(out)
        if part.to_server
        else (said for said in _general(out) if not said.startswith("broker "))
    )
    return "  ".join(filter(None, (head, *general, _places(out), _errors(out))))


def _general(out: Sequence[Raw]) -> Iterator[str]:
    told: set[str] = set()
    for name, value, *_ in out:
        if name in told:
            continue
        if name in TOLD and (value not in ("", -1) or name == "kafka.required_acks"):
            told.add(name)
            yield f"{TOLD[name]} {ALL if name == 'kafka.required_acks' and value == -1 else str(value)}"
        elif name in WORDS and isinstance(value, int):
            told.add(name)
            yield WORDS[name][bool(value)]


def _errors(out: Sequence[Raw]) -> str:
    codes = dict.fromkeys(item[1] for item in out if item[0] == "kafka.error" and item[1])
    return ", ".join(ERRORS.get(code, str(code)) for code in codes if isinstance(code, int))


def _places(out: Sequence[Raw]) -> str:
    """The partitions, as they come, and what is said of each."""
    places: list[_Place] = []
    topic, current = "", _Place("")
    for name, value, *_, group in out:
        if name in ("kafka.topic", "kafka.topic_id"):
            topic = short(value) if name == "kafka.topic_id" else str(value)
            if not places or current.group != group:
                current = _Place(group, topic)
        elif name == "kafka.partition_id":
            current = _Place(group, f"{topic}/{value!s}")
            places.append(current)
        else:
            current.take(name, value, group)
    named = [place.text() for place in places[:PLACES]]
    if len(places) > PLACES:
        named.append(f"and {len(places) - PLACES} more")
    return "; ".join(named)


def short(value: Value) -> str:
    """The beginning of a topic's id, which is enough to tell it from others."""
    return str(value)[:8]


class _Place:
    """What a message says of one partition."""

    def __init__(self, group: str, name: str = "") -> None:
        self.group, self.name = group, name
        self.said: list[str] = []
        self.offsets: list[int] = []
        self.kinds: list[str] = []
        self.batched = False

    def take(self, name: str, value: Value, group: str) -> None:
        """One field after the partition's number."""
        if name == "kafka.record.offset" and isinstance(value, int):
            self.offsets.append(value)
        elif name == "kafka.metadata_record" and isinstance(value, int):
            self.kinds.append(METADATA.get(value, str(value)))
        elif name == "kafka.change.leader":
            self.kinds[-1:] = [f"{self.kinds[-1]}: leader {value!s}"] if self.kinds else []
        elif name == "kafka.control_type" and isinstance(value, int):
            self.kinds.append(CONTROL.get(value, str(value)).lower().replace("_", " "))
        elif name in AT and "/Batch/" not in group and value != -1:
            self.said.append(f"{AT[name]} {value!s}".strip())

    def text(self) -> str:
        """`orders/0  41 to 43, high watermark 44`."""
        parts = list(self.said)
        if self.offsets:
            first, last = self.offsets[0], self.offsets[-1]
            kinds = f" ({', '.join(dict.fromkeys(self.kinds))})" if self.kinds else ""
            parts.insert(0, (f"{first}" if first == last else f"{first} to {last}") + kinds)
        return f"{self.name} {', '.join(parts)}".strip()
