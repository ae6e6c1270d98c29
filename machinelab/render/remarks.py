"""What TCP analysis found unusual about a packet, in a few words, for the ladder."""

from ..model import Event

_REMARKS = {
    "tcp.analysis.retransmission": "sent again",
    "tcp.analysis.out_of_order": "out of order",
    "tcp.analysis.lost_segment": "something before it is missing",
    "tcp.analysis.duplicate_ack": "the same ACK again",
    "tcp.analysis.zero_window": "no room left",
}


def remarks(event: Event) -> list[str]:
    """What is unusual about a packet, as its `tcp.analysis` fields say."""
    if event.stream is None or "tcp.analysis.flags" not in event.fields:
        return []
    return [said for name, said in _REMARKS.items() if name in event.fields]
