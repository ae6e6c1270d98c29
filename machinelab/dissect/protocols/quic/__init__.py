"""QUIC."""
