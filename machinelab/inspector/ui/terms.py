"""What a term means, from the glossary: type it, and it is laid over the panes."""

from collections.abc import Callable, Mapping

from ...analysis import terms
from ...errors import LabError
from .overlays import Overlays
from .prompting import Prompting
from .workspace import Workspace


class Terms:
    """Asks for a term, and shows what the glossary says of it."""

    def __init__(self, workspace: Workspace, overlays: Overlays, prompting: Prompting) -> None:
        self._workspace, self._overlays, self._prompting = workspace, overlays, prompting

    def actions(self) -> Mapping[str, Callable[[], object]]:
        """Action → what it does."""
        return {"term": self._ask}

    def _ask(self) -> None:
        from .complete import Offer

        names = terms.known()

        def complete(text: str, at: int) -> Offer:
            return Offer(0, tuple(name for name in names if name.casefold().startswith(text.casefold())))

        self._prompting.ask("term", self._show, completer=complete)

    def _show(self, word: str) -> None:
        from .prose import prose

        if not word:
            self._prompting.close()
            return
        try:
            found = terms.look_up(word)
        except LabError as error:
            self._prompting.complain(error)
            return
        self._prompting.close()
        text = "\n\n".join(
            f"**{entry.term}** ({', '.join((*entry.also, entry.part))}): {entry.text}" for entry in found
        )
        self._overlays.open(
            word, lambda width, pane: list(prose(text, min(width, 100), pane.terminal, pane.palette))
        )
