"""What tshark has agreed to is not asked again: a digest of it stands in `agreed/<lab>.txt`, a line for each capture.

A digest of fields covers the capture, the secrets beside it, the exemptions that can apply to it, how the two are compared, and every
field of ours: name, value as shown, span, mask. A digest of filters covers each expression and the packets that pass. Whatever of
these changes, tshark is asked; `--agree` writes the new digest down once it has agreed, `--all` asks about everything.
"""

import fcntl
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from machinelab.sources import pcap
from tests.oracle import exemptions, pdml
from tests.references import keys_of, lab_of

HERE = Path(__file__).parent
FOLDER = HERE / "agreed"
IMAGE = HERE.parent / "images" / "tshark"
COMPARES = (HERE / "pdml.py", HERE / "exemptions.py", *sorted(p for p in IMAGE.rglob("*") if p.is_file()))
EVERYWHERE = {"frame", "ip", "tcp"}  # exemptions that can apply to any capture
HEX = 20


@dataclass(slots=True)
class Agreed:
    """The digests as they were committed, and what was asked because they were others."""

    again: bool = False
    write: bool = False
    folder: Path = FOLDER
    asked: list[str] = field(default_factory=list)

    def compare(self, lab: str, name: str, digest: str, ask: Callable[[], None]) -> None:
        """Ask where the digest is not the one that tshark has agreed to; `ask` fails where it does not agree."""
        if not self.again and self.known(lab).get(name) == digest:
            return
        self.asked.append(f"{lab} {name}")
        ask()
        if self.write:
            self.note(lab, name, digest)

    def known(self, lab: str) -> dict[str, str]:
        """The digests of a lab, by what they are of."""
        file = self.folder / f"{lab}.txt"
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        return dict(line.rsplit(" ", 1) for line in lines)  # type: ignore[arg-type]

    def note(self, lab: str, name: str, digest: str) -> None:
        """Write one down; several processes may do so at once."""
        with (self.folder / f"{lab}.txt").open("a+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            known = {**self.known(lab), name: digest}
            file.truncate(0)
            file.write("".join(f"{key} {known[key]}\n" for key in sorted(known)))


def of_fields(capture: Path) -> str:
    """The digest of everything that `pdml.differences` compares, but for what tshark says."""
    trace = pcap.load(capture, keys=keys_of(capture))
    digest = hashlib.sha256(capture.read_bytes())
    words = set[str]()
    for event in trace.events:
        for name, items in event.fields.items():
            words.add(name.partition(".")[0])
            digest.update(repr((event.number, name, [pdml.ours(item) for item in items])).encode())
    for file in (*COMPARES, *_applying(capture, words)):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:HEX]


def _applying(capture: Path, words: set[str]) -> Iterable[Path]:
    """The secrets beside a capture, and the files of exemptions that can apply to what occurs in it."""
    keys = keys_of(capture)
    files = [*sorted((HERE / "protocols").glob("[!_]*.py")), *([keys] if keys else [])]
    labs = (HERE / "labs").glob(
        f"{lab_of(capture) if capture.parent.name == 'reference' else exemptions.OWN}.py"
    )
    return [*(file for file in files if file == keys or file.stem in words | EVERYWHERE), *labs]


def of_filters(capture: Path, passing: Mapping[str, Iterable[int]], allowed: Iterable[str]) -> str:
    """The digest of each filter with the packets that pass, of those that may differ, and of how tshark is asked."""
    digest = hashlib.sha256(capture.read_bytes())
    digest.update(repr([(text, list(numbers)) for text, numbers in passing.items()]).encode())
    digest.update(repr(sorted(allowed)).encode())
    for file in COMPARES:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:HEX]


def of_answers(answers: Mapping[str, bool]) -> str:
    """The digest of what tshark is expected to take or refuse, whatever the capture."""
    digest = hashlib.sha256(repr(sorted(answers.items())).encode())
    for file in COMPARES:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:HEX]


AGREED = pytest.StashKey[Agreed]()
