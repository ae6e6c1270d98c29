"""IP fragments: however they come, the same datagram; never more memory than a datagram may take."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab.dissect.core import Frame, PacketInfo, Reassembly, Source
from machinelab.dissect.fragments import LIMIT, Fragments


def observe(number: int) -> PacketInfo:
    return PacketInfo(number, Frame(0, b"", 0, Source(0, 1)), 0, 0)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_order_and_repetition_gives_the_datagram(data: st.DataObject) -> None:
    whole = data.draw(st.binary(min_size=24, max_size=400))
    cuts = sorted(
        {0, len(whole), *(8 * n for n in data.draw(st.lists(st.integers(1, len(whole) // 8), max_size=5)))}
    )
    pieces = [(a, b < len(whole), whole[a:b]) for a, b in itertools.pairwise(cuts)]
    pieces += data.draw(st.lists(st.sampled_from(pieces), max_size=3))
    fragments, result = Fragments(), Reassembly()
    for number, (offset, more, payload) in enumerate(data.draw(st.permutations(pieces)), 1):
        result = fragments.add(("key",), observe(number), offset, more, payload)
        if result.at:
            assert result.at == number
            break
    assert result.data == whole


def test_a_missing_piece_leaves_it_open() -> None:
    fragments = Fragments()
    fragments.add(("key",), observe(1), 0, True, bytes(8))
    assert not fragments.add(("key",), observe(2), 16, False, bytes(8)).at


def test_no_more_than_so_many_are_open_and_none_is_longer_than_a_packet() -> None:
    fragments = Fragments()
    for number in range(LIMIT + 5):
        fragments.add((number,), observe(number), 0, True, bytes(8))
    assert len(fragments._open) == LIMIT
    assert not fragments.add(("huge",), observe(1), 65_528, False, bytes(1000)).at
    for number in range(1000):
        fragments.add(("flood",), observe(number), 8, True, bytes(1000))
    assert sum(len(part[2]) for part in fragments._open[("flood",)].parts) < 300_000
