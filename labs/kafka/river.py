"""The river: for each partition, how far its producer, its leader, its followers, its readers and their groups are, as time goes on.

All of it from the packets. A follower that asks for offset 42 has everything up to 41, so its own log ends at 42; the leader
says in each reply how far the high watermark is; and a group's place is the offset that it commits.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from machinelab.authoring import Event, Fields, Lane, Plot, Run, Track

from .places import Place, places

PRODUCE, FETCH, METADATA, COMMIT, TXN_COMMIT, FETCH_GROUP = 0, 1, 3, 8, 28, 9
ALL = -1  # acks=all
MOST = 12  # lanes
ENDS, MARK, DONE = "log end", "high watermark", "acknowledged"


@dataclass
class Partition:
    """What is known of a partition so far: who leads it, and where each thing was last seen to be."""

    leader: tuple[str, int | None] = ("", None)
    tracks: dict[str, list[tuple[float, int]]] = field(default_factory=dict)
    signs: dict[str, str] = field(default_factory=dict)
    notes: list[tuple[float, str]] = field(default_factory=list)
    decided: str = ""

    def move(self, name: str, when: float, place: int | None, sign: str = "") -> None:
        """Something is at a place now; nothing is noted where it has not moved."""
        if place is None or place < 0:
            return
        points = self.tracks.setdefault(name, [])
        self.signs[name] = sign
        if not points or points[-1][1] != place:
            points.append((when, place))

    def grow(self, when: float, place: int) -> None:
        """The leader has at least so much. (Less than before is told by a new leader alone.)"""
        points = self.tracks.get(ENDS, [])
        if not points or points[-1][1] < place:
            self.move(ENDS, when, place)

    def reach(self, when: float, place: int) -> None:
        """The high watermark is at least so far."""
        points = self.tracks.get(MARK, [])
        if not points or points[-1][1] < place:
            self.move(MARK, when, place)

    def led(self, when: float, node: str, epoch: int | None) -> bool:
        """Somebody answers as the leader, under an epoch if that is known; false if there is a later one already."""
        known, last = self.leader
        if epoch is not None and last is not None and epoch < last:
            return False
        if node == known and epoch in (None, last):
            return True
        self.leader = (node, epoch if epoch is not None else last)
        if node != known or (last is not None and epoch != last):
            self.notes.append((when, f"leader {node}" + (f", epoch {epoch}" if epoch is not None else "")))
        # The log that counts is now the new leader's: what it lacks is lost.
        own = self.tracks.get(f"{node} has", [])
        if known and node != known and own and ENDS in self.tracks:
            self.move(ENDS, when, own[-1][1])
        return True


class River:
    """Goes through a run's packets once."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.begin = min((event.time for event in run.trace.events), default=0)
        self.topics = dict(_named(run))
        self.partitions: dict[tuple[str, int], Partition] = {}
        self.asked: dict[tuple[object, ...], Fields] = {}

    def lanes(self) -> list[Lane]:
        """The partitions in which something moved: those of topics that somebody made first."""
        for item in self.run.trace.items():
            if item.event.protocol == "Kafka" and item.exchange is not None:
                self._message(item.event, item.fields, item.exchange.key, reply=item.exchange.reply)
            elif item.event.protocol == "Kafka" and item.message >= 0:
                self._request(item.event, item.fields)
        moved = [(key, part) for key, part in self.partitions.items() if _moves(part)]
        moved.sort(key=lambda pair: (_internal(pair[0][0]), pair[0]))
        return [_lane(f"{topic}/{number}", part) for (topic, number), part in moved[:MOST]]

    def _message(self, event: Event, fields: Fields, key: tuple[object, ...], *, reply: bool) -> None:
        if not reply:
            self.asked[key] = fields
            self._request(event, fields)
        else:
            self._reply(event, fields, self.asked.pop(key, {}))

    def _at(self, place: Place) -> Partition:
        topic = self.topics.get(place.topic, place.topic)
        return self.partitions.setdefault((topic, place.partition), Partition())

    def _when(self, event: Event) -> float:
        return (event.time - self.begin) / 1e6

    def _request(self, event: Event, fields: Fields) -> None:
        api, when = _first(fields, "kafka.request_key"), self._when(event)
        if api == FETCH:
            replica = _first(fields, "kafka.replica_id")
            broker = replica is not None and replica >= 0
            node = self.run.node(event.src)
            for place in places(fields):
                name, sign = (f"{node} has", _sign(node)) if broker else (f"{node} reads", "r")
                self._at(place).move(name, when, place.number("kafka.fetch_offset"), sign)
        elif api == PRODUCE:
            # It is in the log of the node that it reached, whether or not that node can ever acknowledge it.
            node = self.run.node(event.dst)
            for place in places(fields):
                part = self._at(place)
                known = part.tracks.get(f"{node} has") or part.tracks.get(ENDS) or [(when, 0)]
                part.move(f"{node} has", when, known[-1][1] + _count(place), _sign(node))
        elif api in (COMMIT, TXN_COMMIT):
            group = fields.get("kafka.consumer_group", ())
            for place in places(fields):
                name = f"group {group[0].value!s}" if group else "group"
                self._at(place).move(name, when, place.number("kafka.committed_offset"), "c")

    def _reply(self, event: Event, fields: Fields, asked: Fields) -> None:
        api, when, node = _first(fields, "kafka.response_key"), self._when(event), self.run.node(event.src)
        if api == PRODUCE:
            sent = {(place.topic, place.partition): _count(place) for place in places(asked)}
            for place in places(fields):
                base = place.number("kafka.base_offset")
                if base is not None and base >= 0 and not place.number("kafka.error"):
                    end = base + sent.get((place.topic, place.partition), 0)
                    self._at(place).grow(when, end)
                    self._at(place).move(f"{node} has", when, end, _sign(node))
                    self._at(place).move(DONE, when, end, "p")
                    if _first(asked, "kafka.required_acks") == ALL:
                        # The leader answers only when every replica in sync has it: its watermark has come that far.
                        self._at(place).reach(when, end)
        elif api == FETCH:
            self._fetched(when, node, fields, asked)
            self._decided(when, fields)

    def _fetched(self, when: float, node: str, fields: Fields, asked: Fields) -> None:
        replica = _first(asked, "kafka.replica_id")
        for place in places(fields):
            if place.number("kafka.error"):
                continue
            part = self._at(place)
            leads = part.led(when, node, _epoch(place, asked))
            last = place.last("kafka.last_offset")
            if not leads:
                part.move(f"{node} has", when, last + 1 if last is not None else None, _sign(node))
                continue
            if last is not None:
                part.grow(when, last + 1)
            mark = place.number("kafka.high_watermark")
            if mark is not None and replica is not None and mark >= 0:
                part.move(MARK, when, mark)

    def _decided(self, when: float, fields: Fields) -> None:
        """What the active controller writes of a partition: who is in sync, who leads. Told once, when the first hears of it."""
        groups = {item.group: str(item.value) for item in fields.get("kafka.change.topic", ())}
        for group, topic in groups.items():
            number = _in(fields, "kafka.change.partition", group)
            isr, leader = _in(fields, "kafka.change.isr", group), _in(fields, "kafka.change.leader", group)
            key = (self.topics.get(topic, topic), number[0] if number else 0)
            said = "; ".join(
                (["in sync: " + ", ".join(map(str, isr))] if isr else [])
                + (["nobody leads" if leader[0] < 0 else f"{leader[0]} is to lead"] if leader else [])
            )
            part = self.partitions.get(key)
            if part is not None and said and said != part.decided:
                part.decided = said
                part.notes.append((when, said))


