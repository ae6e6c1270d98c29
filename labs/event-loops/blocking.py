"""What keeps the loop from turning, and who pays for it: work, a queue that never empties, and the same in Python."""

from machinelab.authoring import At, Choice, Experiment, Gather, Step

from . import headlines
from .common import NOISE, QUICK, START, TRACE, answered, asks, does, where

AT_ONCE = "/quick+50"  # asked for 50 ms after the other page

blocked = Experiment(
    "blocked",
    "One request works, and everybody waits",
    headline=headlines.blocked,
    reset=(START,),
    run=(At("client", f"ask server /work?how={{how}}&ms={{ms}} {AT_ONCE}"),),
    gather=(TRACE,),
    knobs={"how": Choice(("block", "await")), "ms": Choice(("300", "600", "100"))},
    background=NOISE,
    steps=(
        asks("ask-work", "/work"),
        asks("ask-quick", QUICK),
        *where(
            "how == block",
            does("work", "work", "nodetrace.duration > 0.09"),
            does("quick", "quick"),
            answered("work-done", "ask-work"),
            answered("quick-late", "ask-quick", after="work-done"),
        ),
        *where(
            "how == await",
            does("waiting", "waiting"),
            does("quick-between", "quick"),
            answered("quick-done", "ask-quick"),
            answered("work-done-later", "ask-work", after="quick-done"),
        ),
    ),
)

starve = Experiment(
    "starve",
    "A queue that never empties",
    headline=headlines.starve,
    reset=(START,),
    run=(At("client", f"ask server /starve?how={{how}}&ms=300 {AT_ONCE}"),),
    gather=(TRACE,),
    knobs={"how": Choice(("nextTick", "promise", "immediate"))},
    background=NOISE,
    steps=(
        asks("ask-turns", "/starve"),
        asks("ask-quick", QUICK),
        does("turns", "turns", "nodetrace.duration > 0.29"),
        *where(
            "how != immediate",
            does("quick", "quick"),
            answered("turns-done", "ask-turns"),
            answered("quick-late", "ask-quick", after="turns-done"),
        ),
        *where(
            "how == immediate",
            does("quick-between", "quick"),
            answered("quick-done", "ask-quick"),
            answered("turns-done-later", "ask-turns", after="quick-done"),
        ),
    ),
)

worker = Experiment(
    "worker",
    "The work goes somewhere else",
    headline=headlines.worker,
    reset=(START,),
    run=(At("client", f"ask server /work?how={{how}}&ms=300 {AT_ONCE}"),),
    gather=(TRACE,),
    knobs={"how": Choice(("worker", "pieces"))},
    background=NOISE,
    steps=(
        asks("ask-work", "/work"),
        asks("ask-quick", QUICK),
        *where("how == worker", does("beside", "beside", "nodetrace.duration > 0.29")),
        *where(
            "how == pieces",
            Step("piece", "server", 'nodetrace.name == "piece"', times=(30, 30), track="pieces"),
        ),
        does("quick", "quick", track="quick"),
        answered("quick-done", "ask-quick"),
        answered("work-done-later", "ask-work", after="quick-done"),
    ),
)

PYTHON = "client > python"

asyncio = Experiment(
    "asyncio",
    "The same in Python",
    headline=headlines.asyncio,
    reset=(At("python", "truncate -s 0 /run/lab/asyncio.log"),),
    run=(At("client", f"ask python /work?how={{how}}&ms=300 {AT_ONCE}"),),
    gather=(Gather("python", "asynciolog", "cat /run/lab/asyncio.log"),),
    knobs={"how": Choice(("block", "await", "thread"))},
    background=NOISE,
    steps=(
        asks("ask-work", "/work", PYTHON),
        asks("ask-quick", QUICK, PYTHON),
        *where(
            "how == block",
            Step("too-slow", "python", "asyncio.duration > 0.25", track="log"),
            answered("work-done", "ask-work"),
            answered("quick-late", "ask-quick", after="work-done"),
        ),
        *where(
            "how != block",
            Step("none-too-slow", "python", "asyncio.duration > 0.25", times=(0, 0)),
            answered("quick-done", "ask-quick"),
            answered("work-done-later", "ask-work", after="quick-done"),
        ),
    ),
)
