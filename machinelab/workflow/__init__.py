"""What a command does from end to end: start a lab, run, record, follow a run, hold a worksheet, fill in a guide's values."""
