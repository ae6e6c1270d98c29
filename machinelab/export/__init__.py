"""Writing a run to a file that leaves the machine, and what must not leave it."""
