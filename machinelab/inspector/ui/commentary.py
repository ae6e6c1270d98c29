"""What the guide's pane says about the packet under the cursor."""

from collections.abc import Iterator, Sequence

from ...analysis.view import EventRow, noun
from .pending import Pending, meanwhile
from .selection import Selection
from .workspace import Workspace

_AGAIN = {
    False: "Asked again: the one before had no reply yet.",
    True: "Answered again: the question had been asked again, and this answers one of the two.",
}


class Commentary:
    """The guide's section for the packet, below what is particular about it."""

    def __init__(self, selection: Selection, workspace: Workspace, pending: Sequence[Pending]) -> None:
        self._selection, self._workspace, self._pending = selection, workspace, pending

    def update(self) -> None:
        """Show what there is to say of the packet."""
        row = self._selection.row if self._workspace.tree.row is not None else None
        if row is None:
            return
        ids = list(dict.fromkeys(step.id for step, _ in row.steps)) or (
            [row.background] if row.background else []
        )
        texts = [text for id in ids if (text := self._selection.material.section(id))]
        said = "\n\n".join([*self._remarks(row), *texts]) or self._unexplained(row)
        self._workspace.guide.set_text(said, ", ".join(ids))

    def _remarks(self, row: EventRow) -> list[str]:
        """What is particular about this packet: what it failed, that it is a part, or comes again."""
        said = [
            f"**Not as the guide says.** {missing.reason}"
            for missing in self._selection.view.alignment.missing
            if missing.near and missing.near.item.event.id == row.event.id
        ]
        does = "begins" if row.whole in self._selection.view.pieces else "completes"
        said += [f"A part of the message that {noun(row.whole)} {row.whole} {does}."] if row.whole else []
        said += [_AGAIN[row.answers]] if row.retry else []
        said += self._doubts(row)
        said += self._end(row)
        return said

    def _end(self, row: EventRow) -> Iterator[str]:
        """What happened, at the last packet that is a step's."""
        view = self._selection.view
        last = max((item.event.time for claim in view.alignment.claims for item in claim.items), default=-1)
        if view.happened and row.steps and row.event.time == last:
            yield f"**What happened.** {view.happened.whole}"

    def _doubts(self, row: EventRow) -> Iterator[str]:
        """What is likely, not certain: an order that clocks cannot settle, a way that equal packets could have taken."""
        ids = {step.id for step, _ in row.steps}
        for pair in self._selection.view.alignment.undecided:
            if ids & set(pair):
                yield f"Which came first, {' or '.join(pair)}, is undecided: they are closer than the clocks can tell."
        from ...fields.sighting import CERTAIN

        if row.event.sightings and (sure := row.event["sighting.sure"]) not in CERTAIN:
            from ...fields import word

            yield f"Its way is likely, not certain: {word('sighting.sure', sure).lower()}."

    def _unexplained(self, row: EventRow) -> str:
        """What is said of a packet that has no section of its own."""
        if under_way := meanwhile(self._pending):
            return under_way
        if self._selection.view.blind:
            return "A question is open. What the guide says of this packet is shown once it is answered."
        if row.state == "carrier":
            return "It carries a message's stream: it opens, acknowledges or closes the connection that the messages above go through."
        if row.state == "unclaimed":
            return "**No step of the guide explains this packet.** Compare it with its neighbours: `r` goes to its reply, `f` shows the conversation."
        if not self._selection.view.lab:
            return "No guide is open. `--guide LAB` reads this capture against one: `machinelab list` shows those there are."
        return self._selection.material.section("") or "The guide does not speak of this packet."
