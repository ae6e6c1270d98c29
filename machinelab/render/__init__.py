"""What people and scripts see: pure functions of data (model) to text. Nothing here starts, reads or waits for anything."""
