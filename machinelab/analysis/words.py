"""The guide's words beside the packets: what a renderer asks of a guide, without knowing how guides are written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from .. import fields


class Words(Protocol):
    """What a guide has to say. Plain text, one paragraph each; an empty string where it says nothing."""

    def sentence(self, step: str) -> str:
        """The annotation shown beside a step's packet: the first sentence of its section. Background ids have one too."""
        ...

    def heading(self, step: str) -> str:
        """The heading of the step's section."""
        ...

    def meaning(self, step: str, field: str) -> str:
        """What the guide says of a field in this step; with step "", or where the step says nothing, in the whole lab."""
        ...


@dataclass(frozen=True, slots=True)
class Phrases:
    """Words from plain tables. `meanings` is (step, field) → text, with step "" for the whole lab."""

    sentences: Mapping[str, str] = field(default_factory=dict)
    headings: Mapping[str, str] = field(default_factory=dict)
    meanings: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def sentence(self, step: str) -> str:
        """See Words."""
        return self.sentences.get(step, "")

    def heading(self, step: str) -> str:
        """See Words."""
        return self.headings.get(step, "")

    def meaning(self, step: str, field: str) -> str:
        """See Words."""
        return self.meanings.get((step, field)) or self.meanings.get(("", field), "")


SILENT: Words = Phrases()
"""A guide that says nothing: packets without one are listed plainly."""


def meaning_of(words: Words, steps: tuple[str, ...], name: str) -> tuple[str, bool]:
    """What a field means in the first of these steps that says so, and whether the guide said it (else the registry does)."""
    for step in (*steps, ""):
        if said := words.meaning(step, name):
            return said, True
    kind = fields.registry().get(name)
    return (kind.meaning if kind else ""), False
