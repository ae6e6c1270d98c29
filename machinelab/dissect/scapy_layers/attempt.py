"""The one place where code of Scapy's layers is called on a stranger's bytes."""

from collections.abc import Callable
from typing import Any


class Failed(Exception):
    """A layer could not do what it was asked."""


def attempt(call: Callable[..., Any], *given: Any, **named: Any) -> Any:
    """What a layer's own code gives. Raises Failed, whatever it was that the layer raised.

    Each of Scapy's layers raises on some mutant of its packets, and each something else: struct.error, IndexError, KeyError,
    AttributeError, RecursionError, errors of its own. There is no narrower class that holds them.
    """
    try:
        return call(*given, **named)
    except Exception as error:  # noqa: BLE001
        raise Failed(type(error).__name__) from None


def pair(call: Callable[..., Any], *given: Any) -> tuple[Any, Any]:
    """The two things that a layer's own code gives. Raises Failed where it gives none."""
    found = attempt(call, *given)
    if not isinstance(found, tuple) or len(found) != 2:
        raise Failed("no pair")
    return found
