"""What a term of the guides means, for whoever shows it: looked up in the glossary by any of its names."""

from .. import catalog, fields
from ..errors import UsageError, nearest
from ..guide.glossary import Entry, find, load, names

__all__ = ["Entry", "known", "look_up"]


def known() -> list[str]:
    """All that can be looked up, by the alphabet."""
    return sorted(names(load(catalog.glossary_file())), key=str.casefold)


def look_up(word: str) -> list[Entry]:
    """What the glossary has of a term. Raises UsageError, with the nearest spelling of a term or a field, if it has nothing."""
    if found := find(load(catalog.glossary_file()), word):
        return found
    raise UsageError(
        f"There is no field and no term {word!r}.",
        nearest(word.casefold(), [name.casefold() for name in known()])
        or nearest(word, list(fields.registry()))
        or "The terms are in guides/glossary.md; a field is explained by: machinelab explain LAB FIELD",
    )
