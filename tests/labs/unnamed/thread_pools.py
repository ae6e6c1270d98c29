"""The thread pool lab: what the pool did is in no packet."""

UNNAMED = dict.fromkeys(
    ("grow", "queue", "refuse", "overload", "stuck", "steal", "virtual"), "the flight recorder tells it"
)
