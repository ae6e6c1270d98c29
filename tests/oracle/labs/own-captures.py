"""Those of tests/captures."""

from tests.oracle.exemptions import Capture
from tests.oracle.protocols.sse import AS_THEY_COME

PIPELINED = "tshark ties pipelined requests to the reply that comes next, and tells the last one's address"

UNNAMED = "an interface without a name, which tshark calls unknown"
FAR = "a time past 2554, which no filter of tshark's compares rightly"
NO_TIME = "a block without a time, which is given its neighbour's"
LF = "tshark takes in two bytes that are the body's"

EMPTY_LAST = "tshark does not join a message whose last fragment is empty"

# A header block in three frames (packets 23 and 26): we read it once it is whole, as its receiver does (RFC 9113 §4.3).
BLOCK = "tshark reads each frame of a header block by itself"
BLOCKS = (
    "header", "header.count", "header.index", "header.length", "header.name", "header.name.length", "header.repr",
    "header.unescaped", "header.value", "header.value.length", "headers.status", "request_in", "time",
)  # fmt: skip
PUSHED = "tshark ties a promised reply to the request that the promise was made on"

NO_SCTP = "told that DTLS holds SCTP (protocols/sctp.py), tshark takes these words for some"

EXEMPTIONS = {
    "http-events": Capture(options=AS_THEY_COME),
    "dtls-cookie": Capture(
        different={
            (number, name): NO_SCTP
            for number in (7, 8)
            for name in ("_ws.malformed", "data", "data.data", "data.len", "frame.protocols")
        }
    ),
    "http2-odd": Capture(
        different={
            **{(number, f"http2.{name}"): BLOCK for number in (23, 26) for name in BLOCKS},
            (13, "http2.response_in"): BLOCK,
            (26, "frame.protocols"): BLOCK,
            (26, "http2.flags.padded"): "CONTINUATION has no such flag (RFC 9113 §6.10)",
            (26, "http2.pad_length"): "CONTINUATION has no padding (RFC 9113 §6.10)",
            **{(8, f"http2.{name}"): PUSHED for name in ("request_in", "response_in", "time")},
            **{
                (8, name): "tshark gives a body that trailers end the place of the trailers"
                for name in ("http2.body.fragments", "json")
            },
        }
    ),
    "websocket": Capture(
        different={
            (18, f"websocket.{name}"): EMPTY_LAST
            for name in ("fragment", "fragment.count", "fragments", "payload.text", "reassembled.length")
        }
    ),
    "annotate-one-datagram": Capture(
        different={
            (number, name): "the discard protocol has no dissector here"
            for number in (1, 2)
            for name in (
                "data",
                "data.data",
                "data.len",
                "discard",
                "discard.data",
                "discard.len",
                "frame.protocols",
            )
        }
    ),
    "annotate-small-segments": Capture(
        different={
            (
                5,
                "tcp.reassembled_in",
            ): "bytes on HTTP's port that are no HTTP, which tshark waits for the end of"
        }
    ),
    "cut60": Capture(different={(5, "http.request.version"): "tshark has one without a letter"}),
    "export-time-crash": Capture(
        different={(1, "frame.interface_name"): UNNAMED}, filters={"frame.time_epoch > 1700000002": FAR}
    ),
    "export-wrong-link": Capture(different={(1, "_ws.malformed"): "in the beacon, which is not read here"}),
    "http_chunk_pad": Capture(
        different={(5, "http.file_data"): "tshark gives a place in a buffer that it is not in"}
    ),
    "http_lf_only": Capture(different={(6, "http"): LF}),
    "port-http-3000": Capture(different={(5, "http"): LF}),
    "http_on443": Capture(
        different={(5, "http"): LF, **{(number, "http.tls_port"): "an expert's opinion" for number in (4, 5)}}
    ),
    "llc-snap-gre": Capture(
        different={(number, "eth.stream"): "counted on from the 802.3 frame before" for number in (2, 3)}
    ),
    "pcapng-simple-packet": Capture(
        different={
            **{(number, "frame.interface_name"): UNNAMED for number in (1, 2, 3)},
            **{(2, f"frame.time_{name}"): NO_TIME for name in ("delta", "epoch", "relative")},
            (3, "frame.time_delta"): NO_TIME,
        },
        filters=dict.fromkeys(
            ("frame.time_delta == frame.time_relative", "frame.time_relative < 1e-1"), NO_TIME
        ),
    ),
    "pgsql-starttls": Capture(
        different={(5, "tcp.pdu.size"): "tshark tells no size of an answer of one byte"}
    ),
    "tls-http": Capture(
        different={
            **{(81, name): PIPELINED for name in ("http", "http.request.full_uri")},
            **{
                (
                    153,
                    name,
                ): "tshark reads HTTP/2 in TLS only where ALPN said so; its preface is no other protocol's"
                for name in (
                    "data",
                    "data.data",
                    "data.len",
                    "frame.protocols",
                    "http2",
                    "http2.flags",
                    "http2.flags.ack.settings",
                    "http2.flags.unused_settings",
                    "http2.length",
                    "http2.magic",
                    "http2.r",
                    "http2.stream",
                    "http2.streamid",
                    "http2.type",
                )
            },
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
