"""Why one thread is fast, and when it is not: pipelining, and a slow command that holds up everybody."""

from machinelab.authoring import Alone, At, Choice, Experiment, Gather, Step

from . import headlines
from .common import ASKS, NOISE, TELLS, asked, command, where

pipeline = Experiment(
    "pipeline",
    "A hundred orders, one by one and all at once",
    headline=headlines.pipeline,
    reset=(At("server", "server start"), At("server", "redis-cli -s /run/lab/redis.sock config resetstat")),
    run=(At("client", "buy pipeline 100 {depth}"),),
    knobs={"depth": Choice(("1", "10", "100"))},
    telling=("order", "ask-stats"),
    background=NOISE,
    steps=(
        Step(
            "order",
            ASKS,
            command("SET"),
            times=(100, 100),
            track="orders",
            alone=Alone("set-asked", command("SET")),
        ),
        Step("paid", reply_to="order", sees='resp.string == "OK"', times=(100, 100), track="orders"),
        *asked("ask-stats", "stats", "INFO", 'resp.text contains "total_reads_processed"'),
    ),
)

# Seconds. Without anybody in the way a customer waits a hundredth of that.
LATE = 'resp.answers == "GET" and resp.time > 0.04'
SOON = 'resp.answers == "GET" and resp.time <= 0.04'
LONG = command("KEYS", "EVAL", "DEL")
LONG_DONE = 'redismonitor.command in {"KEYS", "EVAL", "DEL"}'
ONE = "what != scan and what != unlink"

slow = Experiment(
    "slow",
    "One slow command, and everybody waits",
    headline=headlines.slow,
    reset=(At("server", "server start"), At("server", "server fill {what}")),
    run=(At("server", "server monitor", background=True), At("client", "buy slow {what}")),
    gather=(Gather("server", "redismonitor", "cat /run/lab/monitor"),),
    knobs={"what": Choice(("keys", "script", "del", "scan", "unlink"))},
    telling=("look", "ask-slow", "ask-pieces", "ask-unlink", "ask-slowlog"),
    background=NOISE,
    steps=(
        Step("look", ASKS, command("GET"), times=(6, None), track="customers"),
        *where(ONE, Step("seen", TELLS, SOON, times=(3, None), track="replies")),
        *where(
            "what == scan or what == unlink",
            Step("seen-soon", TELLS, 'resp.answers == "GET"', times=(6, None), track="replies"),
        ),
        *where(
            ONE,
            Step("ask-slow", ASKS, LONG, alone=Alone("slow-asked", LONG)),
            Step("slow-over", reply_to="ask-slow"),
            Step("held-up", TELLS, LATE, times=(1, None), track="late"),
            Step("slow-done", "server", LONG_DONE, track="slow-done"),
        ),
        *where(
            "what == scan",
            Step("ask-pieces", ASKS, command("SCAN"), times=(10, None)),
            Step("pieces", reply_to="ask-pieces", times=(10, None)),
            Step(
                "pieces-done", "server", 'redismonitor.command == "SCAN"', times=(10, None), track="slow-done"
            ),
        ),
        *where(
            "what == unlink",
            *asked("ask-unlink", "unlinked", "UNLINK", "resp.integer == 1"),
            Step("unlink-done", "server", 'redismonitor.command == "UNLINK"', track="slow-done"),
        ),
        Step("done", "server", 'redismonitor.command == "GET"', times=(3, None), track="done"),
        *asked("ask-slowlog", "slowlog", "SLOWLOG GET"),
    ),
)
