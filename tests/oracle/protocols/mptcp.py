"""Multipath TCP: the option is read; what its subflows are together is not."""

from tests.oracle.exemptions import Protocol

EXEMPTIONS = Protocol(
    left_out=dict.fromkeys(
        ("mptcp", "mptcp."), "which subflows belong to one connection is not worked out here"
    )
)
