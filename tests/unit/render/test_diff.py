import json

import pytest

from machinelab import catalog
from machinelab.analysis import reading
from machinelab.analysis.comparison import compare
from machinelab.render import diff
from machinelab.render.terminal import TerminalStyle, cells


@pytest.fixture(scope="module")
def found():
    lab = catalog.load_lab("dns")
    return compare(*(reading.open_reference(lab, id).run for id in ("cold", "nxdomain")))


@pytest.mark.parametrize("width", [40, 80, 120])
def test_lines_fit_and_are_harmless(found, width):
    for terminal in (TerminalStyle(width), TerminalStyle(width, unicode=False)):
        lines = list(diff.report(found, terminal, ("cold", "nxdomain"), every=True))
        assert all(line.isprintable() for line in lines)
        assert all(cells(line) <= width for line in lines)


def test_it_says_where_a_step_is_lacking_and_what_changed(found):
    text = "\n".join(diff.report(found, TerminalStyle(100), ("cold", "nxdomain")))
    assert "only in nxdomain: packet" in text
    assert "Not the same shape." in text


def test_json_is_one_object(found):
    told = json.loads(diff.as_json(found, ("a", "b"), "dns"))
    assert told["lab"] == "dns" and told["same_shape"] is False
    assert {"id", "exchange", "same", "pairs"} <= told["steps"][0].keys()
