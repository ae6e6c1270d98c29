"""Several servers: a replica that is cut off and comes back, and a cluster whose nodes send clients on."""

from machinelab.authoring import Alone, At, Background, Choice, Experiment, Step

from . import headlines
from .common import ASKS, NOISE, asked, command, where

GREETS = Background(
    "greets", 'resp.command == "PING" or resp.command matches "^REPLCONF (LISTENING|CAPA|IP)"'
)
GREETED = Background(
    "greets", 'resp.answers == "PING" or resp.answers matches "^REPLCONF (LISTENING|CAPA|IP)"'
)
WORKS = Background("works", "resp.keepalive")
SELECTS = Background("selects", 'resp.replicated and resp.command in {"SELECT", "MULTI", "EXEC"}')
OVER = "server > replica"

replica = Experiment(
    "replica",
    "A copy that follows, is cut off, and catches up",
    headline=headlines.replica,
    reset=(
        At("server", "server start repl-backlog-size=16kb repl-diskless-sync=no"),
        At("replica", "server start", parallel=True),
    ),
    run=(At("client", "buy follow {gap}"),),
    after=(At("replica", "server stop"),),
    knobs={"gap": Choice(("small", "large"))},
    telling=("ask-all", "ask-rest"),
    background=(*NOISE, GREETS, GREETED, WORKS, SELECTS),
    steps=(
        *asked("follow", "follows", "REPLICAOF", 'resp.string == "OK"', "client > replica"),
        Step(
            "ask-all",
            "replica > server",
            command("PSYNC"),
            track="link",
            alone=Alone("sync-asked", command("PSYNC")),
        ),
        Step("all", reply_to="ask-all", sees='resp.string matches "^FULLRESYNC"', track="link"),
        Step("snapshot", OVER, "resp.rdb", track="link"),
        Step("handed-on", OVER, f"resp.replicated and {command('SET')}", track="link"),
        Step("how-far", OVER, command("REPLCONF GETACK"), track="acks", times=(1, None)),
        Step("so-far", reply_to="how-far", sees=command("REPLCONF ACK"), track="acks", times=(1, None)),
        Step("wait", ASKS, command("WAIT"), times=(3, 3), track="waits"),
        Step("copied", reply_to="wait", sees="resp.integer == 1", times=(3, 3), track="waits"),
        Step("order", ASKS, f'{command("SET")} and resp.argument == "order:1"', track="client"),
        Step("paid", reply_to="order", sees='resp.string == "OK"', track="client"),
        Step("write-to-copy", "client > replica", command("SET"), track="client"),
        Step("refused", reply_to="write-to-copy", sees='resp.error matches "^READONLY"', track="client"),
        Step("cut", ASKS, command("EXEC"), track="client"),
        Step("cut-off", reply_to="cut", sees="resp.array", track="client"),
        Step(
            "queued",
            ASKS,
            f'{command("MULTI", "CLIENT KILL", "SET")} and not resp.argument == "order:1"',
            times=(5, 9),
            track="block",
        ),
        Step("queued-ok", reply_to="queued", times=(5, 9), track="block"),
        Step(
            "ask-rest", "replica > server", command("PSYNC"), track="link", more={"frame.time_epoch": "all"}
        ),
        *where(
            "gap == small",
            Step("rest", reply_to="ask-rest", sees='resp.string matches "^CONTINUE"', track="link"),
            Step("missed", OVER, f"resp.replicated and {command('SET')}", times=(3, 3), track="link"),
        ),
        *where(
            "gap == large",
            Step("all-again", reply_to="ask-rest", sees='resp.string matches "^FULLRESYNC"', track="link"),
            Step("snapshot-again", OVER, "resp.rdb", track="link"),
        ),
        Step("read-copy", "client > replica", command("GET"), track="client"),
        Step("copy-says", reply_to="read-copy", sees='resp.text == "paid"', track="client"),
    ),
)

ANY = "node1|node2|node3"
TO, FROM, BETWEEN = f"client > {ANY}", f"{ANY} > client", f"{ANY} > {ANY}"
GOSSIP = Background("gossip", "redisbus.type in {0, 1, 2}")
PREPARES = Background("prepares", command("CLUSTER MYID", "CLUSTER KEYSLOT"))
# MIGRATE says in which database the key belongs: a cluster has only one.
CHOOSES = Background("chooses", command("SELECT"), BETWEEN)
CHOSEN = Background("chooses", 'resp.answers == "SELECT"', BETWEEN)
PREPARED = Background("prepares", 'resp.answers in {"CLUSTER MYID", "CLUSTER KEYSLOT"}')

cluster = Experiment(
    "cluster",
    "The key is not here, ask there",
    headline=headlines.cluster,
    reset=(
        *(
            At(node, "server start cluster-enabled=yes cluster-node-timeout=5000", parallel=node != "node1")
            for node in ("node1", "node2", "node3")
        ),
        At("node1", "cluster form node1 node2 node3"),
        At("node1", "redis-cli -c set {key} book"),
    ),
    run=(At("client", "buy look {key}"),),
    after=tuple(At(node, "server stop", parallel=node != "node1") for node in ("node1", "node2", "node3")),
    knobs={"key": Choice(("cart:7", "cart:1", "{shop}:1", "{shop}:2"))},
    telling=("moved", "ask-there"),
    background=(*NOISE, GOSSIP, PREPARES, PREPARED, CHOOSES, CHOSEN),
    steps=(
        Step("ask-around", TO, command("GET"), times=(3, 3), track="asks"),
        Step(
            "moved",
            FROM,
            'resp.answers == "GET" and resp.error matches "^MOVED"',
            times=(2, 2),
            track="wrong",
        ),
        Step("owner-says", FROM, 'resp.answers == "GET" and resp.text == "book"', track="right"),
        Step(
            "importing",
            TO,
            'resp.command == "CLUSTER SETSLOT" and resp.argument == "IMPORTING"',
            track="move",
        ),
        Step("importing-ok", reply_to="importing", track="move"),
        Step(
            "migrating",
            TO,
            'resp.command == "CLUSTER SETSLOT" and resp.argument == "MIGRATING"',
            track="move",
        ),
        Step("migrating-ok", reply_to="migrating", track="move"),
        Step("migrate", TO, command("MIGRATE"), track="move"),
        Step("handed-over", BETWEEN, command("RESTORE-ASKING"), track="move"),
        Step("taken-over", reply_to="handed-over", sees='resp.string == "OK"', track="move"),
        Step("migrated", reply_to="migrate", sees='resp.string == "OK"', track="move"),
        Step("ask-old", TO, command("EXISTS"), track="move"),
        Step("ask-there", reply_to="ask-old", sees='resp.error matches "^ASK "', track="move"),
        Step("ask-new", TO, command("EXISTS"), track="move"),
        Step("moved-back", reply_to="ask-new", sees='resp.error matches "^MOVED"', track="move"),
        Step("asking", TO, command("ASKING"), track="move"),
        Step("asking-ok", reply_to="asking", track="move"),
        Step("ask-again", TO, command("EXISTS"), track="move"),
        Step("found", reply_to="ask-again", sees="resp.integer == 1", track="move"),
        Step(
            "settle",
            TO,
            'resp.command == "CLUSTER SETSLOT" and resp.argument == "NODE"',
            times=(2, 2),
            track="move",
        ),
        Step("settled", reply_to="settle", times=(2, 2), track="move"),
    ),
)
