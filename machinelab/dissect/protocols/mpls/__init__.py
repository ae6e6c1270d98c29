"""Multiprotocol label switching (MPLS)."""
