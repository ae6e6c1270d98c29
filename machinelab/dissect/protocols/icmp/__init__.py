"""ICMP."""
