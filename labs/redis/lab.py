"""Redis: how one thread can be so fast, and when it is not. The prose is in guides/redis.md."""

from machinelab.authoring import At, Lab

from .copies import cluster, replica
from .keeping import crash, fork
from .pictures import PICTURES, PLOTS
from .questions import QUESTIONS
from .speed import pipeline, slow
from .tables import expiry, rehash, watch

LAB = Lab(
    "redis",
    (pipeline, slow, crash, fork, replica, expiry, rehash, watch, cluster),
    QUESTIONS,
    core=("pipeline", "slow", "crash", "fork", "replica", "cluster"),
    minutes=65,
    memory=120,
    warm_up=(At("client", "redis-cli -h server ping"),),
    plots=PLOTS,
    pictures=PICTURES,
    descriptions={
        "client": "a shop (a program of the lab)",
        "server": "Redis 8.0",
        "replica": "Redis 8.0, follows when it is told to",
        "node1": "Redis 8.0, a third of a cluster",
        "node2": "the same",
        "node3": "the same",
    },
)
