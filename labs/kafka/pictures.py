"""The partitions as they stand: who leads, how far the log goes, what is on every replica, and what each one has."""

from machinelab.authoring import Picture, Run, Slot, SlotRow, Slots

from .river import DONE, ENDS, MARK, River

MOST = 8  # partitions


def partitions(run: Run) -> Slots | None:
    """A row a partition: its leader, the log's end, the high watermark, what was acknowledged, and each replica's own end."""
    river = River(run)
    river.lanes()
    rows = []
    for (topic, number), part in sorted(river.partitions.items()):
        last = {name: points[-1][1] for name, points in part.tracks.items() if points}
        if topic.startswith("__") or topic.count("-") == 4 or not last:
            continue
        replicas = ", ".join(
            f"{name.removesuffix(' has')[-1:]}: {end}"
            for name, end in sorted(last.items())
            if name.endswith(" has")
        )
        end, mark = last.get(ENDS, 0), last.get(MARK, 0)
        rows.append(
            SlotRow(
                f"{topic}/{number}",
                (
                    Slot(part.leader[0] or "?"),
                    Slot(str(end)),
                    Slot(str(mark), "here" if mark == end else ""),
                    Slot(str(last.get(DONE, "–"))),
                    Slot(replicas or "–"),
                ),
            )
        )
    heads = ("leader", "log end", "watermark", "acknowledged", "replicas")
    return Slots(tuple(rows[:MOST]), heads) if rows else None


PICTURES = (
    Picture(
        "partitions",
        "The partitions as they stand",
        "Each partition's leader, log end, high watermark and replicas at the end of the run.",
        partitions,
        ("produce", "leader-killed", "batch", "consume", "group", "idempotent", "transaction"),
    ),
)
