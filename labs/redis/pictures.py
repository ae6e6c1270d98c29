"""One thread and everybody's waits, a crash, pages that part, a replica's conversation, two tables, slots and keys; and the plots."""

import binascii
import re
from collections.abc import Sequence
from statistics import median

from machinelab.authoring import (
    Event,
    Flight,
    Flights,
    Picture,
    Plot,
    Run,
    Series,
    Slot,
    SlotRow,
    Slots,
    Span,
    Timeline,
)

from .headlines import elements, grown, lost, number, waits

FIRST = 6  # flights that are enough to see the turns
MOST = 14  # flights, rows or moments that one picture holds
LATE = 40_000_000  # ns: as the steps have it
PAGES = 12  # slots that stand for all of a process's memory


def since(run: Run) -> int:
    """When the run's first packet was seen."""
    return min((event.time for event in run.trace.events), default=0)


def one_thread(run: Run) -> Timeline | None:
    """A row for the server's one thread, one for each connection that waits for it."""
    began = since(run)
    replies = [event for event in run.trace.events if "resp.time" in event]
    if not run.claims("look") or not replies:
        return None
    rows: dict[str, list[Span]] = {}
    names: dict[int, str] = {}
    for event in replies:
        stream = number(event, "tcp.stream")
        if event.values("resp.answers") != ["GET"]:
            continue
        name = names.setdefault(stream, f"customer {len(names) + 1}")
        rows.setdefault(name, []).append(
            _span(event, began, "waits" if number(event, "resp.time") > LATE else "")
        )
    busy = [
        _span(event, began, str(event.values("resp.answers")[0]))
        for event in replies
        if event.values("resp.answers")[0] in ("KEYS", "EVAL", "DEL", "SCAN", "UNLINK")
    ]
    return Timeline(
        (("the thread", tuple(busy)), *((name, tuple(spans)) for name, spans in sorted(rows.items())))
    )


def _span(event: Event, began: int, text: str) -> Span:
    """From the request to its reply, in milliseconds."""
    took = number(event, "resp.time")
    mark = "bad" if text == "waits" else "here" if text else ""
    return Span((event.time - began - took) / 1e6, (event.time - began) / 1e6, text, mark)


def round_trips(run: Run) -> Flights | None:
    """The first flights of orders, and of what came back."""
    began, found = since(run), list[Flight]()
    frames = sorted(
        {(event.time, event.id, "order") for event in run.claims("order")}
        | {(event.time, event.id, "paid") for event in run.claims("paid")}
    )
    for time, id, kind in frames:
        count = sum(1 for item in run.items(kind) if item.event.id == id)
        text = f"{count} × {'SET' if kind == 'order' else 'OK'}"
        source, target = ("client", "server") if kind == "order" else ("server", "client")
        found.append(Flight((time - began) / 1e6, source, target, text))
    if not found:
        return None
    shown = found[:FIRST]
    if len(found) > FIRST:
        shown.append(
            Flight(
                found[-1].time,
                found[-1].source,
                found[-1].target,
                f"{found[-1].text}: the last of {len(found)} flights",
                "here",
            )
        )
    return Flights(("client", "server"), tuple(shown))


def promises(run: Run) -> Timeline | None:
    """What was acknowledged, what was written, what was flushed, and from where on it is gone."""
    told, appended = run.claims("paid"), run.claims("appended")
    if not told or not appended or not run.claims("killed"):
        return None
    began, end = told[0].time, run.first("killed").time
    flushes = [*run.claims("flushed-first"), *run.claims("flushed-later")]
    moments = tuple(Span(ms(event, began), ms(event, began), "flush", "here") for event in flushes[-MOST:])
    rows = [
        ("acknowledged", (Span(0, ms(told[-1], began), f"{len(run.items('paid'))} orders"),)),
        (
            "handed to the kernel",
            (Span(ms(appended[0], began), ms(appended[-1], began), f"{len(appended)} writes"),),
        ),
        ("flushed", moments),
    ]
    if run.claims("count") and (gone := lost(run)):
        first = run.items("paid")[-gone].event
        rows.append(("gone", (Span(ms(first, began), ms(told[-1], began), f"{gone} orders", "bad"),)))
    rows.append(("server", (Span((end - began) / 1e6, (end - began) / 1e6, "SIGKILL", "bad"),)))
    return Timeline(tuple(rows))


def ms(event: Event, began: int) -> float:
    """Milliseconds since a moment; what came a little before it stands at it."""
    return max(0.0, (event.time - began) / 1e6)


