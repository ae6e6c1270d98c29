"""What a learner has answered and run, kept under the state folder so that nothing is lost when a command is left.

$MACHINELAB_HOME/progress/<lab>/<instance>.json
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from ..errors import LabError
from ..model import Lab
from . import runs

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Kept:
    """A reply as it is kept. `ok` is None for a prediction that waits for its run; `first` is how the first reply fared.

    `origin` is what it was graded from ("run 7", "reference"), `packets` what the grade cited, `tries` how many replies
    were graded, `hints` how many hints were asked for.
    """

    reply: str = ""
    ok: bool | None = None
    first: bool | None = None
    tries: int = 0
    hints: int = 0
    origin: str = ""
    packets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """The replies to one worksheet by question id, the question that was open last, and what a learner must be told."""

    answers: Mapping[str, Kept] = field(default_factory=dict)
    at: str = ""
    notes: tuple[str, ...] = ()

    def right(self, question: str) -> bool:
        """Whether a question is answered rightly."""
        return bool(self.answers.get(question, Kept()).ok)


@dataclass(frozen=True, slots=True)
class Summary:
    """How far a learner is with a lab: experiments run of all, questions right of all, and what they must be told."""

    run: tuple[str, ...]
    experiments: int
    right: int
    questions: int
    notes: tuple[str, ...] = ()


def file_of(lab: str, instance: str = "default") -> Path:
    """Where the replies of one instance of a lab are kept."""
    return runs.home() / "progress" / lab / f"{instance}.json"


def load(lab: str, instance: str = "default") -> Progress:
    """What is kept. A file that is damaged is put aside under another name, and `notes` says so.

    Raises LabError if the file cannot be opened, or is of a later format.
    """
    path = file_of(lab, instance)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Progress()
    except UnicodeDecodeError as error:
        return _aside(path, error)
    except OSError as error:
        raise _denied(path, error) from error
    try:
        return _parse(text, path)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return _aside(path, error)


def _parse(text: str, path: Path) -> Progress:
    data = json.loads(text)
    if isinstance(data["format"], int) and data["format"] > FORMAT:
        raise LabError(
            f"{path} was written by a later machinelab.",
            "Upgrade machinelab, or point MACHINELAB_HOME elsewhere.",
        )
    return Progress({str(id): _kept(entry) for id, entry in data["answers"].items()}, str(data["at"]))


def _kept(entry: Mapping[str, object]) -> Kept:
    """One reply, each of its values held to its kind: what was damaged by hand must not surprise us later."""
    kept = Kept(**{**entry, "packets": tuple(entry.get("packets", ()))})  # type: ignore[arg-type]
    flags, counts = (kept.ok, kept.first), (kept.tries, kept.hints)
    texts = (kept.reply, kept.origin, *kept.packets)
    sound = (
        all(flag is None or isinstance(flag, bool) for flag in flags)
        and all(isinstance(count, int) for count in counts)
        and all(isinstance(text, str) for text in texts)
    )
    if not sound:
        raise ValueError("a reply is damaged")
    return kept


def _aside(path: Path, error: Exception) -> Progress:
    """Keep a damaged file under a free name beside it."""
    number = 1
    while (other := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    try:
        path.rename(other)
    except OSError as failure:
        raise _denied(path, failure) from failure
    return Progress(
        notes=(f"The answers kept in {path} could not be read ({error}). The file is now {other}.",)
    )


def _denied(path: Path, error: OSError) -> LabError:
    return LabError(
        f"Answers cannot be kept in {path}: {error.strerror}.",
        "Free some space or mend the folder's permissions, or point MACHINELAB_HOME elsewhere.",
    )


def keep(lab: str, instance: str, answers: Mapping[str, Kept], at: str | None = None) -> Progress:
    """Add to what is kept, or replace it, whole or not at all; replies that another session kept meanwhile stay.

    `at` names the question that is open now (None: as it was). Raises LabError where nothing can be written.
    """
    before = load(lab, instance)
    after = replace(before, answers={**before.answers, **answers}, at=before.at if at is None else at)
    path = file_of(lab, instance)
    data = {
        "format": FORMAT,
        "at": after.at,
        "answers": {id: asdict(kept) for id, kept in after.answers.items()},
    }
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise _denied(path, error) from error
    return after


def summary(lab: Lab, instance: str = "default") -> Summary:
    """How far a learner is, as `list` and `path` show it. A run or a file that cannot be read counts as not there."""
    known = [experiment.id for experiment in lab.experiments]
    run = experiments_run(lab.id, instance)
    try:
        kept = load(lab.id, instance)
    except LabError:
        kept = Progress()
    right = sum(kept.right(question.id) for question in lab.questions)
    return Summary(tuple(id for id in known if id in run), len(known), right, len(lab.questions), kept.notes)


def experiments_run(lab: str, instance: str = "default") -> set[str]:
    """The ids of the experiments that the reader's kept runs are of. A run that cannot be read counts as not there."""
    found = set()
    for number in runs.listing(lab, instance):
        try:
            found.add(runs.read(runs.folder_of(lab, instance) / str(number)).experiment)
        except (LabError, OSError, UnicodeDecodeError):
            continue
    return found
