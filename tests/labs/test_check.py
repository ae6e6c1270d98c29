"""Every lab that ships is whole: what `machinelab check` says, with no engine."""

import pytest

from machinelab import catalog, check


@pytest.mark.parametrize("id", catalog.ready())
def test_a_lab_is_whole(id: str) -> None:
    assert "\n".join(map(str, check.check([id]))) == ""


def test_nothing_belongs_to_no_lab() -> None:
    own = {problem for id in catalog.ready() for problem in check.check([id])}
    assert [str(problem) for problem in check.check() if problem not in own] == []
