"""What the Kafka lab's references have to show, beyond what every lab is asked."""

import pytest
from scapy.layers.inet import IP, TCP
from scapy.layers.l2 import Ether

from machinelab import catalog
from machinelab import filter as display
from machinelab.align import align
from machinelab.analysis import reading
from machinelab.model import Experiment, Run, Step
from machinelab.sources import pcap
from machinelab.worksheet import prose
from machinelab.worksheet.grading import Grader
from tests.captures.containers import Packet, pcapng
from tests.unit.align.made import packet, trace


@pytest.fixture(scope="module")
def lab():
    return catalog.load_lab("kafka")


def shown(lab, experiment):
    return reading.open_lab(lab, experiment, shipped=True).run


def batches(run, source):
    return [e for e in run.trace.events if e.source == source and "kafka.batch_crc" in e]


def test_offset_41_is_on_the_disk_twice_and_the_second_time_by_another_leader(lab):
    run = shown(lab, "leader-killed")
    (before,) = (e for e in batches(run, "kafkakept") if e["kafka.base_offset"] == 41)
    (after,) = (e for e in batches(run, "kafkasegments") if e["kafka.base_offset"] == 41)
    assert (before["kafka.leader_epoch"], after["kafka.leader_epoch"]) == (0, 1)
    cut = run.first("cut-off")
    assert before.time < cut.time < after.time, "the file was cut in between"


def test_compaction_leaves_offsets_as_they_were(lab):
    run = shown(lab, "compaction")
    left = [value for e in batches(run, "kafkasegments") for value in e.values("kafka.record.offset")]
    assert left == [4, 5, 6]
    assert [value for e in batches(run, "kafkakept") for value in e.values("kafka.record.offset")] == [
        *range(6)
    ]


def test_a_record_has_one_checksum_on_the_wire_and_on_the_disk(lab):
    run = shown(lab, "batch")
    assert run.first("batch")["kafka.batch_crc"] == run.first("on-disk")["kafka.batch_crc"]


CLIENT, BROKER = "198.18.92.2", "198.18.92.13"


def talk(*said):
    """A connection to port 9092, one frame for each (from the client, flags, what is said)."""
    for at, (out, flags, words) in enumerate(said):
        ports = {"sport": 40000, "dport": 9092} if out else {"sport": 9092, "dport": 40000}
        ends = {"src": CLIENT, "dst": BROKER} if out else {"src": BROKER, "dst": CLIENT}
        hardware = {"src": f"02:00:00:00:00:0{1 + (not out)}", "dst": f"02:00:00:00:00:0{2 - (not out)}"}
        yield Packet(at, bytes(Ether(**hardware) / IP(**ends) / TCP(flags=flags, **ports) / words))


@pytest.mark.parametrize(
    ("said", "unused"),
    [
        ([(1, "S", b""), (0, "SA", b""), (1, "A", b""), (1, "FA", b""), (0, "FA", b""), (1, "A", b"")], True),
        ([(1, "S", b""), (0, "SA", b""), (1, "A", b""), (1, "PA", b"\0\0\0\1"), (1, "FA", b"")], False),
        ([(1, "S", b""), (0, "RA", b"")], False),
    ],
    ids=["nothing is said", "something is said", "nobody is there"],
)
def test_a_connection_on_which_nothing_is_said_is_no_part_of_any_story(lab, tmp_path, said, unused):
    """Under load a client may open a connection to one broker and learn at another, before it speaks, that it needs none."""
    file = tmp_path / "silent.pcapng"
    file.write_bytes(pcapng(talk(*said)))
    events = pcap.load(file).events
    for experiment in lab.experiments:
        found = next(one for one in experiment.background if one.id == "unused")
        assert [display.compile(found.sees).matches(event.fields) for event in events] == [unused] * len(said)


def graded(lab, experiment, question, reply):
    """Whether a reply to a worksheet question is right, by the shipped evidence."""
    asked = next(one for one in lab.questions if one.id == question)
    section = prose.parse(catalog.worksheet_file("kafka").read_text()).sections[question]
    return Grader(asked, shown(lab, experiment), section=section, lab="kafka").grade(reply, "reference")


def test_a_reader_of_a_compacted_topic_gets_the_record_of_the_open_segment_too(lab):
    """Three: 4 and 5 come in one reply, 6 in the next."""
    assert graded(lab, "compaction", "how-many-left", "3").ok
    assert graded(lab, "compaction", "how-many-left", "2").known == "forgets the other segment"


def test_the_reply_that_settled_offset_41_is_a_packet(lab):
    run = shown(lab, "leader-killed")
    assert graded(lab, "leader-killed", "whose-41", str(run.first("kept-at-last").number)).ok
    later = graded(lab, "leader-killed", "whose-41", str(run.first("next-kept").number))
    assert (later.ok, later.known) == (False, "takes the other one")


def test_the_kept_question_is_the_one_that_a_record_ended(lab):
    """Other fetches are kept as well: the followers', and those to which nothing comes."""
    run = shown(lab, "consume")
    poll = run.first("poll")
    assert run.node(poll.src) == "consumer1" and run.items("answered")[0].fields["kafka.message_value"]
    assert graded(lab, "consume", "kept-question", str(poll.number)).ok


@pytest.mark.parametrize(("assignment", "answer"), [({"kafka__member_assignment": b"part"}, "c"), ({}, "a")])
def test_who_shares_out_depends_on_who_sends_an_assignment(lab, assignment, answer):
    """In a group of the new protocol a classic member's SyncGroup holds none: the coordinator has worked it out."""
    asked = next(one for one in lab.questions if one.id == "who-shares-out")
    steps = (Step("sync", "client > server", "kafka.api_key == 14"),)
    made = Experiment("group", "A group made by hand", (), steps)
    evidence = trace(packet(1, "C>S", kafka__api_key=14, **assignment))
    assert asked.answer(Run(made, evidence, align(evidence, made), {})) == answer
