"""Connection tracking's own words, from the NAT lab's references."""

from hypothesis import given
from hypothesis import strategies as st

from machinelab import fields
from machinelab.sources.kinds import conntrack
from tests import ROOT

EVIDENCE = sorted((ROOT / "labs/nat/reference").glob("*/evidence/*.conntrack"))


def test_every_line_of_every_reference_is_read() -> None:
    assert EVIDENCE
    for path in EVIDENCE:
        data = path.read_bytes()
        assert len(conntrack.load(data, "nat-a")) == len(data.splitlines()), path


def test_an_entry_says_how_it_looks_on_both_sides() -> None:
    data = next(p for p in EVIDENCE if "outbound" in str(p)).read_bytes()
    made = conntrack.load(data, "nat-a")[0]
    assert made["conntrack.event"] == "NEW" and made["conntrack.protocol"] == "udp"
    assert made["conntrack.srcport"] == 5000 and made["conntrack.reply.srcport"] == 7000
    assert made["conntrack.unreplied"] is True
    assert made.content.summary().startswith("NEW udp ") and ", outside " in made.content.summary()
    assert made.node == "nat-a" and made.id == "conntrack:1" and made.uncertainty > 0


def test_a_connection_has_a_state() -> None:
    data = next(p for p in EVIDENCE if "/tcp/" in str(p)).read_bytes()
    states = [
        event["conntrack.state"] for event in conntrack.load(data, "nat-a") if "conntrack.state" in event
    ]
    assert states[0] == "SYN_SENT"


def test_fields_are_known_and_stand_where_they_say() -> None:
    for path in EVIDENCE:
        for event in conntrack.load(path.read_bytes(), "nat-a"):
            line = event.content.buffers()["line"].decode()
            for name, found in event.fields.items():
                assert name in fields.registry()
                if name not in ("conntrack", "conntrack.unreplied", "conntrack.assured"):
                    assert line[found[0].start : found[0].stop] == str(found[0].value)


@given(st.binary(max_size=300))
def test_any_bytes_are_read(data: bytes) -> None:
    conntrack.load(data, "nat-a")


@given(st.data())
def test_a_line_cut_anywhere_does_no_harm(draw: st.DataObject) -> None:
    data = EVIDENCE[0].read_bytes()
    conntrack.load(data[: draw.draw(st.integers(0, len(data)))], "nat-a")
