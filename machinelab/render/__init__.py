"""What people and scripts see: pure functions of data (model.py) to text. Nothing here starts, reads or waits for anything."""
