"""A small lab made by hand, and runs of it made by hand: not captures, and not posing as any.

A client asks a server (packet 1); the server asks another, `upstream` times (2, 4 …), each answered (3, 5 …); then it answers.
"""

from dataclasses import dataclass
from pathlib import Path

from machinelab.align import align
from machinelab.errors import UsageError
from machinelab.model import Experiment, Lab, Question, Run, Step
from machinelab.worksheet import prose
from machinelab.worksheet.session import Session

from ..align.made import packet, trace

STEPS = (
    Step("ask", "client > server", "dns.flags.response == 0"),
    Step("up", "server > other", "dns.flags.response == 0", times=(0, None)),
    Step("down", reply_to="up", sees="dns.flags.response == 1", times=(0, None)),
    Step("answer", reply_to="ask", sees="dns.flags.rcode == 0"),
)
COLD = Experiment(
    "cold", "A question nobody has asked", (), STEPS, knobs={"n": "2"}, encloses=("ask", "answer")
)
WARM = Experiment("warm", "The same again", (), STEPS, encloses=("ask", "answer"))

PROSE = """# Toy

## How many questions go on?
<!-- question: upstream -->

How many questions does the *server* ask
while the client waits?

> Hint: Look at what leaves `server`.

> Hint: Count the packets from `server` to `other`.

- counts the replies too
  > Half of what you counted came back: see `@down.dns.id`.

One for each step down. The first had the id `@up.dns.id[2]`.

It could not have asked less.

## Who was asked?
<!-- question: who -->

Which node does the server ask?

> Hint: Read the second column.

- names who asked
  > The client asks; it is not asked.

The other one.

## Point at it
<!-- question: first -->

Which packet is a question to `other`?

> Hint: Both ends count.

- points at the first question of all
  > That one goes to the server.

Any of them.

## Why so quick?
<!-- question: why -->

Why did nothing go on?

> Hint: Look for packets to `other`.

- a) The network is quicker.
  > It is the same network.
- b) The server remembered.
- c) The client gave up.
  > It has its answer.

It remembered.
"""


def upstream(run: Run) -> int:
    return len(run.claims("up"))


QUESTIONS = (
    Question("why", "warm", "explain", lambda run: "b", needs=("answer",)),
    Question(
        "who",
        "cold",
        "predict",
        lambda run: "other",
        {"names who asked": lambda run: "client"},
        ("up",),
        ("up",),
    ),
    Question(
        "first",
        "cold",
        "observe",
        lambda run: frozenset(event.id for event in run.claims("up")),
        {"points at the first question of all": lambda run: frozenset({run.first("ask").id})},
    ),
    Question(
        "upstream",
        "cold",
        "predict",
        upstream,
        {"counts the replies too": lambda run: upstream(run) + len(run.claims("down"))},
        ("answer",),
        ("up",),
    ),
)
LAB = Lab("toy", (COLD, WARM), QUESTIONS)


def run_of(upstream: int, experiment: Experiment = COLD, *, answered: bool = True) -> Run:
    """A run in which the server asks on so many times."""
    events = [packet(1, "C>S", "a", dns__flags__response=False, dns__id=1)]
    for place in range(upstream):
        number = 2 + 2 * place
        events.append(packet(number, "S>O", number, dns__flags__response=False, dns__id=0x100 + number))
        events.append(
            packet(number + 1, "O>S", number, reply=True, dns__flags__response=True, dns__id=0x100 + number)
        )
    if answered:
        last = 2 + 2 * upstream
        events.append(
            packet(last, "S>C", "a", reply=True, dns__flags__response=True, dns__flags__rcode=0, dns__id=1)
        )
    made = trace(*events)
    return Run(experiment, made, align(made, experiment), experiment.defaults())


@dataclass(frozen=True)
class Opened:
    """What a Session grades from: a run and how it is spoken of."""

    run: Run
    origin: str


class Runs:
    """The runs a learner has: references at first, their own once `make` was called."""

    def __init__(self) -> None:
        self.have = {"cold": Opened(run_of(2), "reference"), "warm": Opened(run_of(0, WARM), "reference")}

    def __call__(self, experiment: str) -> Opened:
        if experiment not in self.have:
            raise UsageError(f"There is no reference capture of {experiment!r}.", "References: none yet.")
        return self.have[experiment]

    def make(self, experiment: str, upstream: int = 3) -> None:
        made = run_of(upstream if experiment == "cold" else 0, COLD if experiment == "cold" else WARM)
        self.have[experiment] = Opened(made, "run 7")


def session_of(runs: Runs, lab: Lab = LAB) -> Session:
    """The worksheet opened on these runs."""
    return Session(lab, prose.parse(PROSE, Path("worksheet.md")), runs)
