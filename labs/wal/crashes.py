"""Crashes: under load, and after a promise that was not kept."""

from dataclasses import replace

from machinelab.authoring import At, Choice, Experiment, Step

from . import headlines
from .commits import COMMIT_RECORDS, FLUSHES_MANY, LATER, ON_TIME, WRITES_MANY
from .common import (
    ASK_COMMIT,
    BEGIN,
    BEGIN_EVIDENCE,
    BEGUN,
    CALLS,
    COMMIT_RECORD,
    COMMITS,
    DATA,
    FLUSH,
    FRESH,
    HOUSEKEEPING,
    INSERT,
    INSERTED,
    LINES,
    LISTENING,
    NOISE,
    PLAIN,
    RECORDS,
    ROUNDS,
    ROW_RECORD,
    TOLD,
    TOUCH,
    WRITE,
    where,
)

KILLED = Step("killed", "primary", 'process.signal == "SIGKILL"', times=(1, None))
INTERRUPTED = Step("interrupted", "primary", 'log.message contains "was interrupted"')
NOT_SHUT_DOWN = Step("not-shut-down", "primary", 'log.message contains "not properly shut down"')
REDO_STARTS = Step("redo-starts", "primary", 'log.message contains "redo starts at"')
LOG_ENDS = Step("log-ends", "primary", 'log.message contains "invalid record length"', times=(0, 1))
REDO_DONE = Step("redo-done", "primary", 'log.message contains "redo done at"')
SETTLES = Step("settles", "primary", 'log.message contains "checkpoint starting: end-of-recovery"')
SETTLED = Step("settled", "primary", 'log.message contains "checkpoint complete"')
ACCEPTS = Step("accepts", "primary", 'log.message contains "ready to accept connections"')
ASK_COUNT = Step("ask-count", "client > primary", 'pgsql.query contains "count(*)"')
COUNT = Step("count", "primary > client", 'pgsql.type == "Data row"')
COUNTED = Step("counted", reply_to="ask-count", sees='pgsql.tag == "SELECT 1"')
INSERTS = Step(
    "inserts", "client > primary", 'pgsql.query matches "^INSERT"', times=(1, None), track="clients"
)
# The last ones may be without a reply: the server is no more.
ACKNOWLEDGED = Step("acknowledged", reply_to="inserts", sees='pgsql.tag matches "^INSERT"', times=(1, None))
NEW_ROWS = Step("new-rows", "primary", 'wal.record matches "^INSERT"', times=(1, None), track="rows")
CHECKPOINTED = Step("checkpoint-record", "primary", 'wal.record matches "^CHECKPOINT_"', track="checkpoints")
PAGES = Step(
    "pages",
    "primary",
    f'syscall.name == "pwrite64" and syscall.path contains {DATA}',
    times=(0, None),
    track="pages",
)

crash = Experiment(
    "crash",
    "Killed in the middle of it, and nothing lost that was promised",
    headline=headlines.crash,
    reset=(PLAIN, FRESH, TOUCH, BEGIN_EVIDENCE),
    run=(
        At(
            "client",
            "pgbench -n -c {clients} -j 1 -T 10 -R {rate} -f /usr/local/share/machinelab/insert.sql",
            background=True,
            exits=(0, 1, 2),
        ),
        At("primary", "server crash {flushes}"),
        At("primary", "server start"),
        At("client", "psql -c 'SELECT count(*) FROM ledger WHERE amount = 1'"),
    ),
    gather=(RECORDS, CALLS, LINES),
    knobs={
        "clients": Choice(("4", "1", "8")),
        "rate": Choice(("100", "20", "400")),
        "flushes": Choice(("20", "5", "60")),
    },
    background=(*NOISE, HOUSEKEEPING, ROUNDS, LISTENING),
    steps=(
        INSERTS,
        ACKNOWLEDGED,
        NEW_ROWS,
        COMMIT_RECORDS,
        WRITES_MANY,
        FLUSHES_MANY,
        KILLED,
        INTERRUPTED,
        NOT_SHUT_DOWN,
        REDO_STARTS,
        LOG_ENDS,
        REDO_DONE,
        SETTLES,
        PAGES,
        CHECKPOINTED,
        SETTLED,
        ACCEPTS,
        ASK_COUNT,
        COUNT,
        COUNTED,
    ),
)

SHORT_OF = (INTERRUPTED, NOT_SHUT_DOWN, REDO_STARTS, LOG_ENDS, REDO_DONE, SETTLES)

lost = Experiment(
    "lost",
    "The price of not waiting",
    headline=headlines.lost,
    reset=(At("primary", "server set wal_writer_delay=10s"), FRESH, TOUCH, BEGIN_EVIDENCE),
    run=(
        At(
            "client",
            "env PGOPTIONS=-csynchronous_commit={mode} psql -q -c BEGIN -c 'INSERT INTO ledger VALUES (1, 10)' -c COMMIT",
        ),
        At("primary", "server crash"),
        At("primary", "server start"),
        At("client", "psql -c 'SELECT count(*) FROM ledger WHERE amount = 10'"),
    ),
    gather=(RECORDS, CALLS, LINES),
    after=(PLAIN,),
    knobs={"mode": Choice(("off", "on"))},
    background=(*NOISE, HOUSEKEEPING, ROUNDS, LISTENING),
    steps=(
        BEGIN,
        BEGUN,
        INSERT,
        INSERTED,
        ASK_COMMIT,
        *where(LATER, replace(TOLD, id="told-early")),
        *where(ON_TIME, COMMIT_RECORD, WRITE, FLUSH, TOLD),
        *where(ON_TIME, ROW_RECORD),
        KILLED,
        *SHORT_OF,
        PAGES,
        replace(CHECKPOINTED, track="checkpoints"),
        SETTLED,
        ACCEPTS,
        ASK_COUNT,
        COUNT,
        COUNTED,
        *where(LATER, Step("no-record", "primary", COMMITS, times=(0, 0))),
    ),
)
