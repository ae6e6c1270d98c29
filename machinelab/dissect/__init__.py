"""Bytes of packets → fields with spans; one file per protocol."""
