"""arrivals: tshark reads packets."""

from tests.oracle.exemptions import Protocol

EXEMPTIONS = Protocol(ours={"arrivals": "evidence that is no packet"})
