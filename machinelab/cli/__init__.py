"""Typer: arguments in, exit codes out, nothing else. One file per reader: learners, the engine room, authors."""
