"""The worksheet's question in the guide's place, answered by pointing or typing."""

from dataclasses import replace
from typing import TYPE_CHECKING

from ...errors import LabError
from .pictures import Pictures

if TYPE_CHECKING:
    from .sitting import Sitting


class Desked(Pictures):
    """What keys do while a worksheet is open."""

    sitting: "Sitting | None" = None

    def _do_worksheet(self) -> None:
        """Its question in the guide's place, or the guide again."""
        if self.sitting:
            self.sitting = None
            self.tell_page()
            self.bars()
            return
        from .sitting import Sitting

        try:
            desk = self.material.desk()
            if desk is None:
                self.say("There is no worksheet for this.")
                return
            self.sitting = Sitting(desk, self.material.view.experiment.id)
            self.sitting.start()
            if "guide" in self.shares.folded:
                self.shares = replace(
                    self.shares, folded=tuple(n for n in self.shares.folded if n != "guide")
                )
                self.rearrange()
            self.tell_page()
        except LabError as error:
            self.sitting = None
            self.fail(error)

    def tell_page(self) -> None:
        """The question, while there is one open; else the guide."""
        if self.sitting is None:
            super().tell_page()
            return
        try:
            self.page.tell(self.sitting.text(), self.sitting.standing(), "worksheet")
        except LabError as error:
            self.page.tell(f"{error.message} {error.hint}", "", "worksheet")

    def _do_point(self) -> None:
        """This packet is the answer, where a packet is asked for; else look into it."""
        event = self.event
        if self.sitting and event and self.sitting.question and self.sitting.pointing():
            self.sitting.answer(event.id)
            self._answered()
        elif self.here == "tree":
            self._do_toggle()
        else:
            self._do_into()

    def _do_answer(self) -> None:
        """Type an answer."""
        self.ask("answer", "answer")

    def asked_answer(self, text: str) -> None:
        """Grade it."""
        self.close_prompt()
        if self.sitting and text:
            self.sitting.answer(text)
            self._answered()

    def _do_hint(self) -> None:
        """One more hint."""
        if self.sitting:
            self.sitting.hint()
            self._answered()

    def _do_next_question(self) -> None:
        """The next."""
        self._turn_question(1)

    def _do_previous_question(self) -> None:
        """The one before."""
        self._turn_question(-1)

    def _turn_question(self, by: int) -> None:
        if self.sitting:
            self.sitting.turn(by)
            self.tell_page()

    def _answered(self) -> None:
        self.tell_page()
        self.page.scroll_to_line(self.page.count())
