"""The TLS lab's references."""

from tests.oracle.exemptions import Capture

UNTIL_CLOSE = "a reply that ends with the connection: for us with the alert that says so, for tshark in the record it begins in"

EXEMPTIONS = {
    "mutual": Capture(
        different={
            **{
                (46, f"tls.{name}"): UNTIL_CLOSE
                for name in ("segments", "segment", "segment.count", "reassembled.length", "reassembled.data")
            },
            **{(number, "frame.protocols"): UNTIL_CLOSE for number in (44, 46)},
            (35, "http.response_in"): UNTIL_CLOSE,
            (44, "tls.reassembled_in"): UNTIL_CLOSE,
            (46, "http.time"): UNTIL_CLOSE,
        },
        later={44: 46},
        # tshark waits for a FIN instead, and reads nothing of TLS before that; told not to wait, it shows what there is in the record
        # that the reply begins in.
        options="-o http.desegment_body:FALSE",
        filters=dict.fromkeys(
            (
                "http.response",
                "http.response or data",
                "http.response and http.response.code == 200",
                "tls.record.content_type == 23 and tls.app_data and not (http or data)",
            ),
            UNTIL_CLOSE,
        ),
    )
}