def memory(run: Run) -> Slots | None:
    """All memory of parent and child, at the first sample and at the last: which part each has for itself."""
    rows = []
    for step, who in (("parent-memory", "parent"), ("child-memory", "child")):
        found = run.claims(step)
        for event, when in ((found[0], "first"), (found[-1], "last")) if found else ():
            shared, private = number(event, "smaps.shared"), number(event, "smaps.private")
            own = round(PAGES * private / max(1, shared + private))
            slots = (*(Slot("own", "new") for _ in range(own)), *(Slot("shared") for _ in range(PAGES - own)))
            rows.append(
                SlotRow(
                    f"{who}, {when}",
                    slots,
                    f"{private / 1e6:.1f} MB of its own, {shared / 1e6:.1f} MB shared",
                )
            )
    return Slots(tuple(rows)) if rows else None


LINK = {
    "ask-all": "PSYNC: everything", "all": "FULLRESYNC", "snapshot": "snapshot", "handed-on": "SET", "ask-rest": "PSYNC: from where it was",
    "rest": "CONTINUE", "missed": "SET, missed", "all-again": "FULLRESYNC", "snapshot-again": "snapshot",
}  # fmt: skip


def link(run: Run) -> Flights | None:
    """What the replica asks, and what it is sent, without the greetings."""
    began, found = since(run), list[Flight]()
    for step, text in LINK.items():
        for event in run.claims(step)[:1]:
            source, target = run.node(event.src), run.node(event.dst)
            mark = "here" if step in ("ask-all", "ask-rest") else ""
            more = f" × {len(run.items(step))}" if len(run.items(step)) > 1 else ""
            found.append(Flight(ms(event, began), source, target, text + more, mark))
    return Flights(("replica", "server"), tuple(sorted(found))) if found else None


def tables(run: Run) -> Slots | None:
    """The old table and the new one, each time somebody asked."""
    rows = []
    for step, when in (("full", "before"), ("two-tables", "one key more"), ("later", "after the requests")):
        if not run.claims(step):
            continue
        text = run.text(step, "resp.text")
        sizes, counts = (
            tuple(map(int, re.findall(pattern, text)))
            for pattern in (r"table size: (\d+)", r"elements: (\d+)")
        )
        slots = tuple(
            Slot(f"{name}: {count:,} keys, room for {size:,}", "new" if name == "new" else "")
            for name, size, count in zip(("old", "new"), sizes, counts, strict=False)
        )
        rows.append(SlotRow(when, slots))
    return Slots(tuple(rows)) if rows else None


def slot_of(key: str) -> int:
    """The slot of a key: CRC16 (XMODEM) of what stands in its first braces, else of all of it, modulo 16,384. "Redis cluster specification"."""
    tag = re.match(r"[^{]*\{([^}]+)\}", key)
    return binascii.crc_hqx((tag[1] if tag else key).encode(), 0) % 16384


def slots(run: Run) -> Slots | None:
    """Which node says that which slots are its own, and where the key belongs: by the nodes' own messages."""
    owned: dict[str, list[str]] = {}
    for event in run.trace.events:
        if event.values("redisbus.slot_range"):
            owned[run.node(event.src)] = [str(each) for each in event.values("redisbus.slot_range")]
    if not owned or not run.claims("moved"):
        return None
    key = str(run.values("ask-around", "resp.argument")[0])
    mine = slot_of(key)
    rows = []
    for node, ranges in sorted(owned.items()):
        cells = []
        for each in ranges[:MOST]:
            first, _, last = each.partition("-")
            here = int(first) <= mine <= int(last or first)
            cells.append(Slot(f"{each}: {key} is {mine}" if here else each, "here" if here else ""))
        rows.append(SlotRow(node, tuple(cells)))
    return Slots(tuple(rows))


SAID = (
    ("watch", "me", "WATCH"), ("left", "me", "GET: 1"), ("rival", "rival", "DECR"), ("multi", "me", "MULTI"), ("exec", "me", "EXEC"),
    ("void", "me", "nil: nothing done"), ("done", "me", "done"), ("stock-now", "me", "and now?"),
)  # fmt: skip


def two_buyers(run: Run) -> Timeline | None:
    """Who did what in between."""
    began, rows = since(run), dict[str, list[Span]]()
    for step, who, text in SAID:
        for event in run.claims(step)[:1]:
            at = (event.time - began) / 1e6
            rows.setdefault(who, []).append(
                Span(at, at, text, "bad" if step == "void" else "here" if who == "rival" else "")
            )
    return Timeline(tuple((who, tuple(spans)) for who, spans in rows.items())) if rows else None


def offers(run: Run) -> Timeline | None:
    """When the offers began, when they ended, when they were cleared away."""
    if not run.claims("offered"):
        return None
    began = run.first("offered").time
    cleared = [*run.claims("cleared"), *run.claims("looked-at")]
    marks = dict[float, int]()
    for event in cleared:
        marks[ms(event, began)] = marks.get(ms(event, began), 0) + 1
    asked = [
        (step, f"DBSIZE: {number(run.first(step), 'resp.integer')}")
        for step in ("so-many", "so-many-now")
        if run.claims(step)
    ]
    return Timeline(
        (
            ("good for", (Span(0, 100, f"{len(run.items('offered'))} offers"),)),
            ("cleared away", tuple(Span(at, at, f"{count}", "here") for at, count in sorted(marks.items()))),
            (
                "asked",
                tuple(
                    Span(ms(run.first(step), began), ms(run.first(step), began), text) for step, text in asked
                ),
            ),
        )
    )


