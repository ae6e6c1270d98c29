"""nodetrace: tshark reads packets."""

from tests.oracle.exemptions import Protocol

EXEMPTIONS = Protocol(ours={"nodetrace": "evidence that is no packet"})
