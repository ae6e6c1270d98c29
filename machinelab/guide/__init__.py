"""A guide: Markdown that reads well anywhere, whose headings are bound to steps by comments.

    ## The referral <!-- step: root-refers -->            (or the comment on the line below; several: a, b)
    The root does not know, but knows who does. …         the first sentence stands beside the packet
    - `dns.count.answers`: none …                         what that field means in this step
    Its id was `@cold/ask-root.dns.id`.                   the value in the reader's own trace
    ```packets cold ask-root..answer, farewell            real packets; the reader's own when there are some
    ```picture walk cold                                  a picture of the lab's; below it an image, the same as SVG

`<!-- step: cold/ask-root -->` is for one experiment, `<!-- background: arp -->` explains background traffic,
`<!-- experiment: cold -->` introduces an experiment. A section without a binding is part of the one above it; field
meanings outside of any are for the whole guide. Front matter (YAML): shelf, minutes, you will be able to, know before.
"""

from dataclasses import dataclass

from .. import fields
from .model import Fence, Guide, Link, Meaning, PictureFence, Reference, Section
from .reader import ids, introductions, load, parse
from .substitution import (
    Resolver,
    ValueResolver,
    code,
    substitute,
    substitute_plain,
    substitute_section,
    visible,
)

__all__ = [
    "Fence",
    "Guide",
    "GuideWords",
    "Link",
    "Meaning",
    "PictureFence",
    "Reference",
    "Resolver",
    "Section",
    "ValueResolver",
    "annotation",
    "code",
    "ids",
    "introductions",
    "load",
    "meaning",
    "own_meaning",
    "parse",
    "section",
    "substitute",
    "substitute_plain",
    "substitute_section",
    "visible",
    "words",
]


def section(guide: Guide, experiment: str, step: str) -> Section | None:
    """The section of a step (the experiment's own, if it has one) or of a background entry; None if there is none."""
    found = guide.by_step.get((experiment, step)) or guide.by_step.get(("", step))
    return found or guide.by_background.get(step)


def annotation(guide: Guide, experiment: str, step: str) -> str:
    """What stands beside a step's packet: its section's first sentence; empty if it has none."""
    found = section(guide, experiment, step)
    return found.sentence if found else ""


def own_meaning(
    guide: Guide, experiment: str, step: str, field: str, values: ValueResolver | None = None
) -> str:
    """What the guide says of a field: for this step, else for the experiment, else anywhere; empty if nothing.

    The value references in it are filled in from `values`.
    """
    for scope in ((experiment, step), ("", step), (experiment, ""), ("", "")):
        if found := guide.meanings.get((*scope, field)):
            return substitute_plain(found, values)
    return ""


def meaning(guide: Guide, experiment: str, step: str, field: str) -> str:
    """The same, or what the field registry says where the guide is silent."""
    kind = fields.registry().get(field)
    return own_meaning(guide, experiment, step, field) or (kind.meaning if kind else "")


@dataclass(frozen=True, slots=True)
class GuideWords:
    """A guide's words for one experiment, as renderers ask for them (analysis/words.py). `values` fills value references in."""

    guide: Guide
    experiment: str
    values: ValueResolver | None = None

    def sentence(self, step: str) -> str:
        """The annotation of a step or background entry."""
        return annotation(self.guide, self.experiment, step)

    def heading(self, step: str) -> str:
        """The heading of its section."""
        found = section(self.guide, self.experiment, step)
        return found.title if found else ""

    def meaning(self, step: str, field: str) -> str:
        """What the guide says of a field there; empty if nothing."""
        return own_meaning(self.guide, self.experiment, step, field, self.values)


def words(guide: Guide, experiment: str, values: ValueResolver | None = None) -> GuideWords:
    """The guide's words for one experiment, with its value references filled in from `values`."""
    return GuideWords(guide, experiment, values)
