"""What an HTTP message says in each version, read from real captures, and when a reply passed on is the same."""

from machinelab.correlate import http
from machinelab.model import Event, Exchange
from tests.captures import containers
from tests.references import events

ONE, TWO = events(containers.HTTP), events(containers.HTTP2[1])
THREE = events(containers.HTTP3[1], decrypted=True)


def first(found: tuple[Event, ...], reply: bool) -> Event:
    for event in found:
        place = http.place(event)
        exchange = event.messages[place].exchange if place >= 0 else None
        if exchange is not None and exchange.reply is reply:
            return event
    raise AssertionError("none")


def test_each_version_says_method_and_target() -> None:
    for found in (ONE, TWO, THREE):
        asked, answered = (http.fields(first(found, reply)) for reply in (False, True))
        assert http.core(asked, False)[0] == "GET" and str(http.core(asked, False)[1]).startswith("/")
        assert http.core(answered, True)[0] == 200
        assert set(http.start(asked)) == {"method", "target"} and http.start(answered)["status"] == "200"
        names = [name.lower() for name, _ in http.headers(answered)]
        assert "date" in names and not any(name.startswith(":") for name in names)


def test_a_reply_with_its_content_in_the_same_packet_is_one() -> None:
    both = next(event for event in THREE if event.values("http3.frame_type") == [1, 0])
    assert http.place(both) == 0
    asked = [event for event in THREE if "http3.headers.method" in event]
    assert [http.place(event) for event in asked] == [0, 0]


def test_what_is_not_known_contradicts_nothing() -> None:
    assert http.same((200, http.UNKNOWN), (200, b"body")) and http.same((200, b"a"), (200, b"a"))
    assert not http.same((200, b"a"), (200, b"b")) and not http.same((404, http.UNKNOWN), (200, b"a"))


def test_settings_and_pings_are_no_requests() -> None:
    assert http.is_http(Exchange(("http2", 0, 1, 5), False)) and http.is_http(
        Exchange(("http", 0, 0, 1), True)
    )
    assert not http.is_http(Exchange(("http2", 0, 1, "4/1"), False)) and not http.is_http(None)
    assert not http.is_http(Exchange(("dns", 0, 1, 5), False))
