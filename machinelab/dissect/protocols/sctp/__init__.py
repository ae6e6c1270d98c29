"""SCTP."""
