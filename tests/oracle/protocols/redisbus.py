"""The bus of a Redis Cluster: where we differ from tshark on purpose."""

from tests.oracle.exemptions import Protocol

EXEMPTIONS = Protocol(ours={"redisbus": "tshark does not know the protocol"})
