"""Keys and their table: keys that end by themselves, a table that grows in small steps, and a change that nobody may come between."""

from machinelab.authoring import At, Choice, Experiment, Step

from . import headlines
from .common import ASKS, NOISE, TELLS, asked, command, where

ENDED = 'resp.out_of_band and resp.text == "__keyevent@0__:expired"'
ASK_HOW_MANY = command("DBSIZE")

expiry = Experiment(
    "expiry",
    "Twenty offers, and who clears them away",
    headline=headlines.expiry,
    reset=(
        At("server", "server start notify-keyspace-events=Ex"),
        At("server", "redis-cli -s /run/lab/redis.sock debug set-active-expire {active}"),
    ),
    run=(At("client", "buy offers"),),
    knobs={"active": Choice(("1", "0"))},
    telling=("listen", "offer", "cleared", "looked-at"),
    background=NOISE,
    steps=(
        *asked("hello", "hello-back", "HELLO", "resp.map"),
        Step("listen", ASKS, command("SUBSCRIBE")),
        Step("listening", reply_to="listen", sees="resp.push"),
        Step("offer", ASKS, f'{command("SET")} and resp.argument == "PX"', times=(20, 20), track="offers"),
        Step("offered", reply_to="offer", times=(20, 20), track="offers"),
        *where("active == 1", Step("cleared", TELLS, ENDED, times=(20, 20), track="events")),
        Step("how-many", ASKS, ASK_HOW_MANY, track="after"),
        Step("so-many", reply_to="how-many", sees="resp.integer >= 0", track="after"),
        Step("look", ASKS, command("GET"), track="after"),
        Step("nothing", reply_to="look", sees="resp.bulk_string.length == -1", track="after"),
        *where("active == 0", Step("looked-at", TELLS, ENDED, track="events")),
        Step("how-many-now", ASKS, ASK_HOW_MANY, track="after"),
        Step("so-many-now", reply_to="how-many-now", sees="resp.integer >= 0", track="after"),
        *asked("ask-stats", "stats", "INFO", 'resp.text contains "expired_keys"'),
    ),
)

TABLES = 'resp.text contains "Hash table 0 stats"'

rehash = Experiment(
    "rehash",
    "A table that grows while it is in use",
    headline=headlines.rehash,
    reset=(
        At("server", "server start activerehashing=no"),
        At("server", "redis-cli -s /run/lab/redis.sock debug populate 4096 key"),
    ),
    run=(At("client", "buy grow {requests}"),),
    knobs={"requests": Choice(("200", "50", "1000"))},
    telling=("ask-table", "one-more"),
    background=NOISE,
    steps=(
        *asked("ask-table", "full", "DEBUG HTSTATS", TABLES),
        *asked("one-more", "one-more-ok", "SET", 'resp.string == "OK"'),
        *asked(
            "ask-table-now",
            "two-tables",
            "DEBUG HTSTATS",
            f'{TABLES} and resp.text contains "rehashing target"',
        ),
        Step("read", ASKS, command("GET"), times=(50, None), track="reads"),
        Step("value", reply_to="read", times=(50, None), track="reads"),
        *asked("ask-table-later", "later", "DEBUG HTSTATS", TABLES),
    ),
)

watch = Experiment(
    "watch",
    "The last one on the shelf",
    headline=headlines.watch,
    reset=(At("server", "server start"), At("server", "redis-cli -s /run/lab/redis.sock set stock 1")),
    run=(At("client", "buy watch {how}"),),
    knobs={"how": Choice(("rival", "alone", "blind"))},
    telling=("multi", "exec"),
    background=NOISE,
    steps=(
        *where("how != blind", *asked("watch", "watching", "WATCH", 'resp.string == "OK"')),
        *asked("left", "one-left", "GET", 'resp.text == "1"'),
        *where("how != alone", *asked("rival", "rival-took", "DECR", "resp.integer == 0")),
        Step("multi", ASKS, command("MULTI")),
        Step("multi-ok", reply_to="multi", sees='resp.string == "OK"', track="replies"),
        Step("queue", ASKS, command("SET", "RPUSH"), times=(2, 2), track="queue"),
        Step("queued", reply_to="queue", sees='resp.string == "QUEUED"', times=(2, 2), track="queue"),
        Step("exec", ASKS, command("EXEC")),
        *where(
            "how == rival",
            Step("void", reply_to="exec", sees="resp.array.length == -1"),
        ),
        *where("how != rival", Step("done", reply_to="exec", sees="resp.array.length == 2")),
        *asked("stock", "stock-now", "GET", "resp.text"),
    ),
)
