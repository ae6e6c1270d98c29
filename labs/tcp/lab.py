"""TCP, the handshake and what follows. The prose is in guides/tcp.md."""

from machinelab.authoring import ARP, At, Choice, Experiment, Lab, Step

SYN = "tcp.flags.syn == 1 and tcp.flags.ack == 0"
handshake = Experiment(
    "handshake",
    "Three packets before the first byte",
    run=(At("client", "greet {server} 7 {text} --mss {mss}"),),
    knobs={"server": Choice(("server", "plain")), "text": "hello", "mss": Choice(("1460", "536"))},
    background=(ARP,),
    steps=(Step("syn", "client > server|plain", SYN),),
)
LAB = Lab("tcp", (handshake,), minutes=60, memory=60)
