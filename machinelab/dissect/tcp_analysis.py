"""TCP analysis: retransmissions, duplicate ACKs, segments lost or out of order, windows that are shut, keep-alives, RTT.

Wireshark's `tcp.analysis`, after its User's Guide ("TCP Analysis"), with its names, its order of precedence and its
thresholds. Each network is analysed by itself, as if it had been captured alone: a packet that a router passes on is no
retransmission. (Wireshark does so where its preference conversation_deinterlacing_key is set to the interface.)

Sequence numbers are unwrapped here: they grow without end, and compare as they are.
"""

from bisect import bisect_left, insort

from .core import Flow, PacketInfo
from .tcp_header import ACK, FIN, PSH, RST, SYN, TcpHeader
from .tcp_state import Analysis, Direction

HALF, SPAN = 1 << 31, 1 << 32
BARE = SYN | FIN | RST  # flags that a mere acknowledgement has none of
UNACKED = 10_000  # segments remembered until they are acknowledged, as Wireshark has it
NEAR = 1_000  # of these, how many beside a repeated one are examined: a crafted capture may have all of them overlap
FAST = 20_000_000  # ns after the last acknowledgement in which a repetition counts as fast
REORDERED = 3_000_000  # ns in which a late segment counts as out of order, where the round trip is not known

(
    RETRANSMISSION, FAST_RETRANSMISSION, SPURIOUS, OUT_OF_ORDER, LOST, ACK_LOST, DUPLICATE_ACK, ZERO_WINDOW, ZERO_PROBE,
    ZERO_PROBE_ACK, WINDOW_UPDATE, WINDOW_FULL, KEEP_ALIVE, KEEP_ALIVE_ACK, REUSED_PORTS, PARTIAL_ACK, KNOWN,
    TFO_SYN, TFO_ACK, TFO_IGNORED,
) = (1 << bit for bit in range(20))  # fmt: skip
# KNOWN is no sign of Wireshark's: the capture holds later data already. The last five are no flags of its analysis.
QUIET = PARTIAL_ACK | KNOWN | TFO_SYN | TFO_ACK | TFO_IGNORED


def analyse(info: PacketInfo, flow: Flow, header: TcpHeader, length: int) -> Analysis | None:
    """What one segment means after all that was seen before it; None if there is nothing to say."""
    other = flow.other
    assert other is not None
    own, peer = flow.sequence, other.sequence
    if own is None or peer is None:
        own = flow.sequence = Direction()
        peer = other.sequence = Direction()
    flags, raw = header.flags, header.seq
    near = own.next if own.next >= 0 else raw + SPAN
    seq = near + (raw - near + HALF) % SPAN - HALF
    ack = _unwrapped_ack(own, peer, header.ack)
    signs = _signs(own, peer, flow, header, seq, ack, length)
    if ack != own.ack:
        own.new_ack, own.dups = info.number, 0
    if flags & ACK:
        peer.valid = True
        if 0 <= peer.expected < ack:
            signs |= ACK_LOST
            peer.expected = ack
    if own.rtt < 0:
        _round_trip(own, peer, flags, info.time)
    if flags & SYN:
        signs |= _fast_open(own, peer, header, seq, ack, length)
    rto = (-1, 0)
    if (length or flags & (SYN | FIN)) and not signs & KEEP_ALIVE:
        signs |= _again(own, peer, seq, length, flags, info.time)
        if signs & RETRANSMISSION:
            rto = _since(own, seq, info.time)
    top = max(own.top, seq + length) if own.unacked else seq + length
    _remember(own, info, seq, ack, header, length, signs)
    acks, rtt, partial = _take_off(own, peer, ack, info) if peer.unacked else (0, -1, 0)
    signs |= partial
    flight = pushed = 0
    if length and own.unacked and own.valid:
        flight, pushed = _in_flight(own, peer, top), _pushed(own, flags, length)
    if not (signs or acks or flight):
        return None
    dups, first = (own.dups, own.new_ack) if signs & DUPLICATE_ACK else (0, 0)
    return Analysis(signs, dups, first, acks, rtt, *rto, flight, pushed if flight > 0 else 0)


