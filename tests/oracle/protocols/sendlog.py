"""sendlog: tshark reads packets."""

from tests.oracle.exemptions import Protocol

EXEMPTIONS = Protocol(ours={"sendlog": "evidence that is no packet"})
