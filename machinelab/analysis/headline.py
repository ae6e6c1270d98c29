"""What happened in a run, in one sentence that its lab works out from the evidence, with the knobs that were turned."""

from dataclasses import dataclass

from ..model import Headline, Run

LONGEST = 300  # characters: what comes off a wire has no say in how long a headline is
# What a lab's function may stumble over where the evidence is not what it looks for. A defect of the function shows on the
# references, where `check` calls it without this net.
UNFIT = (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, AssertionError, StopIteration)


@dataclass(frozen=True, slots=True)
class Happened:
    """A run's headline: a whole sentence; `harm`: something was lost or an attack came through; `turned`: the knobs not at their defaults.

    `known` is False where the evidence does not show how the run ended, and the sentence says only that.
    """

    text: str
    harm: bool = False
    turned: tuple[str, ...] = ()
    known: bool = True

    @property
    def whole(self) -> str:
        """`Five acknowledged orders are gone. (acks=1)`"""
        return f"{self.text} ({', '.join(self.turned)})" if self.turned else self.text


def happened(run: Run) -> Happened | None:
    """What a run's evidence says happened; None where its experiment declares no headline."""
    tell = run.experiment.headline
    if tell is None:
        return None
    try:
        told = tell(run)
    except UNFIT:
        return Happened(_unknown(run), turned=turned(run), known=False)
    found = told if isinstance(told, Headline) else Headline(told)
    return Happened(_sentence(found.text), found.harm, turned(run))


def turned(run: Run) -> tuple[str, ...]:
    """The knobs that differ from their defaults, as `--set` takes them."""
    usual = run.experiment.defaults()
    return tuple(f"{name}={value}" for name, value in run.knobs.items() if value != usual.get(name, value))


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    cut = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return cut if cut.endswith((".", "…", "?")) else f"{cut}."


def _unknown(run: Run) -> str:
    missed = [missing.step.id for missing in run.alignment.missing if not missing.step.never]
    why = f": {missed[0]} was not seen" if missed else ""
    return f"How this ended cannot be told from the evidence{why}."
