"""ICMPv6."""
