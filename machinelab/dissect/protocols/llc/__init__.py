"""Logical link control (LLC), with SNAP."""
