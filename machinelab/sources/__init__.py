"""One file per kind of evidence: bytes → events."""
