"""The `tcp.analysis` fields of a segment (retransmission, duplicate ACK, RTT), all generated. What they say is worked out in `dissect/tcp_analysis.py`."""

from ...core import Raw, View
from ...tcp_analysis import (
    ACK_LOST,
    DUPLICATE_ACK,
    FAST_RETRANSMISSION,
    KEEP_ALIVE,
    KEEP_ALIVE_ACK,
    LOST,
    OUT_OF_ORDER,
    PARTIAL_ACK,
    QUIET,
    RETRANSMISSION,
    REUSED_PORTS,
    SPURIOUS,
    TFO_ACK,
    TFO_IGNORED,
    TFO_SYN,
    WINDOW_FULL,
    WINDOW_UPDATE,
    ZERO_PROBE,
    ZERO_PROBE_ACK,
    ZERO_WINDOW,
)

GROUP = "tcp/Analysis"
NO_TIME = (-1, 0)  # none was worked out; Wireshark does not tell one of zero either
# A fast or a spurious retransmission is one, too.
SIGNS = (
    (FAST_RETRANSMISSION, "fast_retransmission"),
    (SPURIOUS, "spurious_retransmission"),
    (RETRANSMISSION | FAST_RETRANSMISSION | SPURIOUS, "retransmission"),
    (OUT_OF_ORDER, "out_of_order"),
    (LOST, "lost_segment"),
    (ACK_LOST, "ack_lost_segment"),
    (DUPLICATE_ACK, "duplicate_ack"),
    (ZERO_WINDOW, "zero_window"),
    (ZERO_PROBE, "zero_window_probe"),
    (ZERO_PROBE_ACK, "zero_window_probe_ack"),
    (WINDOW_UPDATE, "window_update"),
    (WINDOW_FULL, "window_full"),
    (KEEP_ALIVE, "keep_alive"),
    (KEEP_ALIVE_ACK, "keep_alive_ack"),
    (REUSED_PORTS, "reused_ports"),
    (PARTIAL_ACK, "partial_ack"),
    (TFO_SYN, "tfo_syn"),
    (TFO_ACK, "tfo_ack"),
    (TFO_IGNORED, "tfo_ignored"),
)


def dissect(view: View, at: int) -> None:
    """What the first pass found out, if anything; and the connection's first round trip beside it."""
    info = view.info
    found, flow, buffer = info.analysis, info.flow, view.buffer
    if found is None or flow is None:
        return

    def said(name: str, value: int | str) -> Raw:
        return (f"tcp.analysis{name}", value, at, at, buffer, 0, GROUP)

    out: list[Raw] = []
    flags = found.flags & ~QUIET
    if flags or found.acks or found.in_flight:
        out.append(said("", ""))
        if flow.sequence is not None and flow.sequence.rtt > 0:
            out.append(said(".initial_rtt", flow.sequence.rtt))
    if found.acks:
        out.append(said(".acks_frame", found.acks))
        if found.rtt not in NO_TIME:
            out.append(said(".ack_rtt", found.rtt))
    if found.in_flight > 0:
        out.append(said(".bytes_in_flight", found.in_flight))
    if found.pushed:
        out.append(said(".push_bytes_sent", found.pushed))
    if flags:
        out.append(said(".flags", ""))
    if found.flags:
        out += [said(f".{name}", "") for sign, name in SIGNS if found.flags & sign]
    if found.rto not in NO_TIME:
        out += (said(".rto", found.rto), said(".rto_frame", found.rto_frame))
    if found.flags & DUPLICATE_ACK:
        out += (
            said(".duplicate_ack_num", found.duplicates),
            said(".duplicate_ack_frame", found.duplicate_of),
        )
    view.out += out
