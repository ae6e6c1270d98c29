from machinelab.authoring import Question

QUESTIONS: tuple[Question, ...] = ()
