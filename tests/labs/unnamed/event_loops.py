"""The event loop lab: what the loop did is in no packet."""

UNNAMED = dict.fromkeys(
    ("order", "cycle", "blocked", "starve", "pool", "worker", "lookups", "asyncio"),
    "the runtime's trace, the system calls or the log tell it",
)
