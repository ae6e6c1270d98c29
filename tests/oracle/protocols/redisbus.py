"""The bus of a Redis Cluster: where we differ from tshark on purpose."""

from tests.oracle.exemptions import Packet, Protocol

PORT = "16379"
AS_DATA = ("data", "tcp.segment", "tcp.reassembled", "frame.protocols")


def as_data(name: str, said: Packet) -> bool:
    """Whether it is how tshark shows bytes of a protocol that it does not know: as data, segment by segment."""
    return name.startswith(AS_DATA) and any(item.show == PORT for item in said.get("tcp.port", ()))


EXEMPTIONS = Protocol(ours={"redisbus": "tshark does not know the protocol"}, unsure=as_data)
