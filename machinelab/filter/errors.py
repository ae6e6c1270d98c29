"""The error of a filter that cannot be understood, shown with a caret under the place.

The messages stand where each is found: characters and strings in lexer.py, order of words in parser.py, fields, knobs and functions
in terms.py, values and operators in build.py and literals.py, types and patterns in checks.py.
"""

from ..errors import UsageError


class FilterError(UsageError):
    """A filter that makes no sense; `position` (from 0) is where in `text` it stops doing so."""

    def __init__(self, message: str, text: str, position: int, hint: str = "") -> None:
        super().__init__(message, hint)
        self.text = text
        self.position = min(position, len(text))

    def caret(self) -> str:
        """The filter with a caret below the place: two lines."""
        # Tabs and line breaks would move the caret.
        shown = "".join(" " if char.isspace() else char for char in self.text)
        return f"    {shown}\n    {' ' * self.position}^"

    def __str__(self) -> str:
        lines = [self.message, self.caret()]
        return "\n".join([*lines, self.hint] if self.hint else lines)