def _in(fields: Fields, name: str, group: str) -> list[int]:
    return [
        item.value for item in fields.get(name, ()) if item.group == group and isinstance(item.value, int)
    ]


def _epoch(place: Place, asked: Fields) -> int | None:
    """Under which epoch a fetch of this partition was asked for, if that was said."""
    for other in places(asked):
        if (other.topic, other.partition) == (place.topic, place.partition):
            epoch = other.number("kafka.leader_epoch")
            return epoch if epoch is not None and epoch >= 0 else None
    return None


def _count(place: Place) -> int:
    """How many records a request to produce has for a partition."""
    return sum(
        value + 1 for value in place.fields.get("kafka.batch_last_offset_delta", ()) if isinstance(value, int)
    )


OWN = {"kafka.kept.group": "__consumer_offsets", "kafka.kept.transaction": "__transaction_state"}


def _named(run: Run) -> Iterator[tuple[str, str]]:
    """(id, name) of the brokers' own topics, of which nobody tells the name: such records are in no other."""
    for event in run.trace.events:
        for mark, name in OWN.items():
            if event.protocol == "Kafka" and mark in event:
                yield from ((place.topic, name) for place in places(event.fields) if mark in place.fields)


def _first(fields: Fields, name: str) -> int | None:
    items = fields.get(name, ())
    return items[0].value if items and isinstance(items[0].value, int) else None


def _sign(node: str) -> str:
    """A letter for a node: the number at its name's end, where it has one."""
    return node[-1:] if node[-1:].isdigit() else node[:1]


def _internal(topic: str) -> bool:
    """Whether brokers keep it for themselves; a topic of which only the id is known is such a one too."""
    return topic.startswith("__") or topic.count("-") == 4


def _moves(part: Partition) -> bool:
    return any(len(points) > 1 for points in part.tracks.values()) or DONE in part.tracks


ORDER: Mapping[str, int] = {ENDS: 0, MARK: 1}


def _lane(name: str, part: Partition) -> Lane:
    tracks = sorted(part.tracks.items(), key=lambda pair: (ORDER.get(pair[0], 2), pair[0]))
    return Lane(
        name,
        tuple(Track(name, tuple(points), part.signs[name]) for name, points in tracks),
        tuple(part.notes),
    )


def river(run: Run) -> list[Lane]:
    """The lanes of one run."""
    return River(run).lanes()


RIVER = Plot("river", "The river", "", "ms since the run began", "offset", lanes=river)
PLOTS = (RIVER,)