def _signs(
    own: Direction, peer: Direction, flow: Flow, header: TcpHeader, seq: int, ack: int, length: int
) -> int:
    """What the numbers and the window of a segment say, before it is asked whether its data came before."""
    signs = REUSED_PORTS if header.anew else 0
    if length == 1 and seq == own.next and peer.window == 0:
        return signs | ZERO_PROBE
    signs |= _order(own, seq, length, header.flags)
    if header.flags & BARE:
        return signs
    if length:
        if _fills(peer, flow, seq + length):
            signs |= WINDOW_FULL
    elif seq == own.next and header.window:
        signs |= _acknowledgement(own, peer, ack, header)
    if not header.window:
        signs |= ZERO_WINDOW
    if peer.last & ZERO_PROBE and seq == own.next:
        signs |= _probe_answered(own, peer, ack, length, header.window)
    return signs


def _round_trip(own: Direction, peer: Direction, flags: int, now: int) -> None:
    """The first round trip: from the last SYN to the first segment after the answer to it."""
    if flags & (SYN | ACK) == SYN:
        own.syn_at = peer.syn_at = now
    elif flags & (SYN | ACK) == ACK and own.syn_at >= 0:
        own.rtt = peer.rtt = now - own.syn_at


def _fast_open(own: Direction, peer: Direction, header: TcpHeader, seq: int, ack: int, length: int) -> int:
    """A SYN that brings data along, and whether the answer takes it: RFC 7413 §4.2."""
    if not header.flags & ACK:
        own.early = length if header.cookie else 0
        return TFO_SYN if header.cookie else 0
    if not peer.early:
        return 0
    return TFO_ACK if ack > peer.next - peer.early else TFO_IGNORED


def _unwrapped_ack(own: Direction, peer: Direction, raw: int) -> int:
    """An acknowledgement, among the other direction's numbers."""
    near = peer.next if peer.next >= 0 else own.ack if own.ack >= 0 else raw + SPAN
    return near + (raw - near + HALF) % SPAN - HALF


def _order(own: Direction, seq: int, length: int, flags: int) -> int:
    """Whether something before this is missing, or it stands one number before what is next: a keep-alive (RFC 9293 §3.8.4)."""
    signs = 0
    if 0 <= own.next < seq and not flags & RST:
        own.valid = False
        signs = LOST
    if length < 2 and seq == own.next - 1 and not flags & BARE:
        signs |= KEEP_ALIVE
    return signs


def _fills(peer: Direction, flow: Flow, stop: int) -> bool:
    """Whether a segment uses up what the other side has room for."""
    scale = flow.other.scale if flow.other is not None else -1
    if scale == -1 or peer.window < 0:
        return False
    shift = 0 if peer.window_syn or -2 in (flow.scale, scale) else scale
    return stop == peer.ack + (peer.window << shift)


def _acknowledgement(own: Direction, peer: Direction, ack: int, header: TcpHeader) -> int:
    """What a segment without data says, that stands where the next data would: more room, or the same once more."""
    sacks = header.sacks
    if header.window != own.window and ack == own.ack and not sacks:
        return WINDOW_UPDATE
    if header.window == own.window and ack == own.ack and peer.last & KEEP_ALIVE:
        return KEEP_ALIVE_ACK
    if (header.window == own.window or sacks) and ack == own.ack:
        own.dups += 1
        return DUPLICATE_ACK
    return 0


def _probe_answered(own: Direction, peer: Direction, ack: int, length: int, window: int) -> int:
    """The answer to a probe of a shut window. Where the probe's byte was taken all the same, it counts as sent from now on."""
    taken = ack == own.ack + 1
    if taken:
        peer.next = peer.expected = ack
    if not length and not window and not own.window and (taken or ack == own.ack):
        return ZERO_PROBE_ACK
    return WINDOW_UPDATE if taken else 0


