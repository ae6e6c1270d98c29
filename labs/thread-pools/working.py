"""What threads are busy with: more than they can do, each other, parts of one task, or nothing but waiting."""

from machinelab.authoring import At, Choice, Experiment, Step

from . import headlines
from .common import EVENTS, NOISE, STARTED, asks, fresh, replies, some, where

PART = 'jfr.task == "part"'

overload = Experiment(
    "overload",
    "More than it can do",
    headline=headlines.overload,
    reset=fresh("core=2 most=2 queue={queue}"),
    run=(At("client", "load server 60 --ms 50 --each {each}"),),
    gather=(EVENTS,),
    knobs={"queue": Choice(("none", "4")), "each": Choice(("20", "25", "30", "40", "50"))},
    background=(*NOISE, STARTED),
    steps=(
        asks(60),
        some("runs", "Task", 30, 60),
        some("waits", "Wait", 0, 60),
        *where("queue == none", Step("none-refused", "server", 'jfr.event == "lab.Refused"', times=(0, 0)), replies("done", 200, 60, 60)),
        *where("queue != none", some("refused", "Refused", 0, 30), replies("unavailable", 503, 0, 30), replies("rest-done", 200, 30, 60)),
    ),
)  # fmt: skip

stuck = Experiment(
    "stuck",
    "A pool that waits for itself",
    headline=headlines.stuck,
    reset=fresh("core={threads} most={threads} queue=none"),
    run=(At("client", "load server 2 --how ask --ms 100"),),
    gather=(EVENTS,),
    knobs={"threads": Choice(("2", "3"))},
    background=(*NOISE, STARTED),
    steps=(
        asks(2),
        *where(
            "threads == 2",
            some("waits-for-itself", "Task", 2, 2, "jfr.duration > 1.9"),
            replies("failed", 500, 2, 2),
        ),
        *where(
            "threads == 3",
            some("is-served", "Task", 2, 2, "jfr.duration < 1.9"),
            replies("done", 200, 2, 2),
        ),
    ),
)

steal = Experiment(
    "steal",
    "One task, cut in two until it is short",
    headline=headlines.steal,
    reset=fresh("kind=fork core={threads}"),
    run=(At("client", "load server 1 --how split --ms 160"),),
    gather=(EVENTS,),
    knobs={"threads": Choice(("2", "1"))},
    background=(*NOISE, STARTED),
    steps=(
        asks(1),
        some("whole", "Task", 1, 1, 'jfr.task == "task-1"'),
        *where(
            "threads == 2",
            some("part", "Task", 1, 15, f'{PART} and jfr.thread == "fork-1"'),
            some("part-elsewhere", "Task", 1, 15, f'{PART} and jfr.thread == "fork-2"'),
        ),
        *where("threads == 1", some("every-part", "Task", 16, 16, PART)),
        replies("done", 200, 1, 1),
    ),
)

virtual = Experiment(
    "virtual",
    "Forty that only wait",
    headline=headlines.virtual,
    reset=fresh("kind={kind} core=4 most=4 queue=none"),
    run=(At("client", "load server 40 --ms 200 --each 1"),),
    gather=(EVENTS,),
    knobs={"kind": Choice(("virtual", "pool"))},
    background=(*NOISE, STARTED),
    steps=(
        asks(40),
        some("runs", "Task", 40, 40),
        *where("kind == virtual", Step("nobody-waits", "server", 'jfr.event == "lab.Wait"', times=(0, 0))),
        *where("kind == pool", some("waits", "Wait", 30, 40)),
        replies("done", 200, 40, 40),
    ),
)
