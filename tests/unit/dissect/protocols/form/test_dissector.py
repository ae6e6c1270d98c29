"""Forms: names, values, and where both stand."""

from urllib.parse import parse_qsl

from hypothesis import given
from hypothesis import strategies as st

from machinelab.dissect.core import View
from machinelab.dissect.protocols.form.dissector import MOST, dissect, pairs
from machinelab.dissect.protocols.kafka.topics import NOBODY


def test_names_and_values_stand_where_they_say() -> None:
    data = b"?scope=a+b&state=%7Ex&empty=&bare&&z=1"
    found = list(pairs(data, 1, len(data)))
    assert [(pair.name, pair.value) for pair in found] == [
        ("scope", "a b"),
        ("state", "~x"),
        ("empty", ""),
        ("bare", ""),
        ("z", "1"),
    ]
    assert data[found[1].at : found[1].end] == b"state"
    assert data[found[1].start : found[1].stop] == b"%7Ex"


@given(st.text(alphabet="ab=&+%41 ", max_size=30))
def test_as_the_standard_library_reads_it(text: str) -> None:
    data = text.encode()
    found = [(pair.name, pair.value) for pair in pairs(data, 0, len(data))]
    assert found == parse_qsl(text, keep_blank_values=True)


def test_a_form_with_more_than_anybody_looks_at_is_cut_and_says_so() -> None:
    for count in (MOST, MOST + 1):
        view = View(NOBODY, b"a=1&" * count, "body", [])
        assert len(dissect(view, 0, len(view.data))) == MOST
        assert [item[2] for item in view.out if item[0] == "urlencoded-form.cut"] == [MOST * 4 - 1] * (
            count > MOST
        )
