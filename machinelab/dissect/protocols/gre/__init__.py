"""Generic routing encapsulation (GRE)."""
