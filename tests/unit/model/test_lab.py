"""A lab's experiments in the order in which a reader takes them."""

from dataclasses import replace

import pytest

from machinelab import catalog
from machinelab.errors import UsageError

LAB = catalog.load_lab("dns")
IDS = [experiment.id for experiment in LAB.experiments]


def test_the_core_path_comes_first_and_the_others_after_it() -> None:
    order = [experiment.id for experiment in LAB.in_order]
    assert order[: len(LAB.core)] == list(LAB.core) and sorted(order) == sorted(IDS)


def test_without_a_core_every_experiment_is_on_the_path() -> None:
    bare = replace(LAB, core=())
    assert bare.core_path == LAB.experiments and bare.further == ()


def test_an_id_on_the_path_that_there_is_not_is_left_out() -> None:
    odd = replace(LAB, core=("nonsense", IDS[1]))
    assert [experiment.id for experiment in odd.core_path] == [IDS[1]]


def test_what_a_reader_does_next() -> None:
    order = [experiment.id for experiment in LAB.in_order]
    assert LAB.next_after(()).id == order[0]
    assert LAB.next_after(order[:2]).id == order[2]
    assert LAB.next_after(order).id == order[0], "at the end the first again"


def test_a_misspelt_experiment_is_told_the_nearest() -> None:
    with pytest.raises(UsageError) as told:
        LAB.experiment("clod")
    assert "cold" in told.value.hint