def _again(own: Direction, peer: Direction, seq: int, length: int, flags: int, now: int) -> int:
    """Which kind of repetition a segment is, if it is one."""
    known = KNOWN if seq < own.seen else 0
    if length and seq + length <= peer.ack and peer.ack % SPAN:
        return SPURIOUS | known
    # After a probe of a shut window the next segment begins with the probe's byte, and is new all the same.
    if seq >= own.next or (length > 1 and seq == own.next - 1):
        return 0
    if now - peer.acked_at < FAST:
        if peer.dups >= 2 and peer.ack == seq:
            return FAST_RETRANSMISSION
        if (
            peer.dups >= 2
            and peer.sacks
            and not any(left <= seq and seq + length <= right for left, right in peer.sacks)
        ):
            return FAST_RETRANSMISSION
    after = seq + length + bool(flags & (SYN | FIN))
    late = after != own.seen and now - own.next_at < (own.rtt if own.rtt > 0 else REORDERED)
    place = bisect_left(own.unacked, (seq + 1,))
    if any(seq + length <= after for _, _, after, _ in own.unacked[max(place - NEAR, 0) : place]):
        return RETRANSMISSION | known
    return OUT_OF_ORDER if late else RETRANSMISSION | known


def _since(own: Direction, seq: int, now: int) -> tuple[int, int]:
    """How long the sender waited before it sent again, and since which frame: the oldest that waits from there on."""
    frame, time = own.next_frame, own.next_at
    place = bisect_left(own.unacked, (seq,))
    waiting = [(number, then) for _, number, _, then in own.unacked[place : place + NEAR]]
    if waiting:
        frame, time = min(waiting)
    return now - time, frame


def _remember(
    own: Direction, info: PacketInfo, seq: int, ack: int, header: TcpHeader, length: int, signs: int
) -> None:
    flags = header.flags
    after = seq + length
    if length or flags & (SYN | FIN):
        if flags & (SYN | FIN):
            after += 1
        own.seen = max(own.seen, after)
        if len(own.unacked) < UNACKED:
            unacked = own.unacked
            if not unacked or seq >= unacked[-1][0]:
                unacked.append((seq, info.number, after, info.time))
            else:
                insort(unacked, (seq, info.number, after, info.time))
            own.top = max(own.top, seq + length)
    if not signs & ZERO_PROBE:
        if after > own.next:
            own.next, own.next_frame, own.next_at = after, info.number, info.time
        if seq == own.expected or own.expected < 0:
            own.expected = own.next
    own.window, own.window_syn = header.window, bool(flags & SYN)
    own.ack, own.acked_at, own.last, own.sacks = ack, info.time, signs, header.sacks


def _take_off(own: Direction, peer: Direction, ack: int, info: PacketInfo) -> tuple[int, int, int]:
    """Forget the segments that are acknowledged; the frame of the one that ends just there, and how long it took."""
    unacked, keep, found, partial = peer.unacked, 0, (0, -1), 0
    kept: list[tuple[int, int, int, int]] = []
    for seq, frame, after, time in unacked:
        if seq >= ack:
            break
        keep += 1
        if after > ack:
            kept.append((ack, frame, after, time))
            partial = PARTIAL_ACK
            if not found[0] or frame < found[0]:
                found = frame, info.time - time
        elif after == ack and (not found[0] or frame < found[0]):
            found = frame, info.time - time
    if keep:
        unacked[:keep] = kept[:NEAR]
        if not unacked:
            peer.top = -1
    return *found, partial


def _in_flight(own: Direction, peer: Direction, top: int) -> int:
    """The bytes sent and not acknowledged, less what was acknowledged selectively; −1 where that leaves none."""
    flight = top - own.unacked[0][0]
    if peer.sacks:
        flight -= sum((right - left) % SPAN for left, right in peer.sacks)
    return flight if flight > 0 else -1


def _pushed(own: Direction, flags: int, length: int) -> int:
    """The bytes since the last PSH."""
    own.pushed = length if own.pushing else own.pushed + length
    own.pushing = bool(flags & PSH)
    return own.pushed
