"""Which object's bytes came when, and what the table of headers makes of a request: pictures."""

from collections.abc import Iterator

from machinelab.authoring import Event, Picture, Run, Slot, SlotRow, Slots, Span, Transfer, Waterfall

from .marks import number

CLIENT = "near"  # the network on which the client sees what has come
DATA = 0  # a type of frame of HTTP/2
TOGETHER = 3_000_000  # ns in which frames come out that waited for one segment


def arrivals(run: Run) -> Iterator[tuple[str, float]]:
    """Each time that bytes of an object's content became readable at the client: which object, and the time in ns."""
    for event in run.trace.events:
        if event.network != CLIENT or run.node(event.dst) != "client":
            continue
        if "http2" in event:
            kinds, ids = event.values("http2.type"), event.values("http2.streamid")
            found = {
                f"stream {which}"
                for kind, which in zip(kinds, ids, strict=False)
                if kind == DATA and isinstance(which, int)
            }
        elif "quic.stream.stream_id" in event:
            ids = event.values("quic.stream.stream_id")
            found = {f"stream {which}" for which in ids if isinstance(which, int) and which % 4 == 0}
        elif "http.response.code" in event:
            found = {f"connection {number(event, 'tcp.stream')}"}
        else:
            continue
        yield from ((name, event.time) for name in sorted(found))


def rows(run: Run) -> dict[str, list[float]]:
    """The times of each object in ms, from the first request on."""
    began = next((event.time for event in run.trace.events if _asks(event)), None)
    found: dict[str, list[float]] = {}
    if began is None:
        return found
    for name, time in arrivals(run):
        found.setdefault(name, []).append((time - began) / 1e6)
    return dict(sorted(found.items(), key=lambda each: int(each[0].rpartition(" ")[2])))


def _asks(event: Event) -> bool:
    return any(
        name in event for name in ("http2.headers.method", "http3.headers.method", "http.request.method")
    )


def loss(run: Run) -> tuple[float, float] | None:
    """When the packet was lost, and when what was in it came after all, in ms from the first request; None if nothing was lost."""
    began = next((event.time for event in run.trace.events if _asks(event)), None)
    for step, again in (("segment-lost", "segment-again"), ("one-lost", "one-again"), ("datagram-lost", "")):
        if began is not None and run.claims(step) and (not again or run.claims(again)):
            gone = run.first(step)
            came = at_client(run, run.first(again)).time if again else _repaired(run, gone)
            return (gone.time - began) / 1e6, (came - began) / 1e6
    return None


def _repaired(run: Run, gone: Event) -> int:
    """When the client had the bytes of a lost datagram: in another packet, with another number (RFC 9000 §13.3)."""
    wanted = set(zip(gone.values("quic.stream.stream_id"), gone.values("quic.stream.offset"), strict=False))
    for event in run.trace.events:
        if event.time > gone.time and event.network == CLIENT:
            pairs = zip(
                event.values("quic.stream.stream_id"), event.values("quic.stream.offset"), strict=False
            )
            if wanted & set(pairs):
                return event.time
    return gone.time


def held(run: Run) -> set[str]:
    """The objects of which bytes became readable only when the lost packet was made good: what stood in it, or behind it.

    Over TCP all that came behind it was kept from the application (RFC 9293 §3.4); over QUIC each stream waits for its own bytes alone
    (RFC 9000 §2.2).
    """
    if run.claims("datagram-lost"):
        ids = run.first("datagram-lost").values("quic.stream.stream_id")
        return {f"stream {which}" for which in ids if isinstance(which, int) and which % 4 == 0}
    step = next((each for each in ("segment-again", "one-again") if run.claims(each)), "")
    if not step:
        return set()
    came = at_client(run, run.first(step))
    if step == "one-again":
        return {f"connection {number(came, 'tcp.stream')}"}
    return {name for name, time in arrivals(run) if 0 <= time - came.time < TOGETHER}


def at_client(run: Run, event: Event) -> Event:
    """The same packet as the client's network saw it."""
    found = (
        each
        for each in run.trace.events
        if each.network == CLIENT
        and each.time >= event.time
        and each.values("ip.id") == event.values("ip.id")
    )
    return next(found, event)


LEGEND = (
    ("", "until its first byte"),
    ("here", "until its last"),
    ("bad", "waiting for the lost packet"),
)


def waterfall(run: Run) -> Waterfall | None:
    """A bar for each object: from the first request until its last byte could be read."""
    found = rows(run)
    if not found:
        return None
    gap = loss(run)
    late = held(run) if gap else set()
    shown = [_transfer(name, times, gap if name in late else None) for name, times in found.items()]
    if gap:
        lost = Span(gap[0], gap[1], "lost, until its bytes had arrived after all", "bad")
        shown.insert(0, Transfer("the packet", (lost,), "lost, until its bytes came"))
    return Waterfall(tuple(shown), LEGEND if gap else LEGEND[:2])


def _transfer(name: str, times: list[float], gap: tuple[float, float] | None) -> Transfer:
    """An object: how long nothing of it came, and how long it then took; of one that waited, from when on for the lost packet."""
    first, last = min(times), max(times)
    if gap and gap[0] < last:
        phases = (Span(0.0, gap[0], ""), Span(gap[0], last, "", "bad"))
    else:
        phases = (Span(0.0, first, ""), Span(first, last, "", "here"))
    return Transfer(name, phases, f"{last:.0f} ms")


def table(run: Run) -> Slots | None:
    """What the first request and the last one write into the header block: a place in a table, or the words."""
    if not (run.claims("ask") and run.claims("ask-more")):
        return None
    shown = []
    for step in ("ask", "ask-more"):
        names, forms = (run.values(step, f"http2.header.{what}") for what in ("name", "repr"))
        count = int(str(run.values(step, "http2.header.count")[-1]))
        pairs = list(zip(names, forms, strict=False))[-count:]
        row = tuple(Slot(str(name), "" if str(form).startswith("Indexed") else "new") for name, form in pairs)
        stream, size = (run.values(step, f"http2.{what}")[-1] for what in ("streamid", "length"))
        shown.append(SlotRow(f"stream {stream!s}", row, f"{size!s} bytes"))
    return Slots(tuple(shown))


PICTURES = (
    Picture(
        "waterfall",
        "Which object's bytes came when",
        "A bar for each object, from the first request until its last byte could be read; marked are those that waited for a lost packet.",
        waterfall,
        ("lost", "streams", "quic", "page"),
    ),
    Picture(
        "header-table",
        "What a request still has to say",
        "The headers of the first request and of a later one: marked where they are written out, not where a table has them.",
        table,
        ("streams",),
    ),
)
