"""Load balancing: the same work shared out below TCP and above HTTP. The prose is in guides/load-balancing.md."""

from machinelab.authoring import ARP, At, Experiment, Gather, Lab, Step

LOG = (Gather("l7", "haproxy", "logged {started}"),)

doors = Experiment(
    "doors",
    "One request, four ways in",
    reset=(At("l7", "balance proxy={proxy}"), At("web1", "mood"), At("web2", "mood"), At("web3", "mood")),
    run=(
        At("alice", "ask http://l4/dnat"),
        At("alice", "ask http://l7:8080/bytes"),
        At("alice", "ask http://l7:8088/told"),
        At("alice", "ask http://l7/http"),
    ),
    gather=LOG,
    knobs={"proxy": "v2"},
    background=(ARP,),
    steps=(Step("dnat", "alice > l4 > any", "http.request"),),
)

LAB = Lab("load-balancing", (doors,), minutes=75, memory=80)
