"""The Kafka lab: what packets alone do not tell."""

UNNAMED = dict.fromkeys(("batch", "compaction"), "the broker's segments tell it")
