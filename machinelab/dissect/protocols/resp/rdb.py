"""How a snapshot begins: its version, who made it, how many keys. rdb.c and rdb.h of Redis 8.0, rdbSaveRio."""

from ...core import View

MAGIC = b"REDIS"
AUX, RESIZE, SELECT = 0xFA, 0xFB, 0xFE
MOST = 64  # entries before the first key; Redis writes seven


def dissect(view: View, start: int, stop: int) -> None:
    """The header and the entries before the first key; what comes after those is not read."""
    data, buffer = view.data[:stop], view.buffer
    view.add(("resp.rdb", "", start, stop, buffer, 0, "resp/rdb"))
    version = data[start + 5 : start + 9]
    if not data.startswith(MAGIC, start) or not version.isdigit():
        return
    view.add(("resp.rdb.version", int(version), start + 5, start + 9, buffer, 0, "resp/rdb"))
    at = start + 9
    for _ in range(MOST):
        found = _entry(view, data, at)
        if found is None:
            return
        at = found


def _entry(view: View, data: bytes, at: int) -> int | None:
    """Where the next entry begins; None if this is none that comes before the keys."""
    code = data[at] if at < len(data) else 0
    if code == AUX:
        name, middle = _string(data, at + 1)
        value, end = _string(data, middle)
        if end > len(data) or not name:
            return None
        view.add(("resp.rdb.aux", f"{name}={value}", at, end, view.buffer, 0, "resp/rdb"))
        return end
    if code in (SELECT, RESIZE):
        number, end = _length(data, at + 1)
        if code == RESIZE:
            view.add(("resp.rdb.keys", number, at + 1, end, view.buffer, 0, "resp/rdb"))
            end = _length(data, end)[1]
        return end if end <= len(data) else None
    return None


def _length(data: bytes, at: int) -> tuple[int, int]:
    """A length in one, two or five bytes, by the first two bits, and where it ends; beyond the data if it is cut short."""
    first = data[at] if at < len(data) else 0
    wide = {0: 1, 1: 2, 2: 5 if first == 0x80 else 9}.get(first >> 6, len(data) + 1)
    if at + wide > len(data):
        return 0, len(data) + 1
    if wide == 1:
        return first & 0x3F, at + 1
    number = int.from_bytes(data[at : at + 2], "big") & 0x3FFF if wide == 2 else 0
    return (number or int.from_bytes(data[at + 1 : at + wide], "big")) if wide != 2 else number, at + wide


def _string(data: bytes, at: int) -> tuple[str, int]:
    """A string, or a number written as one (its two first bits set), and where it ends."""
    first = data[at] if at < len(data) else 0xFF
    if first >> 6 == 3:
        wide = {0xC0: 1, 0xC1: 2, 0xC2: 4}.get(first, len(data) + 1)
        end = at + 1 + wide
        return (
            str(int.from_bytes(data[at + 1 : end], "little", signed=True)) if end <= len(data) else ""
        ), end
    size, begin = _length(data, at)
    return data[begin : begin + size].decode("utf-8", "replace"), begin + size
