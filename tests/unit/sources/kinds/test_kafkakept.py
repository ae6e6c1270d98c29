"""A partition's files as they were at an earlier moment: read as the later ones are, under a kind of their own."""

from dataclasses import replace

from machinelab.model import Event
from machinelab.sources.kinds import kafkakept, kafkasegments
from tests.captures import containers

DATA = containers.SEGMENTS.read_bytes()


def plain(event: Event) -> tuple[object, ...]:
    return event.number, event.node, event.content.summary(), event.time


def test_the_same_files_say_the_same() -> None:
    kept, now = kafkakept.load(DATA, "broker1"), kafkasegments.load(DATA, "broker1")
    assert [plain(event) for event in kept] == [plain(event) for event in now]
    assert {event.source for event in kept} == {kafkakept.KIND} != {event.source for event in now}


def test_they_are_placed_by_the_same_packets() -> None:
    kept = kafkakept.load(DATA, "broker1")
    crc = next(event for event in kept if "kafka.batch_crc" in event)
    packet = replace(crc, source="packets", number=9, time=5, node="", dst="broker1", protocol="Kafka")
    placed = kafkakept.place(kept, {"packets": [packet]})
    at = next(event for event in placed if event.values("kafka.batch_crc") == crc.values("kafka.batch_crc"))
    assert at.time == 5
    assert placed == kafkasegments.place(kept, {"packets": [packet]})


def test_nothing_kept_is_nothing() -> None:
    assert kafkakept.load(b"", "broker1") == [] == kafkakept.place([], {})
