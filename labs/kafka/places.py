"""What a Kafka message says of each partition that it names."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from machinelab.authoring import Fields, Value

TOPIC = ("kafka.topic", "kafka.topic_id")


@dataclass(frozen=True)
class Place:
    """A partition in a message: its topic, by name or id, and the fields that stand with it or below."""

    topic: str
    partition: int
    fields: Mapping[str, Sequence[Value]]

    def number(self, name: str) -> int | None:
        """The first value of a field, if it is there and a number."""
        value = next(iter(self.fields.get(name, ())), None)
        return value if isinstance(value, int) else None

    def last(self, name: str) -> int | None:
        """The last value."""
        value = next(iter(reversed(self.fields.get(name, ()))), None)
        return value if isinstance(value, int) else None


def places(fields: Fields) -> Iterator[Place]:
    """Each partition that a message names, in its order."""
    topics = _topics(fields)
    inner: dict[str, dict[str, list[Value]]] = {}
    for item in fields.get("kafka.partition_id", ()):
        inner.setdefault(item.group, {})
    for name, items in fields.items():
        if not name.startswith("kafka."):
            continue
        for item in items:
            group = _within(item.group, inner)
            if group is not None:
                inner[group].setdefault(name, []).append(item.value)
    for group, held in inner.items():
        topic = _within(group, topics)
        numbers = [value for value in held["kafka.partition_id"] if isinstance(value, int)]
        if topic is not None:
            yield from (Place(topics[topic], number, held) for number in numbers)


def _topics(fields: Fields) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in TOPIC:
        for item in fields.get(name, ()):
            found.setdefault(item.group, str(item.value))
    return found


def _within(group: str, known: Mapping[str, object]) -> str | None:
    """The nearest group around this one, or itself, that is known."""
    while group:
        if group in known:
            return group
        group = group.rpartition("/")[0]
    return None
