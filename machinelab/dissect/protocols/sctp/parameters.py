"""Parameters: type, length, value, filled up to a multiple of four. RFC 9260 §3.2.1, §3.3.2; RFC 5061 §4.2.7, RFC 6525 §4."""

from ipaddress import IPv4Address, IPv6Address

from ...core import Short
from ...cursor import Cursor

HEARTBEAT_INFO, IPV4, IPV6, COOKIE, OUTGOING, RESPONSE, EXTENSIONS = 1, 5, 6, 7, 13, 16, 0x8008
MOST = 64  # parameters of a chunk


def parameters(cursor: Cursor) -> None:
    """All parameters up to where the chunk ends. Raises Short where one is longer than what is left."""
    group, count = cursor.group, 0
    while cursor.left >= 4 and count < MOST:
        count += 1
        cursor.group = f"{group}/Parameters/{count}"
        start, kind = cursor.at, int.from_bytes(cursor.data[cursor.at : cursor.at + 2], "big")
        cursor.number("sctp.parameter_type", 2)
        inside = f"{cursor.group}/Type"
        for name, mask in (("1", 0x8000), ("2", 0x4000)):
            bit = (
                f"sctp.parameter_bit_{name}",
                kind & mask > 0,
                start,
                start + 2,
                cursor.buffer,
                mask,
                inside,
            )
            cursor.add(bit)
        size = cursor.number("sctp.parameter_length", 2)
        if not 4 <= size <= cursor.left + 4:
            raise Short
        _value(cursor.part(size - 4), kind)
        filling = min(-size % 4, cursor.left)
        cursor.octets("sctp.parameter_padding", filling)
    cursor.group = group


def _value(cursor: Cursor, kind: int) -> None:
    if kind == EXTENSIONS:
        while cursor.left:
            cursor.number("sctp.supported_chunk_type", 1)
    elif kind == COOKIE:
        cursor.octets("sctp.parameter_state_cookie", cursor.left)
    elif kind == HEARTBEAT_INFO:
        cursor.octets("sctp.parameter_heartbeat_information", cursor.left)
    elif kind == IPV4 and cursor.left == 4:
        cursor.add(_address(cursor, "ipv4", str(IPv4Address(cursor.data[cursor.at : cursor.stop]))))
    elif kind == IPV6 and cursor.left == 16:
        cursor.add(_address(cursor, "ipv6", str(IPv6Address(cursor.data[cursor.at : cursor.stop]))))
    elif kind == OUTGOING:
        _outgoing(cursor)
    elif kind == RESPONSE:
        cursor.number("sctp.parameter_reconfig_response_sequence_number", 4)
        cursor.number("sctp.parameter_reconfig_response_result", 4)
    elif cursor.left:
        cursor.octets("sctp.parameter_value", cursor.left)


def _address(cursor: Cursor, kind: str, said: str) -> tuple[str, str, int, int, str, int, str]:
    return (f"sctp.parameter_{kind}_address", said, cursor.at, cursor.stop, cursor.buffer, 0, cursor.group)


def _outgoing(cursor: Cursor) -> None:
    """These streams begin anew: how a data channel is closed (RFC 8831 §6.7)."""
    cursor.number("sctp.parameter_reconfig_request_sequence_number", 4)
    cursor.number("sctp.parameter_reconfig_response_sequence_number", 4)
    cursor.number("sctp.parameter_senders_last_assigned_tsn", 4)
    while cursor.left:
        cursor.number("sctp.parameter_reconfig_sid", 2)
