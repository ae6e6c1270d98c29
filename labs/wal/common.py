"""What the experiments with PostgreSQL share: its background, what is gathered, the steps of a commit."""

from dataclasses import replace

from machinelab.authoring import ARP, Alone, At, Background, Gather, Step

LOG = '"/pg_wal/"'
DATA = '"/pg/base/"'

# A session's first and last words are no part of what it is about.
GREETING = Background(
    "greeting",
    'pgsql.type in {"Startup message", "Authentication request", "Parameter status", "Backend key data", "Termination"}',
)
READY = Background("ready", 'pgsql.type in {"Ready for query", "Row description"}')
# A standby would like to know which transactions run; the server says so every 15 seconds, if anything was logged.
RUNNING = Background("running", 'wal.record == "RUNNING_XACTS"')
NOISE = (GREETING, READY, RUNNING, ARP)

# What else a checkpoint keeps: which transactions committed, where redo would start, and the directories themselves.
HOUSEKEEPING = Background("housekeeping", 'syscall.path and not syscall.path contains "/pg_wal/"')
# The log writer's own rounds: a record that no transaction waits for.
ROUNDS = Background("rounds", 'syscall.path contains "/pg_wal/"')
LISTENING = Background("listening", 'log.message matches "^(starting|listening)"')

FRESH = At("primary", "server fresh")
PLAIN = At("primary", "server set")
# A first row after the checkpoint, so that the next one need not carry its whole page.
TOUCH = At("primary", "psql -qc 'INSERT INTO ledger VALUES (0, 0)'")
BEGIN_EVIDENCE = At("primary", "evidence begin")

RECORDS = Gather("primary", "pgwal", "evidence pgwal")
CALLS = Gather("primary", "strace", "evidence strace")
LINES = Gather("primary", "pglog", "evidence pglog")

WRITES = f'syscall.name == "pwrite64" and syscall.path contains {LOG}'
FLUSHES = f'syscall.name == "fdatasync" and syscall.path contains {LOG}'

BEGIN = Step(
    "begin",
    "client > primary",
    'pgsql.query == "BEGIN"',
    alone=Alone("begin-asked", r'pgsql.query matches "^(BEGIN|START TRANSACTION);?$"'),
)
BEGUN = Step(
    "begun", reply_to="begin", sees='pgsql.tag == "BEGIN"', alone=Alone("begin-done", 'pgsql.tag == "BEGIN"')
)
INSERT = Step("insert", "client > primary", 'pgsql.query matches "^INSERT"')
INSERTED = Step("inserted", reply_to="insert", sees='pgsql.tag matches "^INSERT"')
ROW_RECORD = Step("row-record", "primary", 'wal.record matches "^INSERT"', track="log")
COMMITS = 'wal.record == "COMMIT"'
TELLS = 'pgsql.tag == "COMMIT"'
KEEP = "end == COMMIT"
DROP = "end == ROLLBACK"
ASK_COMMIT = Step(
    "ask-commit",
    "client > primary",
    'pgsql.query == "COMMIT"',
    alone=Alone("commit-asked", 'pgsql.query matches "^COMMIT;?$"'),
)
COMMIT_RECORD = Step("commit-record", "primary", COMMITS)
WRITE = Step("write", "primary", WRITES)
FLUSH = Step("flush", "primary", FLUSHES)
TOLD = Step("told", "primary > client", TELLS)

ASK_ROLLBACK = Step("ask-rollback", "client > primary", 'pgsql.query == "ROLLBACK"')
ABORT_RECORD = Step("abort-record", "primary", 'wal.record == "ABORT"')
ROLLED_BACK = Step("rolled-back", "primary > client", 'pgsql.tag == "ROLLBACK"')
# Nobody waits for these: they may come after the run has ended.
WRITE_LATER = Step("write-later", "primary", WRITES, times=(0, None), track="later")
FLUSH_LATER = Step("flush-later", "primary", FLUSHES, times=(0, None), track="later")


def where(condition: str, *steps: Step) -> tuple[Step, ...]:
    """The steps, in runs whose knobs are so."""
    return tuple(replace(step, when=condition) for step in steps)
