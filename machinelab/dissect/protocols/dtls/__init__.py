"""DTLS."""
