"""Which protocol a conversation is by its bytes, where its ports do not tell, or tell what its bytes are not.

A guess never displaces what fits: once a protocol has read a message of a conversation, the conversation is its own.
"""

from . import registry
from .core import Application, Flow, Sender, Session
from .scapy_layers.table import UDP


def takes(flow: Flow, payload: bytes) -> bool:
    """Whether a UDP stream's protocol reads a datagram. Where the ports name none, or one that refuses it, the bytes decide, for both directions."""
    known = flow.application
    if known is not None and (known.is_datagram is None or known.is_datagram(payload, True)):
        return flow.session is not None
    protocol = None if _fits(flow) or _is_foreign(flow) else registry.by_datagram(payload)
    return protocol is not None and protocol is not known and _adopt(flow, protocol, Sender.EITHER)


def guest(flow: Flow, payload: bytes) -> tuple[Application, Session] | None:
    """Who reads a datagram that the stream's own protocol refuses: one that may share its ports with it (RFC 7983 §7)."""
    known = flow.application
    if known is None or flow.other is None:
        return None
    for each in registry.tables().datagrams:
        beside = known.layer in each.alongside or each.layer in known.alongside
        if (
            beside
            and each.session is not None
            and each.is_datagram is not None
            and each.is_datagram(payload, False)
        ):
            if each.layer not in flow.guests:
                flow.guests[each.layer] = flow.other.guests[each.layer] = each.session(flow.stream)
                flow.stream.sessions.append(flow.guests[each.layer])
            return each, flow.guests[each.layer]
    return None


def recognise(flow: Flow, payload: bytes, number: int) -> None:
    """The application of a connection on ports that no protocol is registered for, by the bytes of a segment, that of frame `number`.

    Each segment is asked, as by Wireshark's heuristics: a capture may begin in the middle, and other bytes may come first.
    """
    found = registry.recognised(payload)
    if found is not None and _adopt(flow, *found) and flow.other is not None:
        flow.recognised = flow.other.recognised = number


def displaced(flow: Flow, payload: bytes) -> bool:
    """Whether what the port's protocol refuses is another's, which reads the connection from now on."""
    found = None if _fits(flow) else registry.by_first_bytes(payload)
    return found is not None and found[0] is not flow.application and _adopt(flow, *found)


def _is_foreign(flow: Flow) -> bool:
    """Whether the lower port is that of a protocol that Scapy reads: some of those look like DNS, and are not."""
    ports = flow.name[-4:]
    return min(int.from_bytes(ports[:2], "big"), int.from_bytes(ports[2:], "big")) in UDP


def _fits(flow: Flow) -> bool:
    return flow.fits or (flow.other is not None and flow.other.fits)


def _adopt(flow: Flow, protocol: Application, sender: Sender) -> bool:
    """Give both directions to a protocol; False if it keeps no state, so that none of its messages could be cut out."""
    if protocol.session is None or flow.other is None:
        return False
    session = protocol.session(flow.stream)
    flow.stream.sessions.append(session)
    to_server = flow.to_server if sender is Sender.EITHER else sender is Sender.CLIENT
    flow.application, flow.session, flow.to_server = protocol, session, to_server
    flow.other.application, flow.other.session, flow.other.to_server = protocol, session, not to_server
    return True
