"""Every lab that ships is whole: what `machinelab check` says, with no engine."""

import pytest

from machinelab import catalog, check


@pytest.mark.parametrize("id", catalog.ready())
def test_a_lab_is_whole(id: str) -> None:
    assert "\n".join(map(str, check.check([id]))) == ""


def test_nothing_belongs_to_no_lab() -> None:
    begun = [id for id in catalog.made() if id not in catalog.ready()]
    assert [*map(str, catalog.problems()), *map(str, check.check(begun) if begun else ())] == []
