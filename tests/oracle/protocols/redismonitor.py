"""redismonitor: tshark reads packets."""

from tests.oracle.exemptions import Protocol

EXEMPTIONS = Protocol(ours={"redismonitor": "evidence that is no packet"})
