"""One folder for each protocol; `dissector.py` in it declares what the registry finds."""
