"""Where a reader is in `machinelab learn`: one small file, $MACHINELAB_HOME/learn.json. What cannot be read counts as not begun."""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from ..errors import LabError
from . import runs

FILE = "learn.json"


@dataclass(frozen=True, slots=True)
class Places:
    """`last` is the lab (and instance) that was open last, as `lab/instance`; `at` says where one is in each, as the stop's name."""

    last: str = ""
    at: Mapping[str, str] = field(default_factory=dict)

    def of(self, lab: str, instance: str = "default") -> str:
        """Where one is in a lab; empty if it was never begun."""
        return self.at.get(f"{lab}/{instance}", "")


def load() -> Places:
    """What is kept."""
    try:
        data = json.loads((runs.home() / FILE).read_text(encoding="utf-8"))
        return Places(str(data["last"]), {str(key): str(at) for key, at in data["at"].items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Places()


def keep(lab: str, instance: str, at: str) -> None:
    """Write down where one is now, whole or not at all. Raises LabError where nothing can be written."""
    before, key, path = load(), f"{lab}/{instance}", runs.home() / FILE
    draft = path.with_name(f".{FILE}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps({"last": key, "at": {**before.at, key: at}}, indent=1) + "\n", "utf-8")
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        hint = "Free some space or mend the folder's permissions, or point MACHINELAB_HOME elsewhere."
        raise LabError(f"Where you are cannot be kept in {path}: {error.strerror}.", hint) from error
