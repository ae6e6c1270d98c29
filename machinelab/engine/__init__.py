"""Everything that touches the container engine: subprocesses, clocks, addresses. Reads no packet and draws nothing."""
