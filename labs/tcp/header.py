"""A TCP header as RFC 9293 §3.1 draws it, with the values of this run's first SYN."""

from machinelab.authoring import Bytes, Event, HeaderField, Picture, Run

SYN, PLAIN = "tcp.flags.syn", 20  # bytes of a header without options
FLAGS = ("cwr", "ece", "urg", "ack", "push", "reset", "syn", "fin")
NAMES = {"push": "PSH", "reset": "RST"}
OPTIONS = {
    1: "no operation",
    2: "maximum segment size",
    3: "window scale",
    4: "SACK permitted",
    8: "timestamps",
    34: "fast open",
}


def header(run: Run) -> Bytes | None:
    """The header of the first SYN; None before there is one."""
    event = next((e for e in run.trace.events if SYN in e and e.values(SYN) == [True]), None)
    if event is None:
        return None
    length = _number(event, "tcp.hdr_len")
    fields = [
        HeaderField("Source Port", 16, str(_number(event, "tcp.srcport"))),
        HeaderField("Destination Port", 16, str(_number(event, "tcp.dstport"))),
        HeaderField("Sequence Number", 32, str(_number(event, "tcp.seq_raw"))),
        HeaderField("Acknowledgment Number", 32, str(_number(event, "tcp.ack_raw"))),
        HeaderField("Data Offset", 4, f"{length // 4} words of 32 bits"),
        HeaderField("Reserved", 4, str(_number(event, "tcp.flags.res"))),
        *(
            HeaderField(NAMES.get(flag, flag.upper()), 1, str(_number(event, f"tcp.flags.{flag}")))
            for flag in FLAGS
        ),
        HeaderField("Window", 16, str(_number(event, "tcp.window_size_value"))),
        HeaderField("Checksum", 16, f"0x{_number(event, 'tcp.checksum'):04x}"),
        HeaderField("Urgent Pointer", 16, str(_number(event, "tcp.urgent_pointer"))),
    ]
    if length > PLAIN:
        fields.append(HeaderField("Options", (length - PLAIN) * 8, _options(event)))
    return Bytes(f"packet {event.id}: {event.content.summary()}", tuple(fields), "RFC 9293 §3.1")


def _number(event: Event, name: str) -> int:
    found = event.values(name)[0] if name in event else 0
    return int(found) if isinstance(found, int) else 0


def _options(event: Event) -> str:
    kinds = event.values("tcp.option_kind") if "tcp.option_kind" in event else []
    named = [OPTIONS.get(kind, f"kind {kind}") for kind in kinds if isinstance(kind, int)]
    return ", ".join(dict.fromkeys(named))


HEADER = Picture(
    "header",
    "The header of the SYN",
    "The header of the first segment, 32 bits a row, with its values.",
    header,
    ("handshake", "refused", "fast-open", "syn-flood"),
)
