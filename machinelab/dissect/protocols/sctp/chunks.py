"""What each kind of chunk holds: RFC 9260 §3.3, RFC 3758 §3.2, RFC 6525 §3."""

from collections.abc import Callable

from ...cursor import Cursor
from .packet import (
    ABORT,
    COOKIE_ACK,
    COOKIE_ECHO,
    DATA,
    FORWARD_TSN,
    HEARTBEAT,
    HEARTBEAT_ACK,
    INIT,
    INIT_ACK,
    RE_CONFIG,
    SACK,
    SHUTDOWN,
    SHUTDOWN_ACK,
    SHUTDOWN_COMPLETE,
    Chunk,
    ahead,
)
from .parameters import parameters

NUMBERS = 1 << 32
Bases = tuple[int, int]


def _bits(cursor: Cursor, chunk: Chunk, *bits: tuple[str, int]) -> None:
    at = chunk.start + 1
    for name, mask in bits:
        cursor.add(
            (f"sctp.{name}", chunk.flags & mask > 0, at, at + 1, cursor.buffer, mask, f"{cursor.group}/Flags")
        )


def _counted(cursor: Cursor, name: str, base: int) -> int:
    """A chunk's number, counted from the first one's, and as it is sent."""
    raw = ahead(cursor, 4)
    cursor.field(name, (raw - base) % NUMBERS if base >= 0 else raw, 4)
    return cursor.number(f"{name}_raw", 4)


def _data(cursor: Cursor, chunk: Chunk, bases: Bases) -> None:
    _bits(cursor, chunk, ("data_i_bit", 8), ("data_u_bit", 4), ("data_b_bit", 2), ("data_e_bit", 1))
    _counted(cursor, "sctp.data_tsn", bases[0])
    cursor.number("sctp.data_sid", 2)
    cursor.number("sctp.data_ssn", 2)
    cursor.number("sctp.data_payload_proto_id", 4)


def _init(cursor: Cursor, chunk: Chunk, bases: Bases) -> None:
    kind = "init" if chunk.kind == INIT else "initack"
    cursor.field("sctp.initiate_tag", ahead(cursor, 4), 4)
    cursor.number(f"sctp.{kind}_initiate_tag", 4)
    cursor.number(f"sctp.{kind}_credit", 4)
    cursor.number(f"sctp.{kind}_nr_out_streams", 2)
    cursor.number(f"sctp.{kind}_nr_in_streams", 2)
    cursor.number(f"sctp.{kind}_initial_tsn", 4)
    parameters(cursor)


def _sack(cursor: Cursor, chunk: Chunk, bases: Bases) -> None:
    at = chunk.start + 1
    cursor.add(
        ("sctp.sack_nonce_sum", chunk.flags & 1, at, at + 1, cursor.buffer, 1, f"{cursor.group}/Flags")
    )
    raw = _counted(cursor, "sctp.sack_cumulative_tsn_ack", bases[1])
    cumulative = (raw - bases[1]) % NUMBERS if bases[1] >= 0 else raw
    cursor.number("sctp.sack_a_rwnd", 4)
    blocks = cursor.number("sctp.sack_number_of_gap_blocks", 2)
    twice = cursor.number("sctp.sack_number_of_duplicated_tsns", 2)
    behind = 0
    for block in range(blocks):
        group, first = f"{cursor.group}/Gap/{block + 1}", 0
        for name in ("start", "end"):
            offset = ahead(cursor, 2)
            cursor.number(f"sctp.sack_gap_block_{name}", 2)
            tsn = (cumulative + offset) % NUMBERS
            cursor.add(
                (f"sctp.sack_gap_block_{name}_tsn", tsn, cursor.at - 2, cursor.at, cursor.buffer, 0, group)
            )
            behind += offset - first + 1 if name == "end" else 0
            first = offset
    if blocks:
        cursor.add(
            (
                "sctp.sack_number_of_tsns_gap_acked",
                behind,
                chunk.start,
                chunk.start,
                cursor.buffer,
                0,
                cursor.group,
            )
        )
    for _ in range(twice):
        cursor.number("sctp.sack_duplicate_tsn", 4)


def _abort(cursor: Cursor, chunk: Chunk, bases: Bases) -> None:
    """Why, it says in causes, which are not read here."""
    _bits(cursor, chunk, ("abort_t_bit", 1))
    if cursor.left:
        cursor.octets("sctp.chunk_value", cursor.left)


def _complete(cursor: Cursor, chunk: Chunk, bases: Bases) -> None:
    _bits(cursor, chunk, ("shutdown_complete_t_bit", 1))


def _shutdown(cursor: Cursor, chunk: Chunk, bases: Bases) -> None:
    cursor.number("sctp.shutdown_cumulative_tsn_ack", 4)


def _cookie(cursor: Cursor, chunk: Chunk, bases: Bases) -> None:
    cursor.octets("sctp.cookie", cursor.left)


def _nothing(cursor: Cursor, chunk: Chunk, bases: Bases) -> None:
    """A chunk whose kind is all it says."""


def _parameters(cursor: Cursor, chunk: Chunk, bases: Bases) -> None:
    parameters(cursor)


def _forward(cursor: Cursor, chunk: Chunk, bases: Bases) -> None:
    cursor.number("sctp.forward_tsn_tsn", 4)
    while cursor.left:
        cursor.number("sctp.forward_tsn_sid", 2)
        cursor.number("sctp.forward_tsn_ssn", 2)


READERS: dict[int, Callable[[Cursor, Chunk, Bases], None]] = {
    DATA: _data, INIT: _init, INIT_ACK: _init, SACK: _sack, HEARTBEAT: _parameters, HEARTBEAT_ACK: _parameters,
    ABORT: _abort, SHUTDOWN: _shutdown, SHUTDOWN_ACK: _nothing, COOKIE_ECHO: _cookie, COOKIE_ACK: _nothing,
    SHUTDOWN_COMPLETE: _complete, RE_CONFIG: _parameters, FORWARD_TSN: _forward,
}  # fmt: skip
