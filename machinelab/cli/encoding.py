"""Output in whatever encoding the terminal or the pipe has: what it lacks is written by its likeness, and ends no command."""

import codecs
import sys

LIKENESS = "machinelab-likeness"
"""The name of the error handler (PEP 293): → becomes ->, other characters are spelt out."""


def soften() -> None:
    """Have standard output and error write what their encoding lacks by its likeness. UTF-8 lacks nothing, and stays as it is."""
    for stream in (sys.stdout, sys.stderr):
        encoding = (getattr(stream, "encoding", None) or "utf-8").lower().replace("-", "").replace("_", "")
        reconfigure = getattr(stream, "reconfigure", None)
        if encoding != "utf8" and reconfigure is not None:
            codecs.register_error(LIKENESS, likeness)
            reconfigure(errors=LIKENESS)


def likeness(error: UnicodeError) -> tuple[str, int]:
    """What stands for the characters that could not be encoded, and where to go on. Raises any other error again."""
    from ..render.escape import ascii_only  # needed only where a sign is lacking

    if not isinstance(error, UnicodeEncodeError):
        raise error
    return ascii_only(error.object[error.start : error.end]), error.end
