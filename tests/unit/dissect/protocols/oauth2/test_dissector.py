"""OAuth's parameters, wherever they travel: on the recorded logins, and on requests cut short."""

import pytest

from machinelab import catalog
from machinelab.model import Event
from machinelab.sources import pcap
from tests.unit.dissect.protocols.http1.test_dissector import dissected

FOLDER = catalog.reference_folder("oauth2")


def events(experiment: str) -> list[Event]:
    """The packets of a reference."""
    return list(pcap.load(FOLDER / f"{experiment}.pcapng", keys=FOLDER / f"{experiment}.keys").events)


def test_a_code_has_one_name_in_a_redirect_an_address_a_form_and_a_referrer() -> None:
    found = [event for event in events("no-pkce") if "oauth2.code" in event]
    assert len({value for event in found for value in event.values("oauth2.code")}) == 1
    places = [
        next(
            name
            for name in ("http.location", "urlencoded-form", "http.referer", "http.request.uri")
            if name in event
        )
        for event in found
    ]
    assert {"http.location", "urlencoded-form", "http.referer"} <= set(places)


@pytest.mark.parametrize("experiment", ["pkce", "dpop", "client-credentials"])
def test_each_parameter_stands_in_the_bytes_that_say_it(experiment: str) -> None:
    plain = ("oauth2.code", "oauth2.access_token", "oauth2.code_verifier", "oauth2.dpop", "oauth2.grant_type")
    seen = 0
    for event in events(experiment):
        for name in plain:
            for item in event.fields[name] if name in event else ():
                assert (
                    event.content.buffers()[item.buffer][item.start : item.stop] == str(item.value).encode()
                )
                seen += 1
    assert seen >= 3


def test_a_client_s_password_is_read_out_of_its_header() -> None:
    (request,) = [event for event in events("client-credentials") if "oauth2.client_secret" in event]
    assert request["oauth2.client_id"] == "job" and request["oauth2.client_secret"] == "job-secret"


def test_endpoints_for_clients_with_a_certificate_stand_in_the_metadata() -> None:
    (metadata,) = [event for event in events("mtls") if "oauth2.issuer" in event]
    (item,) = metadata.fields["oauth2.mtls_endpoint_aliases"]
    said = metadata.content.buffers()[item.buffer][item.start : item.stop]
    assert said.startswith(b"{") and said.endswith(b"}") and b'"token_endpoint"' in said


def test_somebody_else_s_form_is_none_of_oauth_s() -> None:
    fields = dissected(b"GET /search?scope=all&state=open HTTP/1.1\r\nHost: a\r\n\r\n")
    assert not [field for field in fields if field[0].startswith("oauth2")]


LONG = (
    b"POST /token?code=abc#access_token=x HTTP/1.1\r\nHost: a\r\nAuthorization: Basic d2ViOnNlY3JldA==\r\n"
    b"DPoP: eyJhbGciOiJFUzI1NiJ9.eyJodG0iOiJHRVQifQ.AAAA\r\nReferer: https://b/c?code=d\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 34\r\n\r\n"
    b"grant_type=x&code=%41%&expires_in="
)


def test_cut_off_anywhere_it_does_not_fail() -> None:
    for stop in range(len(LONG)):
        dissected(LONG[:stop])
    names = [field[0] for field in dissected(LONG)]
    assert names.count("oauth2.code") == 3 and "oauth2.client_secret" in names and "jwt.htm" in names
