"""When a commit is a commit: statement, log record, write, flush and answer side by side; and where the records lie in the log."""

from machinelab.authoring import Event, Picture, Run, Slot, SlotRow, Slots, Span, Timeline

SEGMENT = 24  # bits of an LSN below a segment's number: 16 MiB
STATEMENTS, MOST = 6, 8  # statements of a timeline, records of a segment
FLUSHES = ("fdatasync", "fsync")


def commit(run: Run) -> Timeline | None:
    """What client, log and disk did, from the first statement that wrote something on."""
    asked = _statements(run)
    first = next((at for at, (_, start, _) in enumerate(asked) if _written(run, start)), None)
    if first is None:
        return None
    shown = asked[max(0, first - 2) : first - 2 + STATEMENTS if first > 1 else STATEMENTS]
    begin, end = shown[0][1], max(stop for _, _, stop in shown)

    def ms(time: int) -> float:
        return (time - begin) / 1e6

    client = tuple(Span(ms(start), ms(stop), said) for said, start, stop in shown)
    events = [e for e in run.trace.events if begin <= e.time <= end]
    records = tuple(
        Span(ms(e.time), ms(e.time), f"{e['wal.rmgr']!s} {e['wal.record']!s} at {e['wal.lsn']!s}")
        for e in events
        if "wal.lsn" in e
    )
    calls = [
        event
        for event in events
        if "syscall.duration" in event and any("pg_wal" in str(path) for path in event.values("syscall.path"))
    ]
    writes = tuple(_call(e, begin) for e in calls if "write" in str(e["syscall.name"]))
    flushes = tuple(_call(e, begin, "here") for e in calls if e["syscall.name"] in FLUSHES)
    return Timeline(
        (("client waits", client), ("log record", records), ("write", writes), ("flush", flushes))
    )


def _call(event: Event, begin: int, mark: str = "") -> Span:
    start, long = int(event["syscall.started"]), int(event["syscall.duration"])
    return Span((start - begin) / 1e6, (start + long - begin) / 1e6, str(event["syscall.name"]), mark)


def _statements(run: Run) -> list[tuple[str, int, int]]:
    """What clients asked, from when to when they waited; one that was never answered is left out."""
    waiting: dict[object, tuple[str, int]] = {}
    found = []
    for event in run.trace.events:
        for message in event.messages:
            if message.protocol != "PGSQL" or message.exchange is None:
                continue
            key = message.exchange.key
            if not message.exchange.reply:
                if "pgsql.query" in event:
                    waiting[key] = (event.content.summary(), event.time)
            elif key in waiting:
                found.append((*waiting.pop(key), event.time))
    return found


def _written(run: Run, start: int) -> bool:
    return any("wal.lsn" in e and e.time >= start for e in run.trace.events)


def _place(event: Event) -> int:
    """An LSN as the number that it is."""
    high, _, low = str(event["wal.lsn"]).partition("/")
    return (int(high, 16) << 32) + int(low, 16)


def segments(run: Run) -> Slots | None:
    """The records of each segment file in the order of their LSNs, with how many of them were flushed."""
    rows: dict[int, list[Event]] = {}
    for event in run.trace.events:
        if "wal.lsn" in event:
            rows.setdefault(_place(event) >> SEGMENT, []).append(event)
    drawn = []
    for number, events in sorted(rows.items()):
        flushed = sum("wal.flush" in e for e in events)
        step = max(1, -(-len(events) // MOST))
        slots = tuple(
            Slot(
                f"{str(e['wal.lsn']).partition('/')[2]} {e['wal.record']!s}",
                "here" if "wal.flush" in e else "",
            )
            for e in events[::step]
        )
        pieces = [slots[at : at + 4] for at in range(0, len(slots), 4)]
        left = f"; every {step}th is shown" if step > 1 else ""
        for at, piece in enumerate(pieces):
            note = f"{flushed} of {len(events)} records flushed{left}" if at == len(pieces) - 1 else ""
            drawn.append(SlotRow(f"segment {number:X}" if not at else "", piece, note))
    return Slots(tuple(drawn)) if drawn else None


OF_POSTGRES = ("commit", "crash", "group", "async", "lost", "pages", "checkpoint", "replication")
PICTURES = (
    Picture(
        "commit",
        "When a commit is a commit",
        "Client, log record, write and flush over time: the client waits until the flush has returned.",
        commit,
        OF_POSTGRES,
    ),
    Picture(
        "segments",
        "LSNs over segment files",
        "The log's records by segment file, each at its LSN; those that a flush made durable are marked.",
        segments,
        OF_POSTGRES,
    ),
)
