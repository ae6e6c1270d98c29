"""A field's value as a number, where a picture or an answer reckons with it."""

from machinelab.authoring import Event


def number(event: Event, name: str) -> int:
    """A field's first value as a number; 0 where it is absent."""
    value = next(iter(event.values(name)), 0)
    return int(value) if isinstance(value, int) else 0
