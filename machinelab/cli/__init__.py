"""Arguments in, exit codes out: the commands, one file per reader (learners, the engine room, authors)."""
