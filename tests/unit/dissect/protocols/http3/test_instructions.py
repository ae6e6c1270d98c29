"""QPACK's encoder stream: the examples of RFC 9204, appendix B, and any bytes at all."""

from hypothesis import given
from hypothesis import strategies as st

from machinelab.dissect.protocols.http3.instructions import (
    CAPACITY,
    DUPLICATE,
    INSERT,
    INSERT_INDEXED,
    instructions,
)

# RFC 9204, appendix B.2 to B.4: a capacity of 220, two entries with names of the static table, one of its own, a duplicate.
EXAMPLE = bytes.fromhex(
    "3fbd01 c00f7777772e6578616d706c652e636f6d c10c2f73616d706c652f70617468"
    "4a637573746f6d2d6b65790c637573746f6d2d76616c7565 02"
)


def test_the_example_of_the_standard() -> None:
    found = list(instructions(EXAMPLE, 0, len(EXAMPLE)))
    assert [each.kind for each in found] == [CAPACITY, INSERT_INDEXED, INSERT_INDEXED, INSERT, DUPLICATE]
    assert found[0].number == 220 and sum(each.inserts for each in found) == 4
    assert found[1].value and found[1].value.value == b"www.example.com" and not found[1].value.huffman
    assert found[3].name and found[3].name.value == b"custom-key"
    assert found[-1].stop == len(EXAMPLE)


@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    at = 0
    for each in instructions(data, 0, len(data)):
        assert each.start == at < each.stop <= len(data)
        at = each.stop
