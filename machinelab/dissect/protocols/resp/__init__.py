"""resp."""
