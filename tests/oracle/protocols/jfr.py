"""jfr: tshark reads packets."""

from tests.oracle.exemptions import Protocol

EXEMPTIONS = Protocol(ours={"jfr": "evidence that is no packet"})
