"""Checkpoints: what they write, and what the first touch of a page after them costs."""

from machinelab.authoring import Alone, At, Background, Choice, Experiment, Step

from . import headlines
from .commits import COMMIT_RECORDS, FLUSHES_MANY, WRITES_MANY
from .common import (
    BEGIN_EVIDENCE,
    CALLS,
    DATA,
    FLUSHES,
    FRESH,
    HOUSEKEEPING,
    LINES,
    NOISE,
    PLAIN,
    RECORDS,
    ROUNDS,
    where,
)
from .crashes import PAGES

UPDATE_ONE = "UPDATE counter SET n = {} WHERE id = 1"
TOUCHES = " ".join(
    f"-c '{word}'"
    for word in (UPDATE_ONE.format(1), UPDATE_ONE.format(2), "CHECKPOINT", UPDATE_ONE.format(3))
)
FIRST_TOUCH = Step("first-touch", "client > primary", 'pgsql.query matches "^UPDATE .* n = 1"')
FIRST_DONE = Step("first-done", reply_to="first-touch", sees='pgsql.tag == "UPDATE 1"')
SECOND_TOUCH = Step("second-touch", "client > primary", 'pgsql.query matches "^UPDATE .* n = 2"')
SECOND_DONE = Step("second-done", reply_to="second-touch", sees='pgsql.tag == "UPDATE 1"')
ASK_CHECKPOINT = Step(
    "ask-checkpoint",
    "client > primary",
    'pgsql.query == "CHECKPOINT"',
    alone=Alone("checkpoint-asked", 'pgsql.query matches "^CHECKPOINT;?$"'),
)
CHECKPOINT_DONE = Step("checkpoint-done", reply_to="ask-checkpoint", sees='pgsql.tag == "CHECKPOINT"')
TOUCH_AFTER = Step("touch-after", "client > primary", 'pgsql.query matches "^UPDATE .* n = 3"')
DONE_AFTER = Step("done-after", reply_to="touch-after", sees='pgsql.tag == "UPDATE 1"')
UPDATED = 'wal.record matches "UPDATE"'
WHOLE = f"{UPDATED} and wal.fpi == 1"
SMALL = f"{UPDATED} and wal.fpi == 0"
REDO_POINT = Step("redo-point", "primary", 'wal.record == "CHECKPOINT_REDO"', track="log")
ONLINE = Step("checkpoint-online", "primary", 'wal.record == "CHECKPOINT_ONLINE"', track="log")
SAFE, BARE = "full_page_writes == on", "full_page_writes == off"
BEGINS = Background("checkpoints", 'log.message matches "^checkpoint (starting|complete)"')

pages = Experiment(
    "pages",
    "The first touch after a checkpoint, and what it costs",
    headline=headlines.pages,
    reset=(
        At("primary", "server set full_page_writes={full_page_writes}"),
        FRESH,
        # The row's page is no longer known to be visible to all: the map of that would be one page more.
        At("primary", "psql -qc 'UPDATE counter SET n = 0 WHERE id = 1' -c CHECKPOINT"),
        BEGIN_EVIDENCE,
    ),
    run=(At("client", f"psql -q {TOUCHES}"),),
    gather=(RECORDS, CALLS, LINES),
    after=(PLAIN,),
    knobs={"full_page_writes": Choice(("on", "off"))},
    background=(*NOISE, HOUSEKEEPING, BEGINS),
    steps=(
        FIRST_TOUCH,
        FIRST_DONE,
        SECOND_TOUCH,
        SECOND_DONE,
        ASK_CHECKPOINT,
        CHECKPOINT_DONE,
        TOUCH_AFTER,
        DONE_AFTER,
        *where(SAFE, Step("whole-page", "primary", WHOLE, track="log")),
        *where(BARE, Step("bare-change", "primary", SMALL, track="log")),
        Step("small-change", "primary", SMALL, track="log"),
        REDO_POINT,
        ONLINE,
        *where(SAFE, Step("whole-again", "primary", WHOLE, track="log")),
        *where(BARE, Step("bare-again", "primary", SMALL, track="log")),
        COMMIT_RECORDS,
        WRITES_MANY,
        FLUSHES_MANY,
        PAGES,
    ),
)

# Rows enough for many pages; in each page one row has the amount 0.
FILL = At("primary", "psql -qc 'INSERT INTO ledger SELECT g / 200, g % 200 FROM generate_series(0, 6399) g'")
DIRTY = Step("dirty", "client > primary", 'pgsql.query matches "^DELETE"')
DIRTIED = Step("dirtied", reply_to="dirty", sees='pgsql.tag matches "^DELETE"')
DELETES = Step("changes", "primary", 'wal.record == "DELETE"', times=(1, None), track="rows")
BEGINS_TO = Step("begins", "primary", 'log.message contains "checkpoint starting"', track="said")
PAGE_WRITTEN = Step(
    "page-written", "primary", f'syscall.name == "pwrite64" and syscall.path contains {DATA}', times=(1, None)
)
PAGE_FLUSHED = Step(
    "page-flushed", "primary", f'syscall.name == "fsync" and syscall.path contains {DATA}', times=(1, None)
)
LOG_FLUSHED = Step("log-flushed", "primary", FLUSHES)
CONTROL = 'syscall.path contains "pg_control"'
CONTROL_WRITTEN = Step("control-written", "primary", f'{CONTROL} and syscall.name == "write"')
CONTROL_FLUSHED = Step("control-flushed", "primary", f'{CONTROL} and syscall.name == "fsync"')
COMPLETE = Step("complete", "primary", 'log.message contains "checkpoint complete"', track="said")
CHECKPOINT_TOLD = Step("checkpoint-told", "primary > client", 'pgsql.tag == "CHECKPOINT"')

checkpoint = Experiment(
    "checkpoint",
    "The pages reach the disk at last",
    headline=headlines.checkpoint,
    # Reading them all first: whoever reads a new row notes in its page that it is committed, and so makes it dirty.
    reset=(
        PLAIN,
        FRESH,
        FILL,
        At("primary", "psql -qc 'SELECT count(*) FROM ledger' -c CHECKPOINT"),
        BEGIN_EVIDENCE,
    ),
    run=(
        At(
            "client",
            "psql -q -c 'DELETE FROM ledger WHERE amount = 0 AND client BETWEEN 1 AND {pages}' -c CHECKPOINT",
        ),
    ),
    gather=(RECORDS, CALLS, LINES),
    knobs={"pages": Choice(("8", "2", "32"))},
    background=(*NOISE, HOUSEKEEPING, ROUNDS),
    steps=(
        DIRTY,
        DIRTIED,
        DELETES,
        COMMIT_RECORDS,
        ASK_CHECKPOINT,
        BEGINS_TO,
        REDO_POINT,
        PAGE_WRITTEN,
        PAGE_FLUSHED,
        ONLINE,
        LOG_FLUSHED,
        CONTROL_WRITTEN,
        CONTROL_FLUSHED,
        COMPLETE,
        CHECKPOINT_TOLD,
    ),
)
