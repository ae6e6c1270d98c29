"""What all experiments share: the Upgrade before, the two Closes after, and names for what is asked of frames."""

from dataclasses import replace

from machinelab.authoring import ARP, Alone, At, Step

NOISE = (ARP,)
WAY, BACK = "client > server", "server > client"
OPENS = 'http.upgrade == "websocket" and http.request.method == "GET"'
TEXT, BINARY, CONTINUES = (f"websocket.opcode == {code}" for code in (1, 2, 0))
CLOSE, PING, PONG = (f"websocket.opcode == {code}" for code in (8, 9, 10))
STATUS = "websocket.payload.close.status_code"
MASKED, UNMASKED = "websocket.mask == 1", "websocket.mask == 0"


def where(condition: str, *steps: Step) -> tuple[Step, ...]:
    """The steps, in runs whose knobs are so."""
    return tuple(replace(step, when=condition) for step in steps)


def opening(way: str = WAY) -> tuple[Step, ...]:
    """The request that asks for a WebSocket, and the reply that agrees to it: RFC 6455 §4."""
    return (
        Step("ask", way, OPENS, alone=Alone("upgrade-asked", OPENS)),
        Step("agreed", reply_to="ask", sees="http.response.code == 101"),
    )


def closing(way: str = WAY) -> tuple[Step, ...]:
    """The client closes, and the server agrees: RFC 6455 §5.5.1."""
    return (
        Step("goodbye", way, f"{CLOSE} and {STATUS} == 1000"),
        Step("goodbye-back", reply_to="goodbye", sees=CLOSE, same=STATUS),
    )


def converse(*words: str) -> tuple[At, ...]:
    """The client's program, with these arguments."""
    return (At("client", f"converse {' '.join(words)}"),)
