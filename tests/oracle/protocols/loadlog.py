"""loadlog: tshark reads packets."""

from tests.oracle.exemptions import Protocol

EXEMPTIONS = Protocol(ours={"loadlog": "evidence that is no packet"})
