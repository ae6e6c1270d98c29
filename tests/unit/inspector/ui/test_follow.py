from machinelab import catalog
from machinelab.analysis import reading
from machinelab.inspector.ui.follow import follow, plaintext, readable
from machinelab.inspector.ui.palette import palette
from machinelab.render.terminal import TerminalStyle, cells

from ...render import small


def said(view, talk, width=80):
    return [
        "".join(text for text, _ in line)
        for line in follow(view, talk, width, TerminalStyle(width), palette("plain"))
    ]


def test_question_and_reply_as_text():
    view = reading.open_reference(catalog.load_lab("dns"), "cold").view()
    text = "\n".join(said(view, [view.trace.events[0], view.trace.events[-1]]))
    assert "dns.qry.name: www.example.test" in text and "stub → resolver" in text
    assert "    16  resolver → stub" in text


def test_a_tcp_stream_tells_its_messages_and_counts_the_rest():
    view = reading.open_reference(catalog.load_lab("dns"), "truncated").view()
    stream = next(event.stream for event in view.trace.events if event.stream and event.stream[0] == "tcp")
    text = "\n".join(said(view, [e for e in view.trace.events if e.stream == stream]))
    assert "dns.qry.name" in text and "carry no message" in text


def test_plain_text_is_shown_as_it_is():
    from machinelab.model import Field

    told = small.Told("GET /", (Field("tcp.payload", b"GET / HTTP/1.1\r\nHost: a\x1b\r\n\r\n"),))
    event = small.cold().trace.events[0]
    from dataclasses import replace

    event = replace(event, content=told)
    assert plaintext(event).startswith("GET /")
    lines = said(small.cold(), [event])
    assert "  Host: a\\x1b" in lines and all(line.isprintable() for line in lines)


def test_what_is_text_and_what_is_not():
    assert readable(b"HTTP/1.1 200 OK\r\n") and readable("schön".encode())
    assert not readable(b"\x16\x03\x01\x02\x00\x01") and not readable(b"")


def test_hostile_conversations_fit():
    view = small.hostile()
    for width in (20, 80):
        lines = said(view, list(view.trace.events), width)
        assert all(line.isprintable() for line in lines)
        assert all(cells(line) <= max(width, 12) for line in lines)


def test_a_group_stands_in_those_alone_that_hold_it():
    view = reading.open_reference(catalog.load_lab("dns"), "cold").view()
    lines = said(view, [view.trace.events[0]])
    flags, queries, name = (
        next(line for line in lines if line.strip().startswith(text))
        for text in ("Flags", "Queries 1", "dns.qry.name:")
    )
    indents = [len(line) - len(line.lstrip()) for line in (flags, queries, name)]
    assert indents[0] == indents[1] < indents[2]
