"""Ethernet."""
