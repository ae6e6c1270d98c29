"""Commits: one, many at once, and one that is not waited for."""

from dataclasses import replace

from machinelab.authoring import At, Background, Choice, Experiment, Step

from . import headlines
from .common import (
    ABORT_RECORD,
    ASK_COMMIT,
    ASK_ROLLBACK,
    BEGIN,
    BEGIN_EVIDENCE,
    BEGUN,
    CALLS,
    COMMIT_RECORD,
    COMMITS,
    DROP,
    FLUSH,
    FLUSH_LATER,
    FLUSHES,
    FRESH,
    INSERT,
    INSERTED,
    KEEP,
    LINES,
    NOISE,
    PLAIN,
    RECORDS,
    ROLLED_BACK,
    ROUNDS,
    ROW_RECORD,
    TOLD,
    TOUCH,
    WRITE,
    WRITE_LATER,
    WRITES,
    where,
)

commit = Experiment(
    "commit",
    "What must happen before COMMIT is said",
    headline=headlines.commit,
    reset=(PLAIN, FRESH, TOUCH, BEGIN_EVIDENCE),
    run=(At("client", "psql -q -c BEGIN -c 'INSERT INTO ledger VALUES (1, 10)' -c {end}"),),
    gather=(RECORDS, CALLS, LINES),
    knobs={"end": Choice(("COMMIT", "ROLLBACK"))},
    background=NOISE,
    steps=(
        BEGIN,
        BEGUN,
        INSERT,
        INSERTED,
        ROW_RECORD,
        *where(KEEP, ASK_COMMIT, COMMIT_RECORD, WRITE, FLUSH, TOLD),
        *where(DROP, ASK_ROLLBACK, ABORT_RECORD, ROLLED_BACK, WRITE_LATER, FLUSH_LATER),
    ),
)

# pgbench's clients, each in a session of its own; every statement is a transaction.
BENCH = "pgbench -n -c {clients} -j 1 -t {each} -f /usr/local/share/machinelab/update.sql"
ASKS = Step("asks", "client > primary", 'pgsql.query matches "^UPDATE"', times=(1, None), track="clients")
ARE_TOLD = Step("are-told", reply_to="asks", sees='pgsql.tag matches "^UPDATE"', times=(1, None))
ROW_RECORDS = Step("row-records", "primary", 'wal.record matches "UPDATE"', times=(1, None), track="rows")
COMMIT_RECORDS = Step("commit-records", "primary", COMMITS, times=(1, None), track="commits")
WRITES_MANY = Step("writes", "primary", WRITES, times=(1, None), track="writes")
FLUSHES_MANY = Step("flushes", "primary", FLUSHES, times=(1, None), track="flushes")
PRUNES = Background("prune", 'wal.record matches "^PRUNE"')

group = Experiment(
    "group",
    "Many commits, few flushes",
    headline=headlines.group,
    reset=(
        At("primary", "server set commit_delay={delay} commit_siblings=1"),
        FRESH,
        At("primary", "psql -qc 'UPDATE counter SET n = 0'"),
        BEGIN_EVIDENCE,
    ),
    run=(At("client", BENCH),),
    gather=(RECORDS, CALLS, LINES),
    after=(PLAIN,),
    knobs={
        "clients": Choice(("8", "1", "2", "4", "16")),
        "each": Choice(("5", "20")),
        "delay": Choice(("0", "1000", "10000")),
    },
    background=(*NOISE, PRUNES),
    steps=(ASKS, ARE_TOLD, ROW_RECORDS, COMMIT_RECORDS, WRITES_MANY, FLUSHES_MANY),
)

LATER = "mode == off"
ON_TIME = "mode == on"

trust = Experiment(
    "async",
    "COMMIT is said, and the disk does not know it yet",
    headline=headlines.trust,
    reset=(At("primary", "server set wal_writer_delay={delay}"), FRESH, TOUCH, BEGIN_EVIDENCE),
    run=(
        At(
            "client",
            "env PGOPTIONS=-csynchronous_commit={mode} psql -q -c BEGIN -c 'INSERT INTO ledger VALUES (1, 10)' -c COMMIT",
        ),
        At("primary", "evidence flushed"),
    ),
    gather=(RECORDS, CALLS, LINES),
    after=(PLAIN,),
    knobs={"mode": Choice(("off", "on")), "delay": Choice(("200ms", "1s", "5s"))},
    background=(*NOISE, ROUNDS),
    steps=(
        BEGIN,
        BEGUN,
        INSERT,
        INSERTED,
        ROW_RECORD,
        ASK_COMMIT,
        COMMIT_RECORD,
        *where(
            LATER,
            replace(TOLD, id="told-early"),
            replace(WRITE, id="late-write"),
            replace(FLUSH, id="late-flush"),
        ),
        *where(ON_TIME, WRITE, FLUSH, TOLD),
    ),
)
