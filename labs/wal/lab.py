"""Write-ahead logging: what a database does before it says COMMIT. PostgreSQL and SQLite. The prose is in guides/wal.md."""

from machinelab.authoring import Lab

from .checkpoints import checkpoint, pages
from .commits import commit, group, trust
from .crashes import crash, lost
from .notebook import journal, sqlite, torn
from .pictures import PICTURES
from .plots import PLOTS
from .questions import QUESTIONS
from .streaming import replication

LAB = Lab(
    "wal",
    (commit, group, trust, crash, lost, pages, checkpoint, replication, sqlite, journal, torn),
    QUESTIONS,
    core=("commit", "async", "crash", "lost", "checkpoint", "replication"),
    minutes=60,
    memory=60,
    descriptions={
        "client": "psql and pgbench",
        "primary": "PostgreSQL 17, traced",
        "standby": "PostgreSQL 17, following",
        "notebook": "SQLite",
    },
    plots=PLOTS,
    pictures=PICTURES,
)
