"""What people and scripts see: pure functions of data to text, HTML (`page/`), SVG, JSON and pcapng.

Nothing here starts, reads or waits for anything.
"""
