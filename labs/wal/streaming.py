"""A second machine that remembers, too: the log on the wire."""

from machinelab.authoring import At, Choice, Experiment, Gather, Step

from . import headlines
from .common import (
    ASK_COMMIT,
    BEGIN,
    BEGIN_EVIDENCE,
    BEGUN,
    CALLS,
    COMMIT_RECORD,
    COMMITS,
    FLUSH,
    FLUSHES,
    FRESH,
    HOUSEKEEPING,
    INSERT,
    INSERTED,
    LINES,
    NOISE,
    PLAIN,
    RECORDS,
    ROUNDS,
    ROW_RECORD,
    TOLD,
    TOUCH,
    WRITE,
    WRITES,
)

SHIPS = 'pgsql.type == "Copy data"'
SHIP = Step("ship", "primary > standby", SHIPS, times=(1, None), track="stream")
CONFIRM = Step("confirm", "standby > primary", SHIPS, times=(1, None), track="confirmations")
STANDBY_ROW = Step("standby-row", "standby", 'wal.record matches "^INSERT"', track="standby-log")
STANDBY_RECORD = Step("standby-record", "standby", COMMITS, track="standby-log")
STANDBY_WRITE = Step("standby-write", "standby", WRITES, track="standby")
STANDBY_FLUSH = Step("standby-flush", "standby", FLUSHES, track="standby")

replication = Experiment(
    "replication",
    "A second machine remembers too",
    headline=headlines.replication,
    reset=(
        PLAIN,
        FRESH,
        At("standby", "follow on"),
        At("primary", "server set synchronous_standby_names=*"),
        TOUCH,
        BEGIN_EVIDENCE,
        At("standby", "evidence begin"),
    ),
    run=(
        At(
            "client",
            "env PGOPTIONS=-csynchronous_commit={wait} psql -q -c BEGIN -c 'INSERT INTO ledger VALUES (1, 10)' -c COMMIT",
        ),
        At("standby", "evidence replayed"),
    ),
    gather=(
        RECORDS,
        CALLS,
        LINES,
        Gather("standby", "pgwal", "evidence pgwal"),
        Gather("standby", "strace", "evidence strace"),
    ),
    after=(At("standby", "follow off"), PLAIN),
    knobs={"wait": Choice(("on", "local", "remote_write", "remote_apply"))},
    background=(*NOISE, ROUNDS, HOUSEKEEPING),
    steps=(
        BEGIN,
        BEGUN,
        INSERT,
        INSERTED,
        ROW_RECORD,
        ASK_COMMIT,
        COMMIT_RECORD,
        WRITE,
        FLUSH,
        TOLD,
        SHIP,
        STANDBY_WRITE,
        STANDBY_FLUSH,
        CONFIRM,
        STANDBY_ROW,
        STANDBY_RECORD,
    ),
)
