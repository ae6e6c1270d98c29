"""Trace × Experiment → Alignment: which events are which step of the guide.

    hops      who > whom, in node names
    links     which reply answers which request
    evidence  the items of a trace with what each could be
    path      the best way through the steps of one track (a dynamic program)
    windows   where an exchange begins and ends
    missing   why a step was not seen, and what came nearest
    fit       which experiment a trace shows
    roles     who is who in a capture from elsewhere

Deterministic, and O(events × steps) in each window.
"""

from .aligner import align
from .fit import best_fit

__all__ = ["align", "best_fit"]
