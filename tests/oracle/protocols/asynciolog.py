"""asynciolog: tshark reads packets."""

from tests.oracle.exemptions import Protocol

EXEMPTIONS = Protocol(ours={"asyncio": "evidence that is no packet"})
