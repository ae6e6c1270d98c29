"""Thread pools: how many threads are enough, and what becomes of the rest. The prose is in guides/thread-pools.md."""

from machinelab.authoring import At, Lab

from .filling import grow, queue, refuse
from .pictures import PICTURES, PLOTS
from .questions import QUESTIONS
from .working import overload, steal, stuck, virtual

LAB = Lab(
    "thread-pools",
    (grow, queue, refuse, overload, stuck, steal, virtual),
    QUESTIONS,
    core=("grow", "queue", "refuse", "overload", "stuck", "steal"),
    minutes=45,
    memory=200,
    warm_up=(At("client", "load server 1"),),
    plots=PLOTS,
    pictures=PICTURES,
    descriptions={"client": "sends work (Python)", "server": "has a pool do it (Java 21)"},
)
