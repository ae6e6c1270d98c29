"""A frame's header, who says what when, how long a server is held up by a reader, and what compression saves."""

from collections.abc import Sequence

from machinelab.authoring import Bytes, Event, HeaderField, Picture, Plot, Run, Series, Span, Timeline

OPCODES = {0: "continuation", 1: "text", 2: "binary", 8: "close", 9: "ping", 10: "pong"}
MOST = 16  # moments in one row of a timeline


def number(event: Event, name: str) -> int:
    """A field's first value as a number; 0 where it is absent."""
    value = next(iter(event.values(name)), 0)
    return int(value) if isinstance(value, int) else 0


def frame(run: Run) -> Bytes | None:
    """The header of the first frame that a client sent: RFC 6455 §5.2."""
    event = next((e for e in run.trace.events if number(e, "websocket.mask")), None)
    if event is None:
        return None
    length = number(event, "websocket.payload_length")
    wide = {126: ("ext_16", 16), 127: ("ext_64", 64)}.get(length)
    fields = [
        HeaderField("FIN", 1, str(number(event, "websocket.fin"))),
        HeaderField("RSV", 3, str(number(event, "websocket.rsv"))),
        HeaderField("opcode", 4, f"{number(event, 'websocket.opcode')}"),
        HeaderField("MASK", 1, "1"),
        HeaderField("length", 7, str(length)),
    ]
    if wide:
        extended = number(event, f"websocket.payload_length_{wide[0]}")
        fields += _rows("extended length", f"{extended:0{wide[1] // 4}x}", 16)
    key = event["websocket.masking_key"]
    fields += _rows(
        "masking key",
        key.hex() if isinstance(key, bytes) else "",
        16 if wide is None else 32 - (16 + wide[1]) % 32,
    )
    return Bytes(f"packet {event.id}", tuple(fields), "RFC 6455 §5.2")


def _rows(name: str, value: str, room: int) -> list[HeaderField]:
    """A field, its value in hex, over rows of 32 bits, of which the first has so much room left."""
    found: list[HeaderField] = []
    while value:
        digits = min(room, 32) // 4
        found.append(
            HeaderField(name if not found else f"{name}, continued", 4 * len(value[:digits]), value[:digits])
        )
        value, room = value[digits:], 32
    return found


def _said(event: Event) -> str:
    """A frame in a word or two."""
    opcode = number(event, "websocket.opcode")
    name = OPCODES.get(opcode, str(opcode))
    if opcode == 8:
        return f"{name} {number(event, 'websocket.payload.close.status_code')}"
    return name if number(event, "websocket.fin") or not opcode else f"{name}, first part"


def conversation(run: Run) -> Timeline | None:
    """Each side's frames, and TCP's own goodbye, from the Upgrade on."""
    began = next((e.time for e in run.trace.events if "http.upgrade" in e), None)
    if began is None:
        return None
    rows: dict[str, list[Span]] = {}
    for event in run.trace.events:
        closed = "tcp.flags.fin" in event and (
            number(event, "tcp.flags.fin") or number(event, "tcp.flags.reset")
        )
        if event.again or not ("websocket" in event or closed):
            continue
        what = _said(event) if "websocket" in event else "RST" if number(event, "tcp.flags.reset") else "FIN"
        moment = (event.time - began) / 1e6
        mark = "bad" if what in ("FIN", "RST") else "here" if what.startswith("close") else ""
        rows.setdefault(run.node(event.src), []).append(Span(moment, moment, what, mark))
    shown = tuple((name, tuple(spans[:MOST])) for name, spans in sorted(rows.items()))
    return Timeline(shown) if shown else None


def held_up(run: Run) -> Timeline | None:
    """When the client's window was closed, and which message the server could not send meanwhile."""
    began = next((e.time for e in run.trace.events if "http.upgrade" in e), None)
    waits = [e for e in run.trace.events if "sendlog.waited" in e]
    if began is None or not waits:
        return None

    def ms(time: int) -> float:
        return max(0.0, (time - began) / 1e6)

    sends = tuple(
        Span(ms(e.time - number(e, "sendlog.waited")), ms(e.time), f"message {number(e, 'sendlog.message')}", "bad" if number(e, "sendlog.waited") > 100_000_000 else "")
        for e in waits
    )  # fmt: skip
    came = tuple(
        Span(ms(e.time), ms(e.time), f"message {at}") for at, e in enumerate(e for e in run.claims("feed"))
    )
    closed = next((e.time for e in run.trace.events if "tcp.analysis.zero_window" in e), None)
    opened = next((e.time for e in run.claims("room-again")), None) if run.knobs.get("pause") != "0" else None
    window = (Span(ms(closed), ms(opened), "closed", "bad"),) if closed and opened and opened > closed else ()
    return Timeline((("server sends", sends), ("client's window", window), ("client has it", came)))


def sizes(runs: Sequence[Run]) -> list[Series]:
    """Bytes of payload of the client's two messages, by what was agreed on: the newest run of each."""
    found = []
    for name, run in {run.knobs["compress"]: run for run in runs}.items():
        sent = [
            e for e in run.trace.events if number(e, "websocket.mask") and number(e, "websocket.opcode") == 1
        ]
        lengths = [
            number(e, "websocket.payload_length_ext_16") or number(e, "websocket.payload_length")
            for e in sent
        ]
        points = tuple(zip(("first", "second"), map(float, lengths), strict=False))
        found.append(
            Series({"yes": "one window", "own": "a window each", "no": "not compressed"}[name], points)
        )
    return found


PICTURES = (
    Picture(
        "frame",
        "A frame's header",
        "The header of the first frame from the client, as RFC 6455 draws it.",
        frame,
        ("frames", "fragments", "upgrade", "compress"),
    ),
    Picture(
        "conversation",
        "Who says what when",
        "Each frame at its moment, a row for each node; TCP's FIN and RST are marked.",
        conversation,
        ("idle", "fragments", "closes", "upgrade", "frames"),
    ),
    Picture(
        "held-up",
        "A server that cannot go on",
        "The server's calls of send, the client's closed window, and when each message was whole at the client.",
        held_up,
        ("slow-reader",),
    ),
)
PLOTS = (
    Plot(
        "sizes", "What compression leaves", "compress", "message", "bytes of payload", sizes, over="compress"
    ),
)
