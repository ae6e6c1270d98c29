"""The SNI lab's references."""

from tests.oracle.exemptions import Capture

PDU = "of messages in TLS, tshark tells the size as if they stood in TCP itself"
BY_HTTP = "a query over HTTPS is paired with its answer by HTTP: the fields are http2's"
UNTIL_CLOSE = "a reply that ends with the connection: for us with the alert that says so, for tshark in the record it begins in"
# Each packet was seen on two networks, and is two.
SIZED = (17, 18, 19, 29, 31, 33, 35, 69, 71, 72, 83, 85, 87, 89)
ASKED, ANSWERED = (19, 24, 72, 78), (35, 36, 89, 90)
BEGUN, ENDED = (31, 32), (33, 34)

EXEMPTIONS = {
    "leak@via=tls": Capture(different={(number, "tcp.pdu.size"): PDU for number in (15, 23, 57, 65)}),
    "leak@via=https": Capture(
        different={
            **{(number, "tcp.pdu.size"): PDU for number in SIZED},
            **{(number, "dns.response_in"): BY_HTTP for number in ASKED},
            **{(number, f"dns.{name}"): BY_HTTP for number in ANSWERED for name in ("response_to", "time")},
        },
        options="--enable-protocol http2",
    ),
    "stale": Capture(
        different={
            **{(number, "frame.protocols"): UNTIL_CLOSE for number in (*BEGUN, *ENDED)},
            **{(number, "tls.reassembled_in"): UNTIL_CLOSE for number in BEGUN},
            **{
                (number, f"tls.{name}"): UNTIL_CLOSE
                for number in ENDED
                for name in ("segments", "segment", "segment.count", "reassembled.length", "reassembled.data")
            },
        },
        later=dict(zip(BEGUN, ENDED, strict=True)),
        options="-o http.desegment_body:FALSE",
    ),
}
