"""A filter's tokens."""

from hypothesis import given
from hypothesis import strategies as st

from machinelab.filter import FilterError, lexer


@given(st.text(max_size=200))
def test_tokens_lie_in_order(text: str) -> None:
    try:
        found = lexer.tokens(text)
    except FilterError:
        return
    edges = [edge for token in found for edge in (token.start, token.stop)]
    assert edges == sorted(edges)
