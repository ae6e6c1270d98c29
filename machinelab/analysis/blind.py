"""A run as somebody sees it who has no guide: for as long as a question about it is open, nothing tells what each packet is."""

from dataclasses import replace

from ..model import Experiment
from .view import View
from .words import SILENT

QUIET = "beside the point"  # what all known traffic is called that no step is about


def blind(view: View) -> View:
    """The same events with no step, sentence, verdict or headline. Quiet traffic stays quiet, and says no more than that."""
    seen = view.alignment
    return replace(
        view,
        alignment=replace(
            seen,
            experiment=Experiment(view.experiment.id, "", (), ()),
            claims=(),
            missing=(),
            background=dict.fromkeys(seen.background, QUIET),
            unclaimed=(),
            undecided=(),
        ),
        words=SILENT,
        strict=False,
        failed_commands=(),
        run=None,
        blind=True,
    )
