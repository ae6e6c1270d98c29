"""DNS."""

from tests.oracle.exemptions import Protocol
from tests.oracle.protocols.frame import OPINION

EXEMPTIONS = Protocol(
    left_out=dict.fromkeys(("dns.undecoded.type", "dns.extraneous", "dns.response_missing"), OPINION),
    values={"dns.rr.udp_payload_size": lambda shown: str(int(shown, 0))},  # in multicast DNS in hexadecimal
)
