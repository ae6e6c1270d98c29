"""What the worksheet asks."""

from machinelab.authoring import Question

QUESTIONS: tuple[Question, ...] = ()
