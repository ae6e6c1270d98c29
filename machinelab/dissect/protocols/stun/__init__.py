"""STUN and TURN."""
