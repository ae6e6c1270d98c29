"""Those of tests/captures."""

from tests.oracle.exemptions import Capture

PIPELINED = "tshark ties pipelined requests to the reply that comes next, and tells the last one's address"

EXEMPTIONS = {
    "tls-http": Capture(
        different={
            **{(81, name): PIPELINED for name in ("http", "http.request.full_uri")},
            **{
                (84, f"http.{name}"): PIPELINED
                for name in ("request.full_uri", "request.uri", "request_in", "time")
            },
            **{
                (number, name): "bytes on HTTPS's port that are no HTTP: tshark does not show them"
                for number in (131, 134)
                for name in ("data", "data.data", "data.len", "frame.protocols")
            },
        }
    ),
    "http": Capture(
        different={
            **{(59, f"http{name}"): PIPELINED for name in ("", ".request.full_uri", ".response_in")},
            **{(63, f"http.request.{name}"): PIPELINED for name in ("full_uri", "uri")},
            **{
                (67, f"http.{name}"): PIPELINED
                for name in ("request.full_uri", "request.uri", "request_in", "time")
            },
            **{
                (number, "tcp.segment_data"): "bytes on HTTP's port that are no HTTP" for number in (103, 105)
            },
        }
    ),
}
