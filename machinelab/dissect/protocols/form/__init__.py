"""URL-encoded forms."""
