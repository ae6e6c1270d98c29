"""VXLAN."""
