"""How the loop turns: which queue comes first, what it waits in, and a race that nobody has decided."""

from dataclasses import replace

from machinelab.authoring import At, Background, Choice, Experiment, Gather, Step

from . import headlines
from .common import CALLS, NOISE, START, TRACE, WAY, answered, asks, does

order = Experiment(
    "order",
    "Six callbacks, one after the other",
    headline=headlines.order,
    reset=(START,),
    run=(At("client", "ask server /order"),),
    gather=(TRACE,),
    background=(*NOISE, CALLS),
    steps=(
        asks("ask", "/order"),
        does("sync", "sync"),
        does("next-tick", "nextTick"),
        does("promise", "promise"),
        does("immediate", "immediate"),
        does("timeout", "timeout"),
        does("file-told", "stat", track="file"),
        answered("done", "ask"),
    ),
)

ON_SOCKET = 'syscall.path contains "TCP:"'
POLLS = Background("polls", 'syscall.name == "epoll_pwait"')
CLOSING = Background("closing", f'{ON_SOCKET} and syscall.name in {{"shutdown", "close"}}')

cycle = Experiment(
    "cycle",
    "What the loop does all day",
    headline=headlines.cycle,
    reset=(At("server", "server start calls"),),
    run=(At("client", "ask --keep server /quick /quick+{pause}"),),
    gather=(Gather("server", "strace", "server calls"),),
    knobs={"pause": Choice(("100", "400"))},
    background=(*NOISE, POLLS, CLOSING),
    steps=(
        replace(asks("ask", "/quick"), times=(2, 2)),
        Step("accept", "server", 'syscall.name == "accept4"', track="loop"),
        Step("read", "server", f'{ON_SOCKET} and syscall.name == "read" and syscall.return > 0', times=(2, 2), track="read"),
        Step("write", "server", f'{ON_SOCKET} and syscall.name == "writev"', times=(2, 2), track="write"),
        Step("sleep", "server", 'syscall.name == "epoll_pwait" and syscall.duration > 0.08 and syscall.duration < 1', times=(1, None), track="sleep"),
        Step("read-end", "server", f'{ON_SOCKET} and syscall.name == "read" and syscall.return == 0', track="loop"),
        replace(answered("done", "ask"), times=(2, 2)),
    ),
)  # fmt: skip

race = Experiment(
    "race",
    "A race, run twenty times",
    headline=headlines.race,
    reset=(START,),
    run=(At("client", "ask server /race?from={from}&times={times}"),),
    knobs={"from": Choice(("main", "io")), "times": Choice(("20", "50"))},
    background=NOISE,
    steps=(
        Step("ask", WAY, 'http.request.uri matches "^/race"'),
        Step("tally", reply_to="ask", sees="http.response.code == 200 and json"),
    ),
)
