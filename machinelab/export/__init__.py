"""Writing a run to a file that leaves the machine, and masking what must not leave it."""
