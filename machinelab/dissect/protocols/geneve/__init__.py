"""Geneve."""
