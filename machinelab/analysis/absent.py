"""Protocols that a guide speaks of and a capture from elsewhere does not show, because they may be on other ports there."""

import re
from typing import TYPE_CHECKING

from ..model import Lab, Trace

if TYPE_CHECKING:
    from collections.abc import Iterator


def hints(lab: Lab, trace: Trace) -> "Iterator[str]":
    """For each protocol of the guide that nothing but its port tells, and that no message of the capture is: what to try."""
    from ..sources.decoding import by_port_alone

    asked = " ".join(str(step.sees) for experiment in lab.experiments for step in experiment.steps)
    seen = {message.protocol for event in trace.events for message in event.messages}
    for name, (layer, label) in by_port_alone().items():
        if label not in seen and re.search(rf"\b{name}\b", asked):
            yield f"No {label} in this capture; if it runs on another port, add --decode-as {layer}.port==N,{name}"
