"""onlooker: tshark reads packets."""

from tests.oracle.exemptions import Protocol

EXEMPTIONS = Protocol(ours={"onlooker": "evidence that is no packet"})
