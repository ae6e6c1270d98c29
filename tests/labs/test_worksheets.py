"""Answers that a learner could give in good faith, on the references: the right ones are taken, the wrong ones refused."""

import pytest

from machinelab import catalog
from machinelab.worksheet.grading import Grader
from tests.references import opened

FAIR = (
    # lab, question, reply, whether it is right
    (
        "tls",
        "proof",
        "a",
        False,
    ),  # Certificate and CertificateVerify often share a packet, so letters are asked for
    ("tls", "proof", "b", True),
    ("tls", "silent", "c", False),
    ("tls", "silent", "a", True),
    ("tcp", "beginnings", "1", True),  # whatever the kernel's habit with SYNs is
    (
        "tcp",
        "round-trip-saved",
        "2",
        True,
    ),  # by the protocol; when the answer leaves is the scheduler's choice
    ("tcp", "lets-go", "late-ack", True),
    ("tcp", "lets-go", "whole-answer", False),
    ("dns", "upstream", "6", True),
    ("dns", "aged", "200", True),  # within a tenth: what the commands take in between varies
    ("dns", "aged", "300", False),
    ("dns", "patience", "b", True),
    ("dns", "refusals", "refuses", True),
    ("dns", "refusals", "tld-refers", False),
    ("dns", "source", "answer", False),
)


@pytest.mark.parametrize(("lab", "question", "reply", "right"), FAIR)
def test_a_reply_in_good_faith(lab: str, question: str, reply: str, right: bool) -> None:
    found = next(asked for asked in catalog.load_lab(lab).questions if asked.id == question)
    run = opened(lab, found.experiment).run
    steps = {step.id for step in run.experiment.steps}
    said = run.first(reply).id if reply in steps else reply
    assert Grader(found, run).grade(said).ok is right
