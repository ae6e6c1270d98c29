"""Who can reach whom: hole punching between every two kinds of translator, measured on the NAT lab's real ones.

python -m tests.bench.nat_pairs measure --as NAME    runs all 81 pairs (some minutes), writes guides/nat-pairs.csv
python -m tests.bench.nat_pairs draw                 writes guides/nat-pairs.svg from that; the matrix in labs/nat/pictures.py is the same, held to it by a test
"""

import csv
import os
import sys
import tempfile
from collections.abc import Iterator

from machinelab import catalog
from machinelab.model import Event, Run
from machinelab.workflow import running
from tests import ROOT

DATA, PICTURE = (ROOT / "guides" / name for name in ("nat-pairs.csv", "nat-pairs.svg"))
KINDS = ("endpoint-independent", "address-dependent", "address-and-port-dependent")
SHORT = dict(zip(KINDS, ("EI", "AD", "APD"), strict=True))
BOXES = [(mapping, filtering) for mapping in KINDS for filtering in KINDS]
COLUMNS = ("mapping_a", "filtering_a", "mapping_b", "filtering_b", "alice", "bob", "packets")


def through(run: Run, sender: str, kind: int) -> list[Event]:
    """The STUN messages of a kind that went from one home into the other."""
    return [
        event
        for event in run.trace.events
        if not event.again
        and len(event.way) == 3
        and run.node(event.way[0].src) == sender
        and event.values("stun.type") == [kind]
    ]


def reaches(run: Run, one: str, other: str) -> bool:
    """Whether one peer's request arrived, and the answer to it came back."""
    asked = {event["stun.id"] for event in through(run, one, 0x0001)}
    return any(event["stun.id"] in asked for event in through(run, other, 0x0101))


def measured(instance: str) -> Iterator[tuple[object, ...]]:
    """A row for each pair."""
    lab = catalog.load_lab("nat")
    for a in BOXES:
        for b in BOXES:
            knobs = dict(zip(COLUMNS[:4], (*a, *b), strict=True))
            # The programs of `punch`, without waiting for steps that most pairs do not show.
            run = running.run(lab, lab.experiment("blocked"), knobs, instance).run
            row = (*a, *b, int(reaches(run, "alice", "bob")), int(reaches(run, "bob", "alice")))
            print(*(SHORT[word] for word in row[:4]), *row[4:], flush=True)
            yield (*row, len(run.trace.events))


def measure(instance: str) -> None:
    """Run all pairs and keep what came of them."""
    os.environ["MACHINELAB_HOME"] = tempfile.mkdtemp()
    rows = list(measured(instance))
    with DATA.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(COLUMNS)
        out.writerows(rows)


def results() -> dict[tuple[tuple[str, str], tuple[str, str]], bool]:
    """(home A's box, home B's box) → whether both reached each other."""
    with DATA.open(encoding="utf-8") as file:
        return {
            ((row["mapping_a"], row["filtering_a"]), (row["mapping_b"], row["filtering_b"])): row["alice"]
            == row["bob"]
            == "1"
            for row in csv.DictReader(file)
        }


def label(box: tuple[str, str]) -> str:
    """`EI/APD`: mapping, then filter."""
    return "/".join(SHORT[word] for word in box)


def picture() -> str:
    """The same as SVG, with the text form inside."""
    found, size, left = results(), 44, 90
    side = left + size * len(BOXES) + 10
    worked = sum(found.values())
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" font-family="sans-serif" font-size="11">',
        "<title>Which two translators let their hosts reach each other by hole punching</title>",
        f"<desc>{worked} of {len(found)} pairs, measured. "
        + " ".join(
            f"{label(a)} reaches {', '.join(label(b) for b in BOXES if found[a, b]) or 'none'}."
            for a in BOXES
        )
        + "</desc>",
        f'<rect width="{side}" height="{side}" fill="white"/>',
    ]
    for n, box in enumerate(BOXES):
        middle = left + size * n + size // 2
        parts.append(f'<text x="{left - 8}" y="{middle + 4}" text-anchor="end">{label(box)}</text>')
        parts.append(f'<text transform="translate({middle + 4} {left - 8}) rotate(-90)">{label(box)}</text>')
    for row, a in enumerate(BOXES):
        for column, b in enumerate(BOXES):
            fill, mark = ("#2a7f62", "yes") if found[a, b] else ("#d9d9d9", "no")
            x, y = left + size * column, left + size * row
            parts.append(f'<rect x="{x}" y="{y}" width="{size - 2}" height="{size - 2}" fill="{fill}"/>')
            parts.append(
                f'<text x="{x + size // 2 - 1}" y="{y + size // 2 + 3}" text-anchor="middle" '
                f'fill="{"white" if found[a, b] else "#555"}">{mark}</text>'
            )
    return "\n".join([*parts, "</svg>", ""])


def draw() -> None:
    """Put what was measured where readers look."""
    PICTURE.write_text(picture(), encoding="utf-8")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["measure", "--as", instance]:
            measure(instance)
        case ["draw"]:
            draw()
        case _:
            sys.exit(__doc__)
