"""OAuth 2."""
