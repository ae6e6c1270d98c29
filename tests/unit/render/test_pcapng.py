"""What is written is read again by our own reader; tests/oracle/test_export.py asks tshark."""

from dataclasses import replace
from pathlib import Path

from machinelab import catalog
from machinelab.analysis import reading
from machinelab.dissect.packet import Packet
from machinelab.render.pcapng import comment, pcapng
from machinelab.sources import pcap

from . import small


def cold():
    return reading.open_reference(catalog.load_lab("dns"), "cold").view()


def back(data: bytes, folder: Path):
    file = folder / "out.pcapng"
    file.write_bytes(data)
    return pcap.load(file)


def test_packets_times_networks_and_comments_come_back(tmp_path):
    view = cold()
    trace = back(pcapng(view), tmp_path)
    assert not trace.warnings
    assert len(trace.events) == len(view.trace.events)
    for ours, theirs in zip(view.trace.events, trace.events, strict=True):
        assert theirs.time == ours.time and theirs.network == ours.network
        assert theirs.content.buffers()["frame"] == ours.content.buffers()["frame"]
        assert isinstance(theirs.content, Packet)
        assert theirs.content.comments == ((comment(view, ours),) if comment(view, ours) else ())


def test_the_comment_is_the_guides_sentence():
    view = cold()
    said = {comment(view, event) for event in view.trace.events}
    assert f"ask-root: {view.words.sentence('ask-root')}" in said


def test_keys_stand_before_the_packets(tmp_path):
    data = pcapng(cold(), keys=b"CLIENT_RANDOM 00 11\n")
    live = pcap.Live()
    live.feed(data)
    assert live.secrets == ((0x544C534B, b"CLIENT_RANDOM 00 11\n"),)
    assert data.index(b"CLIENT_RANDOM") < data.index(cold().trace.events[0].content.buffers()["frame"])


def test_a_selection_holds_only_that(tmp_path):
    view = cold()
    assert len(back(pcapng(view, view.trace.events[3:5]), tmp_path).events) == 2


def test_hostile_words_and_names_make_a_whole_file(tmp_path):
    view = small.hostile()
    told = small.Told(small.HOSTILE, (), {"frame": bytes(60)})
    event = replace(view.trace.events[0], content=told)
    trace = back(pcapng(replace(view, trace=replace(view.trace, events=(event,)))), tmp_path)
    assert len(trace.events) == 1 and not trace.warnings


def test_no_packets_is_a_file_all_the_same(tmp_path):
    assert back(pcapng(cold(), []), tmp_path).events == ()
