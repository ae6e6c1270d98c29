"""PPP: what carries packets is read, its own negotiations are not."""

from tests.oracle.exemptions import Protocol

EXEMPTIONS = Protocol(
    left_out=dict.fromkeys(
        ("pppoed.tags.", "lcp", "lcp.", "ppp.code", "ppp.identifier", "ppp.length"),
        "how a link is set up: not read here",
    )
)
