"""smaps: tshark reads packets."""

from tests.oracle.exemptions import Protocol

EXEMPTIONS = Protocol(ours={"smaps": "evidence that is no packet"})
