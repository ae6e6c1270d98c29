"""Kafka, as a river: three brokers that keep the same records, a producer, two consumers. The prose is in guides/kafka.md."""

from machinelab.authoring import ARP, At, Experiment, Lab, Step

quorum = Experiment(
    "quorum",
    "Q",
    reset=(At("producer", "topic orders 3"),),
    run=(At("broker3", "server crash"),At("broker1", "server lead")),
    after=(At("broker3", "server start"), At("broker1", "server yield"), At("producer", "cluster whole")),
    background=(ARP,),
    steps=(Step("produce", "producer > broker1", "tcp.dstport == 9092 and tcp.len > 0", times=(1, None)),),
)
LAB = Lab("kafka", (quorum,), minutes=75, memory=600)
