"""ICMP beyond pings and errors."""

from tests.oracle.exemptions import Protocol
from tests.oracle.protocols.frame import OPINION

EXEMPTIONS = Protocol(left_out={"icmp.type.deprecated": OPINION})
