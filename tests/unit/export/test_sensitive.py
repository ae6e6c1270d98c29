"""What counts as confidential: claims, members and typed texts, of whom and of what."""

import dataclasses
import json

import pytest

from machinelab.export import sensitive
from machinelab.model import Event, Field
from tests.references import opened


class Content:
    """An event's content with nothing but these fields."""

    def __init__(self, **values: object) -> None:
        self._fields = {
            name.replace("__", "."): [Field(name.replace("__", "."), each, 0, 0, "frame") for each in said]
            for name, said in values.items()
        }

    def fields(self):
        return self._fields

    def buffers(self):
        return {"frame": b""}


@pytest.fixture(scope="module")
def event() -> Event:
    return opened("oauth2", "redirect").run.trace.events[0]


def texts(event: Event, **values: object) -> set[bytes]:
    """All that is to be masked of an event with these fields."""
    found = sensitive.of([dataclasses.replace(event, content=Content(**values))])
    return {*found.texts, *found.words}


def test_a_claim_that_nobody_has_heard_of_is_confidential_and_where_a_token_is_good_is_not(event) -> None:
    said = {
        "iss": "https://login.example",
        "aud": "web",
        "scope": "a b c",
        "exp": 17,
        "shoe_size": "forty-two",
    }
    assert texts(event, jwt__payload=[json.dumps(said)]) == {b"forty-two"}


def test_numbers_and_what_is_inside_of_claims_are_found_as_well(event) -> None:
    said = {"phone": 123456, "address": {"town": "Lübeck", "floors": [3]}}
    found = texts(event, jwt__payload=[json.dumps(said)])
    assert {b'"phone":123456', b'"phone": 123456', "Lübeck".encode(), b"L\\u00fcbeck", b'"floors":3'} <= found


def test_a_client_that_is_its_own_subject_is_no_person(event) -> None:
    for about, expected in (("job", set()), ("alice", {b"alice"})):
        said = json.dumps({"sub": about, "client_id": "job"})
        assert texts(event, jwt__payload=[said], jwt__sub=[about], jwt__client_id=["job"]) == expected


def test_an_answer_about_somebody_is_and_a_list_of_goods_is_not(event) -> None:
    assert texts(event, json__object=['{"sub":"alice","name":"Alice Liddell"}']) >= {
        b"alice",
        b"Alice Liddell",
    }
    assert not texts(event, json__object=['{"order":17,"name":"a kettle"}', "[1]", "{damaged"])
    assert texts(event, json__object=['{"active":true,"jti":"a-number"}']) == {b"a-number"}


def test_names_in_a_form_are_beside_a_password_only(event) -> None:
    keys, values = ["name", "password"], ["alice", "wonderland"]
    form = {"urlencoded-form__key": keys, "urlencoded-form__value": values}
    assert texts(event, **form) == {b"alice", b"wonderland"}
    assert not texts(event, **{"urlencoded-form__key": ["name"], "urlencoded-form__value": ["kettle"]})


def test_a_cookie_is_one_without_its_name_too(event) -> None:
    found = texts(event, http__set_cookie=["session=Q3F0T51ldXr6; path=/; httponly"])
    assert b"Q3F0T51ldXr6" in found and b"/" not in found


def test_a_text_for_an_address_is_found_in_its_coding(event) -> None:
    assert b"a%20b%2Fc%20d" in texts(event, oauth2__state=["a b/c d"])
