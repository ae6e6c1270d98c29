"""PPP, and PPP over Ethernet."""
