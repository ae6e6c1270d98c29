import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machinelab.render.page.pool import SHORTEST, Pool


def cut(pool: Pool, where: list[int]) -> bytes:
    whole = base64.b64decode(pool.encoded())
    return b"".join(whole[at : at + length] for at, length in zip(where[::2], where[1::2], strict=True))


@given(st.lists(st.binary(max_size=200)))
def test_what_is_put_in_comes_out(buffers: list[bytes]) -> None:
    pool = Pool()
    places = [pool.put(data) for data in buffers]
    assert [cut(pool, where) for where in places] == buffers


def test_a_message_made_of_two_frames_takes_no_bytes_of_its_own() -> None:
    pool, first, second = Pool(), bytes(range(100)), bytes(range(100, 200))
    pool.put(b"head" * 10 + first)
    pool.put(b"HEAD" * 10 + second)
    before = len(pool)
    assert cut(pool, pool.put(first + second)) == first + second
    assert len(pool) == before


@pytest.mark.parametrize(("length", "kept"), [(SHORTEST - 1, 2), (SHORTEST, 1)])
def test_a_stretch_too_short_for_a_reference_is_kept_again(length: int, kept: int) -> None:
    pool, part = Pool(), bytes(range(length))
    pool.put(part + b"\xff")
    pool.put(part)
    assert len(pool) == length * kept + 1
