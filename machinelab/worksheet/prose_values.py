"""`@step.field` in a worksheet's prose: the value in the learner's own trace, so that prose can never contradict it.

Written as in guides: `` `@ask-root.dns.id` ``, `` `@fetch-keys.dns.id[2]` `` for the second packet of the step.
"""

import re
from collections.abc import Iterator

from .. import fields, guide
from ..model import Run

REFERENCE = re.compile(r"`@([^`\n]+)`")
_PARTS = re.compile(
    r"(?:(?P<experiment>[a-z0-9-]+)/)?(?P<step>[a-z0-9-]+)\.(?P<field>[a-z][a-z0-9_.-]*[a-z0-9_])(?:\[(?P<index>[1-9][0-9]{0,3})\])?"
)
ABSENT = "`(not in this run)`"


def resolve(text: str, run: Run) -> str:
    """The Markdown with each reference replaced by the value, in a code span that nothing from the wire can end."""
    return REFERENCE.sub(lambda match: _value(match[1], run), text)


def problems(text: str, steps: set[str]) -> Iterator[str]:
    """What is wrong with the references of a text, in whole sentences. `steps` are those of the experiment."""
    for match in REFERENCE.finditer(text):
        parts = _PARTS.fullmatch(match[1])
        if not parts:
            yield f"{match[0]} is not written like `@ask-root.dns.id`."
        elif parts["step"] not in steps:
            yield f"{match[0]} names a step that the experiment does not have."
        elif parts["field"] not in fields.registry():
            yield f"{match[0]} names a field that there is not."


def _value(reference: str, run: Run) -> str:
    parts = _PARTS.fullmatch(reference)
    if not parts or parts["experiment"] not in (None, run.experiment.id):
        return ABSENT
    items = run.items(parts["step"])
    place = int(parts["index"] or 1)
    found = items[place - 1].fields.get(parts["field"], ()) if place <= len(items) else ()
    if not found:
        return ABSENT
    name, value = parts["field"], found[0].value
    return guide.code(fields.word(name, value) or fields.show(name, value))
