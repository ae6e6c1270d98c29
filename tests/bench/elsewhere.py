"""A capture from elsewhere read against a guide, and packets shown whole, against tshark on the same file, by processor time.

Each lab's references many times over, as separate conversations: none of them is an experiment any more, as in a stranger's
capture. `python -m tests.bench elsewhere`.
"""

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from machinelab import catalog

from . import protocols
from .dns import KIT, Spent, spent, tshark

PACKETS = 5_000
ROUNDS = 3


def elsewhere() -> Iterator[tuple[str, dict[str, float]]]:
    """A row for each lab that has packets: ratios of processor time, ours to tshark's."""
    for lab in catalog.ready():
        if not any(frame.source.link == 1 for frame in protocols.frames(lab)):
            continue
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "large.pcap"
            count = protocols.enlarge(lab, file, PACKETS)
            annotate = [*KIT, "annotate", str(file), "--guide", lab]
            yield (
                lab,
                {
                    "packets": count,
                    "annotate_to_json": _ratio(file, annotate, "-T json"),
                    "annotate_json_to_json": _ratio(file, [*annotate, "--json"], "-T json"),
                    "packets_vx_to_vx": _ratio(file, [*KIT, "packets", str(file), "-v", "-x"], "-V -x"),
                    "packets_vx_s": spent([*KIT, "packets", str(file), "-v", "-x"]).cpu,
                },
            )


def _ratio(file: Path, words: list[str], how: str) -> float:
    """Both in turn, the median of the pairs' ratios."""
    pairs: list[tuple[Spent, Spent]] = [(spent(words), tshark(file, how)) for _ in range(ROUNDS)]
    return statistics.median(ours.cpu / theirs.cpu for ours, theirs in pairs)
