"""What a command does from end to end: up, run, record, follow a run, hold a worksheet, fill in a guide's values."""
