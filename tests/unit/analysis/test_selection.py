import pytest

from machinelab.analysis.selection import chosen
from machinelab.guide import Fence
from machinelab.model import Run

from ..render import small


@pytest.mark.parametrize(
    ("steps", "numbers"),
    [
        ((), range(1, 12)),
        ((("ask-tld", "auth-answers"),), [4, 5, 6, 8, 9]),  # not the packet that only carries one
        ((("ask-tld", "ask-tld"),), [4, 5]),
        ((("answer", "answer"), ("ask-root", "root-refers")), [2, 3, 11]),
        ((("ask-tld", "tld-refers"), ("ask-root", "ask-tld")), [2, 3, 4, 5, 6]),
        ((("no-leak", "no-leak"),), []),
    ],
)
def test_packets_of_steps(steps: tuple[tuple[str, str], ...], numbers: range | list[int]) -> None:
    view = small.cold()
    run = Run(view.experiment, view.trace, view.alignment, {})
    assert [event.number for event in chosen(run, Fence("cold", steps, 1, 2, ""))] == list(numbers)
