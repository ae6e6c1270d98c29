"""Kafka, as a river: three brokers that keep the same records, a producer, two consumers. The prose is in guides/kafka.md."""

from machinelab.authoring import ARP, At, Experiment, Lab, Step

produce = Experiment(
    "produce",
    "One record, three copies",
    reset=(At("producer", "topic orders 3"),),
    run=(At("producer", "produce orders --key {key} --acks {acks}"),),
    knobs={"key": "alice", "acks": "all"},
    background=(ARP,),
    steps=(Step("produce", "producer > broker1", "tcp.dstport == 9092 and tcp.len > 0", times=(1, None)),),
)
LAB = Lab("kafka", (produce,), minutes=75, memory=600)
