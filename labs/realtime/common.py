"""What the experiments share: ways, what is asked of a message, the client's own account, and the steps of each of the five ways."""

from dataclasses import replace

from machinelab.authoring import ARP, Alone, At, Background, Gather, Step

WAY, BACK = "client > server", "server > client"
BOTH = "client|server > client|server"
# Certificates and what proves that they are the sender's, shares of the key, and the change to it.
PROOFS = "dtls.handshake.type in {11, 12, 13, 14, 15, 16} or dtls.record.content_type == 20"
COUNT = 5  # messages of a story
ACCEPT = 'http.accept == "text/event-stream"'
LOG = (Gather("client", "arrivals", "cat /run/lab/arrivals.log"),)
KEYS = (Gather("client", "keys", "cat /run/lab/keys.log"),)
NOISE = (ARP,)
# ICE asks whether the way is open; SCTP says what has arrived. Neither is what anybody waits for.
CHANNEL_NOISE = (
    ARP,
    Background("check", "stun.type == 1", BOTH),
    Background("checked", "stun.type == 257", BOTH),
    Background("acknowledgement", "sctp.chunk_type == 3 and sctp.sack_number_of_gap_blocks == 0"),
)
EMPTY = At("client", "truncate -s 0 /run/lab/arrivals.log /run/lab/keys.log")


def prepared(
    count: str = str(COUNT), gap: str = "{gap}", size: str = "{size}", long: str = "0"
) -> tuple[At, ...]:
    """The story that the next listener will hear, and empty logs."""
    return (EMPTY, At("server", f"prepare {count} {gap} {size} {long}"))


def listen(words: str) -> tuple[At, ...]:
    """The client's program, with these arguments."""
    return (At("client", f"listen {words}"),)


def where(condition: str, *steps: Step) -> tuple[Step, ...]:
    """The steps, in runs whose knobs are so."""
    return tuple(replace(step, when=condition) for step in steps)


def arrived(count: int = COUNT, id: str = "arrived") -> Step:
    """The client's program has each message."""
    return Step(id, "client", "arrivals", times=(count, count), track="log")


def polling(path: str = "/poll") -> tuple[Step, ...]:
    """Questions at an interval: most are answered with nothing."""
    return (
        Step("ask", WAY, f'http.request.uri.path == "{path}"', times=(2, None), track="ask"),
        Step("nothing", reply_to="ask", sees="http.response.code == 204", times=(1, None), track="nothing"),
        Step("news", reply_to="ask", sees="http.response.code == 200", times=(2, None), track="news"),
    )


def waiting(path: str = "/wait") -> tuple[Step, ...]:
    """Questions whose answers wait until there is something to say."""
    return (
        Step("ask-and-wait", WAY, f'http.request.uri.path == "{path}"', times=(2, None), track="ask"),
        Step(
            "news-at-last",
            reply_to="ask-and-wait",
            sees="http.response.code == 200",
            times=(2, None),
            track="news",
        ),
    )


def subscribing(way: str = WAY, sees: str = "") -> tuple[Step, ...]:
    """The question that has an answer without an end."""
    asks = f"{ACCEPT} and {sees}" if sees else ACCEPT
    return (
        Step("subscribe", way, asks, alone=Alone("subscription", ACCEPT)),
        Step("stream-begins", reply_to="subscribe", sees='http.content_type == "text/event-stream"'),
    )


def streaming(path: str = "/events") -> tuple[Step, ...]:
    """A stream of events, straight from the server."""
    return (
        *subscribing(sees=f'http.request.uri == "{path}"'),
        Step("come-back-after", BACK, "sse.retry"),
        Step("event", BACK, "sse.data", times=(COUNT, COUNT), alone=Alone("any-event", "sse.data")),
        Step("stream-ends", BACK, "http.chunk_size == 0"),
    )


def opening(path: str = "/socket") -> tuple[Step, ...]:
    """The request that becomes a WebSocket: RFC 6455 §4."""
    return (
        Step("ask-socket", WAY, f'http.upgrade == "websocket" and http.request.uri == "{path}"'),
        Step("socket", reply_to="ask-socket", sees="http.response.code == 101"),
    )


CLOSING = (
    Step("goodbye", WAY, "websocket.opcode == 8"),
    Step("goodbye-back", reply_to="goodbye", sees="websocket.opcode == 8"),
)


def conversing(path: str = "/socket") -> tuple[Step, ...]:
    """A WebSocket on which the server speaks."""
    return (
        *opening(path),
        Step("frame", BACK, "websocket.opcode == 1", times=(COUNT, COUNT)),
        *CLOSING,
    )


def connecting(path: str = "/offer") -> tuple[Step, ...]:
    """Signalling, DTLS, SCTP, and a channel on it."""
    return (
        Step("offer", WAY, f'http.request.uri == "{path}"'),
        Step("answer", reply_to="offer", sees="http.response.code == 200"),
        Step(
            "dtls-hello",
            BACK,
            "dtls.handshake.type == 1",
            alone=Alone("any-dtls-hello", "dtls.handshake.type == 1"),
        ),
        Step("dtls-answer", WAY, "dtls.handshake.type == 2"),
        Step("proofs", BOTH, PROOFS, times=(2, None), track="proofs"),
        Step("finished", BOTH, "dtls.handshake.type == 20", times=(2, 2), track="finished"),
        Step("associate", BOTH, "sctp.chunk_type in {1, 2}", times=(2, None), track="setup"),
        Step("cookie", BOTH, "sctp.chunk_type in {10, 11}", times=(2, None), track="setup"),
        Step(
            "channel-open",
            WAY,
            "rtcdc.message_type == 3",
            alone=Alone("any-channel-open", "rtcdc.message_type == 3"),
        ),
        Step("channel-ack", reply_to="channel-open", sees="rtcdc.message_type == 2"),
    )


DATA = "sctp.data_payload_proto_id == 51"
PARTING = (
    Step("abort", WAY, "sctp.chunk_type == 6"),
    Step("dtls-goodbye", BOTH, "dtls.alert_message.desc == 0", times=(1, 2)),
)


def channelling(path: str = "/offer") -> tuple[Step, ...]:
    """A data channel on which the server speaks."""
    return (*connecting(path), Step("datum", BACK, DATA, times=(COUNT, COUNT)), *PARTING)
