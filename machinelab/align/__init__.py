"""Trace × Experiment → Alignment: which events are which step of the guide, which are missing, what came nearest.

    hops      who > whom, in node names
    links     which reply answers which request
    equal     steps whose message must equal another step's in a field
    pieces    messages in several pieces
    matches   the items of a trace with the steps whose hop and filter each meets
    path      the best way through the steps of one track (a dynamic program)
    order     tracks, and orders that the clocks cannot settle
    windows   where an exchange begins and ends
    missing   why a step was not seen, and what came nearest
    looks     which messages meet which filters, for all experiments of a guide at once
    identify  which experiment a trace shows, if any
    roles     who is who in a capture from elsewhere

Deterministic, and O(events × steps) in each window.
"""

from .aligner import align, holds
from .identify import Identity, identify
from .looks import Looks, filters_of

__all__ = ["Identity", "Looks", "align", "filters_of", "holds", "identify"]
