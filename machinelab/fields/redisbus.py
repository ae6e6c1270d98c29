"""The bus of a Redis Cluster: clusterMsg in Redis 8.0's cluster_legacy.h. Wireshark does not know it; the names are ours."""

from . import FieldType, label, text, uint

KINDS = {
    0: "PING", 1: "PONG", 2: "MEET", 3: "FAIL", 4: "PUBLISH", 5: "FAILOVER_AUTH_REQUEST", 6: "FAILOVER_AUTH_ACK", 7: "UPDATE",
    8: "MFSTART", 9: "MODULE", 10: "PUBLISHSHARD",
}  # fmt: skip

FIELDS: dict[str, FieldType] = {
    "redisbus": label("what a node of a cluster tells another one"),
    "redisbus.length": uint("the message's length in bytes"),
    "redisbus.version": uint("the bus's version"),
    "redisbus.port": uint("the port where the sender serves clients"),
    "redisbus.type": uint("what it is", names=KINDS),
    "redisbus.count": uint("how many other nodes it tells of"),
    "redisbus.epoch": uint("the newest epoch that the sender knows of"),
    "redisbus.config_epoch": uint("the epoch in which the sender came by its slots: the greater one wins"),
    "redisbus.offset": uint("how far the sender's replication has come, in bytes", volatile=True),
    "redisbus.sender": text("the sender's id", volatile=True),
    "redisbus.slots": uint("how many slots the sender says are its own, a bit each"),
    "redisbus.slot_range": text("which: the first and the last of those that stand together"),
    "redisbus.state": uint("what the sender thinks of the cluster", names={0: "OK", 1: "FAIL"}),
    "redisbus.gossip.node": text("another node that is told of, by its id", volatile=True),
    "redisbus.gossip.address": text("its address", volatile=True),
}
