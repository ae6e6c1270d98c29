"""The worksheet's question in the guide's place, answered by pointing or typing."""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import TYPE_CHECKING

from ...errors import LabError
from ...render.terminal import bare
from .commentary import Commentary
from .material import Material
from .prompting import Prompting
from .selection import Selection
from .status import Status
from .workspace import Workspace

if TYPE_CHECKING:
    from .question_page import QuestionPage


class Worksheet:
    """Opens the worksheet and answers its questions."""

    def __init__(
        self,
        selection: Selection,
        workspace: Workspace,
        status: Status,
        commentary: Commentary,
        prompting: Prompting,
    ) -> None:
        self._selection, self._workspace, self._status = selection, workspace, status
        self._commentary, self._prompting = commentary, prompting
        self.page: QuestionPage | None = None
        self.renew: Callable[[Material], None] = lambda material: None
        status.answering = self._offers
        self._whole: Material | None = None  # what is known of the run, while the evidence is shown blind

    def actions(self) -> Mapping[str, Callable[[], object]]:
        """Action → what it does."""
        return {
            "worksheet": self._toggle,
            "answer": lambda: self._prompting.ask("answer", self._answer),
            "hint": self._hint,
            "next_question": partial(self._turn, 1),
            "previous_question": partial(self._turn, -1),
        }

    @property
    def open(self) -> bool:
        """Whether it stands in the guide's place."""
        return self.page is not None

    def update(self) -> None:
        """Show the question, while there is one open; else the guide."""
        if self.page is None:
            self._commentary.update()
            return
        guide = self._workspace.guide
        try:
            guide.set_text(self.page.text(), self.page.standing(), "worksheet")
        except LabError as error:
            guide.set_text(f"{error.message} {error.hint}", "", "worksheet")

    def point(self) -> bool:
        """Answer with the packet under the cursor; whether a packet is asked for."""
        event = self._selection.event
        if self.page is None or event is None or not (self.page.question and self.page.pointing()):
            return False
        self.page.answer(event.id)
        self._answered()
        return True

    def _toggle(self) -> None:
        """Its question in the guide's place, or the guide again."""
        if self.page:
            self.page = None
            self._blind()
            self.update()
            self._status.update()
            return
        try:
            self._open()
        except LabError as error:
            self.page = None
            self._status.fail(error)

    def _open(self) -> None:
        from .question_page import QuestionPage

        session = (self._whole or self._selection.material).session()
        if session is None:
            self._status.say("There is no worksheet for this.")
            return
        self.page = QuestionPage(session, self._selection.view.experiment.id)
        self.page.start()
        if "guide" in self._workspace.preferences.folded:
            self._workspace.unfold("guide")
            self._workspace.rearrange()
        self._blind()
        self.update()
        self._status.update()

    def _answer(self, text: str) -> None:
        """Grade what was typed."""
        self._prompting.close()
        if self.page and text:
            self.page.answer(text)
            self._answered()

    def _hint(self) -> None:
        if self.page:
            self.page.hint()
            self._answered()

    def _turn(self, by: int) -> None:
        if self.page:
            self.page.turn(by)
            self._blind()
            self.update()
            self._status.update()

    def _blind(self) -> None:
        """While a question is open, nothing on the screen tells what a packet is; once it is answered, everything does."""
        question = self.page.question if self.page else None
        unanswered = (
            self.page is not None
            and question is not None
            and not self.page.session.progress.right(question.id)
        )
        if unanswered and self._whole is None:
            self._whole = self._selection.material
            self.renew(self._whole.blind())
        elif not unanswered and self._whole is not None:
            whole, self._whole = self._whole, None
            self.renew(whole)

    def _answered(self) -> None:
        """Show how the reply fared: below the question's title, and once more where remarks stand."""
        self._blind()
        self.update()
        self._workspace.guide.scroll_to_line(0)
        if self.page and self.page.verdict:
            self._status.say(bare(self.page.verdict))

    def _offers(self) -> Collection[str]:
        """The actions that the open question offers; none while the guide is shown."""
        if self.page is None or self.page.question is None:
            return ()
        if self.page.obstacle():
            return ("next_question",)
        return (
            "point" if self.page.pointing() else "answer",
            *(("hint",) if self.page.more_hints else ()),
            *(("next_question",) if len(self.page.questions) > 1 else ()),
        )
