"""Compression bombs: what a few bytes claim to be is not unfolded without end, takes bounded time and memory, and what was left is told.

HTTP/2, with its compressed headers, is not among them: nothing here reads it, and its bytes stay bytes.
"""

import gzip
import re
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from machinelab.columns import Capture
from machinelab.dissect.budget import CROWDED, UNPACKED
from machinelab.dissect.core import Frame
from machinelab.dissect.packet import HEAVIEST, Cache, event
from machinelab.dissect.walk import Walker
from machinelab.errors import LabError
from machinelab.model import Event
from machinelab.sources import pcap
from machinelab.sources.kinds import kafkasegments

from . import bombs
from .bombs import DNS, HTTP, KAFKA, TLS

LONGEST = 3.0  # seconds of processor time for one packet, of which unpacking is the least
MOST = (
    128 << 20
)  # bytes that one packet may add while it is read; the readers that it needs are loaded with it
FORM, JSON, TEXT = "application/x-www-form-urlencoded", "application/json", "text/plain"
HERE = Path("/proc/self")

Bomb = Callable[[], Iterable[Frame]]


def sent(server: int, *messages: bytes) -> Iterator[Frame]:
    return bombs.stream(server, b"".join(messages), to_server=server == KAFKA)


def zipped(plain: bytes, kind: str) -> bytes:
    return bombs.reply(bombs.zipped(plain), kind)


# Each with the fields that tell that not all of it was read; none where all of it is.
BOMBS: dict[str, tuple[Bomb, set[str]]] = {
    **{
        f"kafka, {name}": (lambda codec=codec: sent(KAFKA, bombs.produce(bombs.zeros(codec))), {"kafka.not_unpacked"})
        for codec, name in bombs.CODECS.items()
    },
    "kafka, batch after batch": (
        lambda: sent(KAFKA, bombs.produce(*[bombs.zeros(4, 9 << 20)] * 100)),
        {"kafka.not_unpacked"},
    ),
    "kafka, message after message": (
        lambda: sent(KAFKA, *[bombs.produce(bombs.records(4, 2 << 20))] * 60),
        {"kafka.not_unpacked", "kafka.cut"},
    ),
    "http": (lambda: sent(HTTP, zipped(bytes(bombs.HUGE), TEXT)), {"http.cut"}),
    "http, in chunks": (lambda: sent(HTTP, bombs.in_chunks(bombs.zipped(bytes(bombs.HUGE)), TEXT)), {"http.cut"}),
    "http, packed twice": (lambda: sent(HTTP, zipped(bombs.zipped(bytes(bombs.HUGE)), TEXT)), set()),
    "http, reply after reply": (lambda: sent(HTTP, *[zipped(bytes(1 << 20), TEXT)] * 50), {"http.cut"}),
    "json, reply after reply": (lambda: sent(HTTP, *[zipped(b"[" + b"1," * 4900 + b"1]", JSON)] * 330), {"http.cut"}),
    "json, a value too many": (lambda: sent(HTTP, zipped(b"[" + b"1," * 400_000 + b"1]", JSON)), {"json.cut"}),
    "json, texts in texts": (lambda: sent(HTTP, bombs.reply(bombs.deep_json(4 << 20), JSON, "identity")), {"json.cut"}),
    "json, long names in long names": (lambda: sent(HTTP, zipped(bombs.deep_json(900_000), JSON)), set()),
    "form": (lambda: sent(HTTP, zipped(b"a&" * 500_000, FORM)), {"urlencoded-form.cut"}),
    "form of tokens": (lambda: sent(HTTP, zipped(bombs.tokens(30_000), FORM)), {"urlencoded-form.cut"}),
    "dns, a chain of pointers": (lambda: sent(DNS, bombs.pointers(loop=False)), set()),
    "dns, a loop of pointers": (lambda: sent(DNS, bombs.pointers(loop=True)), {"_ws.malformed"}),
    "tls, a certificate": (lambda: sent(TLS, bombs.handshake(bombs.certificate(15_000))), set()),
    "tls, record after record": (lambda: sent(TLS, *[b"\x17\x03\x03\0\0"] * 11_000), set()),
}  # fmt: skip


def peak(*, anew: bool = False) -> int:
    """Bytes of memory that this process has had at most; from now on, if `anew`."""
    if anew:
        (HERE / "clear_refs").write_text("5", encoding="ascii")
    found = re.search(r"^VmHWM:\s+(\d+)", (HERE / "status").read_text(encoding="ascii"), re.MULTILINE)
    assert found is not None
    return int(found[1]) << 10


def look(item: Event) -> set[str]:
    """Whatever is asked of a packet; the names of its fields."""
    names = {raw[0] for raw in item.content.ordered()}
    item.content.summary()
    item.content.buffers()
    assert all(name in item for name in names)
    return names


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_takes_little_time_and_room_and_what_was_not_read_is_told(name: str) -> None:
    make, told = BOMBS[name]
    frames = list(make())
    walker, found, slowest = Walker(), set[str](), 0.0
    before = peak(anew=True)
    for frame in frames:
        start = time.process_time()
        item = event(walker.frame(frame), Cache())
        names = look(item)
        slowest = max(slowest, time.process_time() - start)
        unfolded = [
            data
            for name, data in item.content.buffers().items()
            if not name.startswith(("frame", "Reassembled"))
        ]
        assert len(item.content.ordered()) <= 2 * CROWDED
        assert sum(map(len, unfolded)) <= 2 * UNPACKED
        found |= names
    assert told <= found
    assert peak() - before < MOST
    assert slowest < LONGEST


def test_a_hundred_bombs_are_not_all_held_at_once() -> None:
    walker, cache = Walker(), Cache()
    message = bombs.produce(bombs.zeros(4, 7 << 20))
    frames = bombs.stream(KAFKA, message * 100, to_server=True, room=len(message))
    before = peak(anew=True)
    items = [event(walker.frame(frame), cache) for frame in frames]
    assert len(items) == 100
    assert all(max(map(len, item.content.buffers().values())) == 7 << 20 for item in items)
    assert peak() - before < HEAVIEST + MOST


def test_a_packed_file_that_is_no_capture_is_not_unpacked_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "bomb.pcap.gz"
    file.write_bytes(gzip.compress(bytes(bombs.HUGE)))
    for opener in (pcap.load, Capture.open):
        start = time.process_time()
        with pytest.raises(LabError, match="is no capture"):
            opener(file)
        assert time.process_time() - start < 0.1


@pytest.mark.parametrize("packing", ("gz", "xz"))
def test_a_packed_archive_is_none_of_a_broker(packing: str) -> None:
    with pytest.raises(LabError, match="no archive"):
        kafkasegments.load(bombs.archive(bombs.HUGE, packing), "broker1")
