"""What is kept: the append-only file and its three policies, a server that dies, and a snapshot by a child that shares its memory."""

from machinelab.authoring import At, Background, Choice, Experiment, Gather, Step

from . import headlines
from .common import AOF, ASKS, CALLS, LOG, NOISE, STARTING, asked, command, where

KILLED = Step("killed", "server", 'process.signal == "SIGKILL"', times=(1, None), track="server")
SETS_KEPT = 'aof.command == "SET" and aof.whole'

crash = Experiment(
    "crash",
    "What a crash takes with it, counted",
    headline=headlines.crash,
    reset=(At("server", "server start --watch appendonly=yes appendfsync={appendfsync}"),),
    run=(
        At("client", "buy orders 4000 0.005", background=True),
        At("server", "power-cut {death} 60"),
        At("server", "server again"),
        At("client", "redis-cli -h server DBSIZE"),
    ),
    gather=(CALLS, LOG, Gather("server", "aof", "sh -c 'cat /data/redis/appendonlydir/*.incr.aof'")),
    knobs={"appendfsync": Choice(("everysec", "always", "no")), "death": Choice(("power", "process"))},
    telling=("order", "ask-count"),
    background=(*NOISE, STARTING),
    steps=(
        Step("order", ASKS, command("SET"), times=(1, None), track="orders"),
        # The last one may be without a reply: the server is no more.
        Step("paid", reply_to="order", sees='resp.string == "OK"', times=(1, None), track="orders"),
        Step("appended", "server", f'syscall.name == "write" and {AOF}', times=(1, None), track="writes"),
        *where(
            "appendfsync == always",
            Step(
                "flushed-first",
                "server",
                f'syscall.name == "fdatasync" and {AOF}',
                times=(1, None),
                track="flushes",
            ),
        ),
        *where(
            "appendfsync == everysec",
            Step(
                "flushed-later",
                "server",
                f'syscall.name == "fdatasync" and {AOF}',
                times=(1, None),
                track="flushes",
            ),
        ),
        *where(
            "appendfsync == no",
            Step("never-flushed", "server", f'syscall.name == "fdatasync" and {AOF}', times=(0, 0)),
        ),
        KILLED,
        Step("loaded", "server", 'log.message contains "DB loaded from append only file"', track="server"),
        *(step for step in asked("ask-count", "count", "DBSIZE", "resp.integer >= 0")),
        *where(
            "appendfsync != no or death == process",
            Step("begins", "server", 'aof.command == "SELECT"', track="file"),
            Step("kept", "server", SETS_KEPT, times=(1, None), track="file"),
        ),
        *where(
            "appendfsync == no and death == power", Step("nothing-kept", "server", SETS_KEPT, times=(0, 0))
        ),
    ),
)

# A name becomes durable with the folder that it stands in.
NAMED = Background("named", 'syscall.path matches "/data/redis$"')
PARENT, CHILD = "smaps and not smaps.parent", "smaps.parent"

fork = Experiment(
    "fork",
    "A child that writes down how it was",
    headline=headlines.fork,
    reset=(At("server", "server start --watch rdb-key-save-delay=50"), At("server", "server fill values")),
    run=(
        At("server", "memory", background=True),
        At("client", "buy touch {touch}"),
        At("server", "server quiet"),
        At("client", "redis-cli -h server INFO persistence"),
    ),
    gather=(CALLS, LOG, Gather("server", "smaps", "cat /run/lab/memory")),
    knobs={"touch": Choice(("1000", "0", "2500"))},
    telling=("ask-save", "ask-persistence"),
    background=(*NOISE, STARTING, NAMED),
    steps=(
        *asked("ask-save", "save-begun", "BGSAVE", 'resp.string matches "^Background saving started"'),
        Step("forked", "server", 'syscall.name == "clone"', track="processes"),
        Step(
            "child-flushes",
            "server",
            'syscall.name == "fsync" and syscall.path contains "temp-"',
            track="processes",
        ),
        Step("child-ended", "server", "process.exit == 0", track="processes"),
        *where(
            "touch != 0",
            Step("touch", ASKS, command("SETRANGE"), times=(100, None), track="touches"),
            Step("touched", reply_to="touch", times=(100, None), track="touches"),
        ),
        Step("parent-memory", "server", PARENT, times=(3, None), track="parent"),
        Step("child-memory", "server", CHILD, times=(3, None), track="child"),
        Step("copied", "server", 'log.message contains "Fork CoW for RDB"', track="log"),
        Step("saved", "server", 'log.message contains "terminated with success"', track="log"),
        *asked("ask-persistence", "persistence", "INFO", 'resp.text contains "rdb_last_cow_size"'),
    ),
)
