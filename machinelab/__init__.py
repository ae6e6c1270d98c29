"""machinelab: real servers in containers, real packets, each explained by the guide.

`machinelab.open("dns", "cold")` gives a run to Python; see machinelab.api.
"""

TYPE_CHECKING = False  # typing's own costs as much to import as all else here
if TYPE_CHECKING:
    from .api import AnnotatedEvent, AnnotatedRun, open

__all__ = ["AnnotatedEvent", "AnnotatedRun", "__version__", "open"]
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """What reads evidence is imported when it is asked for: 0.2 s of a processor."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import api

    return getattr(api, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