def in_all(runs: Sequence[Run]) -> list[Series]:
    """Milliseconds for a hundred orders, by how many were sent before a reply was waited for: the newest run of each."""
    newest = {run.knobs["depth"]: run for run in runs}
    points = tuple(
        (int(depth), (run.claims("paid")[-1].time - run.first("order").time) / 1e6)
        for depth, run in sorted(newest.items(), key=lambda each: int(each[0]))
    )
    return [Series("a hundred orders", points)]


def looks(runs: Sequence[Run]) -> list[Series]:
    """The longest wait and the median wait of a customer, by what somebody else asked for."""
    newest = {run.knobs["what"]: run for run in runs}
    found = {what: waits(run, "seen", "seen-soon", "held-up") for what, run in newest.items()}
    return [
        Series("the longest", tuple((what, max(each) / 1e6) for what, each in found.items() if each)),
        Series(
            "half of them less than",
            tuple((what, median(each) / 1e6) for what, each in found.items() if each),
        ),
    ]


def gone(runs: Sequence[Run]) -> list[Series]:
    """Acknowledged orders that are gone, by appendfsync; a series for each way to die."""
    newest = {(run.knobs["death"], run.knobs["appendfsync"]): run for run in runs}
    names = {"power": "power cut", "process": "process killed"}
    return [
        Series(
            name,
            tuple(
                (policy, float(lost(newest[death, policy])))
                for policy in ("always", "everysec", "no")
                if (death, policy) in newest
            ),
        )
        for death, name in names.items()
        if any(each == death for each, _ in newest)
    ]


def copied(runs: Sequence[Run]) -> list[Series]:
    """Megabytes that the server had to copy while it had a child, by how many bytes were changed."""
    newest = {int(run.knobs["touch"]): run for run in runs}
    return [Series("copied", tuple((touch, grown(run) / 1e6) for touch, run in sorted(newest.items())))]


def moved(runs: Sequence[Run]) -> list[Series]:
    """Keys in the old table, by how many requests have come since the new one was made."""
    newest = {int(run.knobs["requests"]): run for run in runs}
    points = tuple((requests, float(elements(run, "later")[0])) for requests, run in sorted(newest.items()))
    start = [(0, float(elements(run, "two-tables")[0])) for run in list(newest.values())[:1]]
    return [Series("still in the old table", (*start, *points))]


PICTURES = (
    Picture("round-trips", "Orders and replies in flight", "Each arrow is what one side sends before it waits for the other.", round_trips, ("pipeline",)),
    Picture("one-thread", "One thread, and everybody's waits", "What the server's only thread is busy with, and how long each customer waits for a look into a basket.", one_thread, ("slow",)),
    Picture("promises", "Promised, written, flushed, gone", "Orders that were acknowledged, writes that the kernel has, flushes that the disk has finished, and the orders that are gone.", promises, ("crash",)),
    Picture("memory", "What is shared, and what was copied", "Each row is all of a process's memory; a page is its own once one of the two has written to it.", memory, ("fork",)),
    Picture("link", "Server and replica", "What the replica asks for, and what it is sent: everything, then each write, then only what it missed.", link, ("replica",)),
    Picture("offers", "When offers end, and when they go", "Offers are good for a tenth of a second; the marks say when the server deleted them.", offers, ("expiry",)),
    Picture("tables", "Two tables at once", "The keys' table before and after it has grown: until the move is over there are two.", tables, ("rehash",)),
    Picture("two-buyers", "Who came between", "The commands of two buyers on one line of time.", two_buyers, ("watch",)),
    Picture("slots", "Whose slots, whose key", "Each node's slots as it tells the others, and the slot that the key belongs to.", slots, ("cluster",)),
)  # fmt: skip
PLOTS = (
    Plot("in-all", "A hundred orders, so many at a time", "pipeline", "orders sent before a reply is waited for", "milliseconds for a hundred orders", in_all, over="depth"),
    Plot("waits", "How long a customer waits for a look into a basket", "slow", "what somebody else asks for", "milliseconds", looks, over="what"),
    Plot("lost", "What a crash takes with it", "crash", "appendfsync", "acknowledged orders that are gone", gone, over="appendfsync"),
    Plot("copied", "What a changed byte costs while there is a child", "fork", "bytes changed, each in a page of its own", "megabytes copied", copied, over="touch"),
    Plot("moved", "How a table moves", "rehash", "requests since the new table was made", "keys still in the old one", moved, over="requests"),
)  # fmt: skip
