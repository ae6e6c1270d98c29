"""What an experiment is made of: commands, evidence to gather, knobs, and the steps that its guide promises."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .evidence import Value


@dataclass(frozen=True, slots=True)
class At:
    """A command on a node, run without a shell. `{knob}` is filled in after the words are split, so a value stays one word.

    `background` commands are started, and ended with the run. `exits` are the exit codes that are no failure: with any other,
    a run is not ok. In `reset`, `warm_up` and `after`, a `parallel` command runs at the same time as the one before it.
    """

    node: str
    command: str
    background: bool = False
    exits: tuple[int, ...] = (0,)
    parallel: bool = False


@dataclass(frozen=True, slots=True)
class Gather:
    """Evidence that is no packet, fetched when a run has ended: what `command` writes on `node`, read as `kind`.

    `kind` names a module of `sources/`. "keys" are the TLS secrets that the node logged (the NSS key log format), which
    the packets are read with. `{knob}` is filled in as in `At`; `{started}` is when the run began, in seconds since the epoch.
    """

    node: str
    kind: str
    command: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A knob with a closed set of values; the first is the default."""

    options: tuple[str, ...]

    @property
    def default(self) -> str:
        """The value used when `--set` says nothing."""
        return self.options[0]


@dataclass(frozen=True, slots=True)
class Text:
    """A knob that takes any text of a form: `form` is a regular expression for the whole of it, `takes` says to a reader what it allows."""

    default: str
    form: str
    takes: str

    def accepts(self, value: str) -> bool:
        """Whether the knob can be turned to it."""
        return re.fullmatch(self.form, value) is not None


Knob = str | Choice | Text
"""A knob by its default: any text, one of some values, or text of a form."""


TIME = "frame.time_epoch"
"""When an event was seen, in nanoseconds; of evidence that is no packet, too."""


class Equality(NamedTuple):
    """A field of a step's message that must equal the field `other` of the message that `step` claimed.

    Or it must be in another `relation` to it: "differs"; "less"; "more"; "after", by `wait` nanoseconds at least.
    """

    field: str
    step: str
    other: str
    relation: str = "same"
    wait: int = 0

    def holds(self, values: Sequence[Value], others: Sequence[Value]) -> bool:
        """Whether the one message's values are so, held against the other's. Nothing is equal to nothing, less or more."""
        if self.relation == "same":
            return bool(values) and values == others
        if self.relation == "differs":
            return bool(values) and bool(others) and values != others
        return len(values) == len(others) > 0 and all(
            isinstance(one, int | float) and isinstance(other, int | float) and self._is_so(one, other)
            for one, other in zip(values, others, strict=True)
        )

    def _is_so(self, one: float, other: float) -> bool:
        if self.relation == "after":
            return one - other >= self.wait
        return one < other if self.relation == "less" else one > other


