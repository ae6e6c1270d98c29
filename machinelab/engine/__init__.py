"""Everything that touches the container engine: up and down, readiness, addresses, images, capture, doctor.

Subprocesses and clocks are here alone; no packet is read, nothing is drawn.
"""
