"""HAProxy's own words, from the load-balancing lab's references."""

from hypothesis import given
from hypothesis import strategies as st

from machinelab import fields
from machinelab.model import Event
from machinelab.sources.kinds import haproxy
from tests import ROOT

FOLDER = ROOT / "labs/load-balancing/reference"
EVIDENCE = sorted(FOLDER.glob("*/evidence/*.haproxy"))


def of(experiment: str) -> list[Event]:
    return haproxy.load((FOLDER / experiment / "evidence/l7.haproxy").read_bytes(), "l7")


def test_every_line_of_every_reference_is_read() -> None:
    assert EVIDENCE
    for path in EVIDENCE:
        data = path.read_bytes()
        known = [
            line
            for line in data.splitlines()
            if b"] http " in line or b"] bytes " in line or b"] told " in line or b" is DOWN" in line
        ]
        assert len(haproxy.load(data, "l7")) >= len(known), path


def test_a_request_has_five_times_and_two_connections() -> None:
    event = of("doors")[-1]
    assert event["haproxy.request"] == "GET /http HTTP/1.1" and event["haproxy.status"] == 200
    assert event["haproxy.state"] == "----" and event["haproxy.retries"] == 0
    names = ("request", "queue", "connect", "response", "active")
    assert all(int(str(event[f"haproxy.time.{name}"])) >= 0 for name in names)
    assert event["haproxy.toport"] == 80 and event["haproxy.frontend"] == "http"
    assert event.node == "l7" and event.id == "haproxy:3" and event.uncertainty > 0
    assert event.content.summary().startswith("GET /http  web")


def test_bytes_have_three_times_and_no_status() -> None:
    event = of("doors")[0]
    assert event["haproxy.frontend"] == "bytes" and "haproxy.status" not in event
    assert "haproxy.time.total" in event and "haproxy.time.response" not in event


def test_a_request_that_was_lost_says_how() -> None:
    lost = next(event for event in of("failover") if event.values("haproxy.status") == [502])
    assert (
        lost["haproxy.state"] == "SH--"
        and lost["haproxy.time.response"] == -1
        and lost["haproxy.server"] == "web2"
    )


def test_another_server_in_the_end_is_a_retry() -> None:
    again = [e for e in of("failover") if e.values("haproxy.retries") == [1]]
    assert again and all(event["haproxy.server"] != "web2" for event in again)


def test_a_server_goes_out() -> None:
    down = next(event for event in of("failover") if "haproxy.event" in event)
    assert (down["haproxy.server"], down["haproxy.event"]) == ("web2", "DOWN")
    assert down.content.summary().startswith("web2 is DOWN: ")


def test_fields_are_known_and_stand_where_they_say() -> None:
    for path in EVIDENCE:
        for event in haproxy.load(path.read_bytes(), "l7"):
            line = event.content.buffers()["line"].decode()
            for name, found in event.fields.items():
                assert name in fields.registry()
                said = line[found[0].start : found[0].stop].lstrip("+")
                assert name in ("haproxy", "haproxy.why") or said == str(found[0].value)


@given(st.binary(max_size=300))
def test_any_bytes_are_read(data: bytes) -> None:
    haproxy.load(data, "l7")


@given(st.integers(0, 400), st.binary(max_size=6))
def test_a_damaged_line_is_read_or_passed_over(at: int, piece: bytes) -> None:
    data = (FOLDER / "failover/evidence/l7.haproxy").read_bytes()[:2000]
    haproxy.load(data[:at] + piece + data[at + len(piece) :], "l7")
