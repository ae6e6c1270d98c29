"""Bytes of packets → fields with spans: streams, reassembly, TCP analysis, registry; a folder per protocol in `protocols/`."""
