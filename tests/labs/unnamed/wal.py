"""The write-ahead log lab: the log and the system calls set its experiments apart, and are in no packet."""

UNNAMED = dict.fromkeys(
    (
        "async",
        "checkpoint",
        "commit",
        "crash",
        "group",
        "journal",
        "lost",
        "pages",
        "replication",
        "sqlite",
        "torn",
    ),
    "the log and the system calls tell it",
)
