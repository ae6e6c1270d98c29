"""Value references in what a guide says of a field, as every view shows them: filled in from the run, and never raw."""

import re
from collections.abc import Callable

import pytest

from machinelab import catalog
from machinelab.analysis import reading
from machinelab.analysis.reading import Reading
from machinelab.guide import Reference, ValueResolver
from machinelab.render.detail import detail
from machinelab.render.explain import explain
from machinelab.render.page import page
from machinelab.render.terminal import TerminalStyle

REFERENCE = re.compile(r"@[a-z0-9/-]+\.[a-z]")


@pytest.fixture(scope="module")
def dropped() -> Reading:
    """An experiment whose guide has a reference in a bullet."""
    return reading.open_reference(catalog.load_lab("tcp"), "dropped")


def test_the_details_of_a_packet_have_the_value(dropped: Reading, golden: Callable[[str, str], None]) -> None:
    view = dropped.view()
    lines = detail(view, dropped.run.first("syn-again"), TerminalStyle(100))
    about = [line for line in lines if line.startswith(" ▸")]
    golden("render/detail-value-100.txt", "\n".join(about) + "\n")


def test_explain_has_the_value(dropped: Reading, golden: Callable[[str, str], None]) -> None:
    golden(
        "render/explain-value-100.txt",
        "\n".join(explain("tcp.seq_raw", TerminalStyle(100), dropped.view())) + "\n",
    )


def test_the_page_has_the_value(dropped: Reading) -> None:
    html = "".join(page(dropped.view()))
    assert f"as before: {dropped.run.first('syn-again')['tcp.seq_raw']}" in html
    assert not REFERENCE.search(html)


@pytest.mark.parametrize("lab", catalog.ready())
def test_no_reference_stays_as_it_is_written(lab: str) -> None:
    """Each field meaning of each guide, in the reference that it is about."""
    opened = catalog.load_lab(lab)
    book = reading.guide_of(opened)
    for (experiment, step, field), meaning in book.meanings.items():
        for reference in meaning.references:
            home = reference.experiment or experiment or _having(opened, reference.step)
            found = reading.open_reference(opened, home)
            said = found.view().words.meaning(step, field)
            values: ValueResolver = found.view().words.values  # type: ignore[attr-defined]
            value = values.value(reference)
            assert value is not None and value in said and not REFERENCE.search(said)


def _having(lab: catalog.Lab, step: str) -> str:
    return next(e.id for e in lab.experiments if any(each.id == step for each in e.steps))


def test_a_reference_to_another_experiment_is_taken_from_its_reference_capture(dropped: Reading) -> None:
    values: ValueResolver = dropped.view().words.values  # type: ignore[attr-defined]
    of_loss = Reference("@loss/fast-again.tcp.seq", "loss", "fast-again", "tcp.seq", 1, 1)
    loss = reading.open_reference(dropped.lab, "loss")
    assert values.value(of_loss) == str(loss.run.first("fast-again")["tcp.seq"])
    for nothing in (
        Reference("", "none", "fast-again", "tcp.seq", 1, 1),
        Reference("", "loss", "fast-again", "tcp.seq", 99, 1),
        Reference("", "loss", "fast-again", "dns.id", 1, 1),
    ):
        assert values.value(nothing) is None
