"""The TLS lab: captures whose handshake failed before there was a secret."""

SECRETLESS = {"downgrade", "no-common-version"}
