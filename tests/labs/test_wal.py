"""What the worksheet of the wal lab has to take and to refuse."""

import pytest

from machinelab import catalog
from machinelab.analysis import reading
from machinelab.worksheet import prose
from machinelab.worksheet.grading import Grader


@pytest.mark.parametrize(
    ("step", "ok", "known"),
    [("control-flushed", True, ""), ("control-written", False, "takes the write for it")],
)
def test_a_checkpoint_counts_after_a_power_failure_only_when_the_control_file_is_flushed(step, ok, known):
    """After a kill the write is enough; so the question says which of the two crashes it means."""
    lab = catalog.load_lab("wal")
    run = reading.open_lab(lab, "checkpoint", shipped=True).run
    asked = next(one for one in lab.questions if one.id == "takes-effect")
    section = prose.parse(catalog.worksheet_file("wal").read_text()).sections["takes-effect"]
    assert "power" in section.prompt
    finding = Grader(asked, run, section=section, lab="wal").grade(run.first(step).id, "reference")
    assert (finding.ok, finding.known) == (ok, known)