class Alone(NamedTuple):
    """A message that the guide knows by itself: what it is called then, and a display filter that is enough to know it."""

    id: str
    sees: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing the guide says happens.

    `hop` is "from > to" in node names: `a|b` for one of several, `any` for whoever; or a single node for evidence that
    does not travel. A packet that routers pass on is one packet: "alice > server" names the ends of its way, "alice > nat-a
    > server" the way. `sees` is a display filter. `reply_to` names the step whose reply this is (then `hop` is not needed).
    `times` is how often at least and at most (None: no limit); (0, 0) means *never*. Steps of one `track` are in order;
    tracks run side by side. `when` is a condition on knobs ("type != A").

    `same` are fields that must equal those of another step's message: a name, or several, equal to the request's in a step
    with `reply_to` (an echo and what it echoes); or {"icmp.seq": "ask"}, equal to the field of the message that step `ask`
    claimed, and {"ntp.org": "ask.ntp.xmt"}, equal to another field of it.

    `differs` are fields that both messages have, with other values, told in the same ways: {"udp.dstport": "ask"};
    `less` are numbers that must be smaller than in another step's message, {"dns.resp.ttl": "first"};
    `more` are numbers that must be greater. `after` are seconds that must have passed at least since another step's message:
    {"ask": 0.2}, for a timeout, or a later time.

    `alone` is the same message wherever it is met, whoever sent it and whatever came before: Alone("query", FILTER). With that
    filter the step's sentence holds by itself, and stands beside a message of a capture that is none of the lab's experiments.
    Its id is bound to the step's section, or to one of its own; it is the step's own id if that names nobody.

    A message in several pieces (fragments, chunks, lines of a log) is claimed as one: the first piece meets `sees`, all others
    `pieces`; they come from the same sender in the same conversation (lines: from the same log), until another message
    begins. `whole` is a field with one value in all pieces of a message ("http2.streamid"); with `whole` alone the other
    pieces meet `sees` as the first one does.
    """

    id: str
    hop: str = ""
    sees: str = ""
    reply_to: str = ""
    times: tuple[int, int | None] = (1, 1)
    track: str = ""
    when: str = ""
    same: str | tuple[str, ...] | Mapping[str, str] = ()
    pieces: str = ""
    whole: str = ""
    differs: Mapping[str, str] = field(default_factory=dict, hash=False)
    less: Mapping[str, str] = field(default_factory=dict, hash=False)
    more: Mapping[str, str] = field(default_factory=dict, hash=False)
    after: Mapping[str, float] = field(default_factory=dict, hash=False)
    alone: Alone | None = None

    @property
    def equalities(self) -> tuple[Equality, ...]:
        """The fields of `same`, `differs`, `less`, `more` and `after`, each with the step and the field that it is held against.

        Without `reply_to`, a bare name has no step.
        """
        waits = (
            Equality(TIME, step, TIME, "after", round(seconds * 1e9)) for step, seconds in self.after.items()
        )
        others = (("differs", self.differs), ("less", self.less), ("more", self.more))
        return (*self._same, *(each for name, of in others for each in _relations(of, name)), *waits)

    @property
    def related(self) -> bool:
        """Whether its message is held against another step's."""
        return bool(self.same or self.differs or self.less or self.more or self.after)

    @property
    def _same(self) -> tuple[Equality, ...]:
        if isinstance(self.same, Mapping):
            return _relations(self.same)
        names = (self.same,) if isinstance(self.same, str) else self.same
        return tuple(Equality(name, self.reply_to, name) for name in names if name)

    @property
    def never(self) -> bool:
        """Whether the step says what must not happen."""
        return self.times[1] == 0

    @property
    def optional(self) -> bool:
        """Whether its absence is no difference from the guide."""
        return self.times[0] == 0


def _relations(fields: Mapping[str, str], relation: str = "same") -> tuple[Equality, ...]:
    parts = ((name, *other.partition(".")) for name, other in fields.items())
    return tuple(Equality(name, step, field or name, relation) for name, step, _, field in parts)


@dataclass(frozen=True, slots=True)
class Background:
    """Traffic that is known and explained, but no step of the experiment."""

    id: str
    sees: str
    hop: str = ""


@dataclass(frozen=True, slots=True)
class Headline:
    """What happened in a run, as one sentence without its full stop.

    `harm`: something was lost, or an attack came through. That is no difference from the guide, where the experiment is about it.
    """

    text: str
    harm: bool = False


@dataclass(frozen=True, slots=True)
class Experiment:
    """Commands run on nodes, knobs, and the steps the guide says they take.

    `reset` runs before the tap listens, `run` while it does, until the step `until` is seen and every open exchange is
    answered, or `limit` seconds are over; then `gather` fetches what else there is to see, and `after` puts things right. `encloses` names the step that opens a window and the reply that closes it.

    `telling` are steps that no other experiment of the lab has: where all of them are seen, a capture from elsewhere is this
    experiment though it lacks other evidence and what one of its nodes could not see. Without them it must have all.

    `headline` is given a Run and says what happened, from its evidence: never from what should have been. Where it needs a step that was not
    seen, it raises KeyError, as `Run.first` does.
    """

    id: str
    title: str
    run: tuple[At, ...]
    steps: tuple[Step, ...]
    reset: tuple[At, ...] = ()
    gather: tuple[Gather, ...] = ()
    after: tuple[At, ...] = ()
    until: str = ""
    limit: float = 20.0
    knobs: Mapping[str, Knob] = field(default_factory=dict)
    encloses: tuple[str, str] | None = None
    background: tuple[Background, ...] = ()
    variant_of: str = ""
    telling: tuple[str, ...] = ()
    headline: Callable[[Any], Headline | str] | None = field(default=None, compare=False)

    def defaults(self) -> dict[str, str]:
        """The knobs as they stand when nobody turns them."""
        return {name: knob if isinstance(knob, str) else knob.default for name, knob in self.knobs.items()}

    def refusal(self, knob: str, value: str) -> str:
        """What a knob takes, where it does not take this value; empty if it does."""
        match self.knobs.get(knob):
            case Choice(options) if value not in options:
                return f"Choose one of: {', '.join(options)}."
            case Text() as text if not text.accepts(value):
                return text.takes
        return ""
