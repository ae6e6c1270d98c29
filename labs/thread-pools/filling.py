"""How a pool fills up: threads, then the queue, then more threads, then no more."""

from machinelab.authoring import At, Choice, Experiment, Step

from . import headlines
from .common import EVENTS, NOISE, STARTED, asks, fresh, replies, some, where

WAITED = "jfr.duration > 0"

grow = Experiment(
    "grow",
    "Nine tasks, two threads, three places, four threads at most",
    headline=headlines.grow,
    reset=fresh("core=2 most=4 queue=3"),
    run=(At("client", "load server {tasks} --ms 400"),),
    gather=(EVENTS,),
    knobs={"tasks": Choice(("9", "5"))},
    background=NOISE,
    steps=(
        asks(9),
        some("core-thread", "Started", 2, 2, "jfr.threads <= 2"),
        *where("tasks == 9", some("more-threads", "Started", 2, 2, "jfr.threads > 2")),
        *where("tasks == 5", Step("no-more-threads", "server", "jfr.threads > 2", times=(0, 0))),
        some("waits", "Wait", 3, 3),
        some("runs", "Task", 5, 7),
        *where("tasks == 9", some("refused", "Refused", 2, 2), replies("unavailable", 503, 2, 2)),
        replies("done", 200, 5, 7),
    ),
)

queue = Experiment(
    "queue",
    "A queue without an end",
    headline=headlines.grow,
    reset=fresh("core=2 most=4 queue={queue}"),
    run=(At("client", "load server 9 --ms 400"),),
    gather=(EVENTS,),
    knobs={"queue": Choice(("none", "0"))},
    background=NOISE,
    steps=(
        asks(9),
        some("core-thread", "Started", 2, 2, "jfr.threads <= 2"),
        *where(
            "queue == none",
            Step("no-more-threads", "server", "jfr.threads > 2", times=(0, 0)),
            some("waits-long", "Wait", 7, 7),
            replies("done", 200, 9, 9),
        ),
        *where(
            "queue == 0",
            some("more-threads", "Started", 2, 2, "jfr.threads > 2"),
            Step("nobody-waits", "server", 'jfr.event == "lab.Wait"', times=(0, 0)),
            some("refused", "Refused", 5, 5),
            replies("unavailable", 503, 5, 5),
            replies("done-at-once", 200, 4, 4),
        ),
        some("runs", "Task", 4, 9),
    ),
)

refuse = Experiment(
    "refuse",
    "Four ways to say no",
    headline=headlines.refuse,
    reset=fresh("core=1 most=1 queue=1 policy={policy}"),
    run=(At("client", "load server 4 --ms 400 --patience 2"),),
    gather=(EVENTS,),
    knobs={"policy": Choice(("abort", "caller", "oldest", "discard"))},
    background=(*NOISE, STARTED),
    steps=(
        asks(4),
        some("refused", "Refused", 1, 2),
        some("waits", "Wait", 1, 2),
        *where("policy == abort", replies("unavailable", 503, 2, 2)),
        *where(
            "policy == caller",
            some("runs-itself", "Task", 1, 2, 'jfr.thread == "HTTP-Dispatcher"'),
            replies("all-done", 200, 4, 4),
        ),
        *where("policy != caller", replies("done", 200, 2, 2)),
        some("runs", "Task", 2, 3, 'jfr.thread != "HTTP-Dispatcher"'),
    ),
)
