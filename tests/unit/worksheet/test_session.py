"""A worksheet that is being worked on: what is worked out once, and what a newer run changes."""

from dataclasses import replace

from machinelab.model import Lab

from .made import LAB, Runs, session_of


def counting(called: list[str]) -> Lab:
    """The lab, whose functions say when they are called."""

    def counted(name, function):
        return lambda run: called.append(name) or function(run)

    questions = tuple(
        replace(
            question,
            answer=counted(f"{question.id}", question.answer),
            wrong={name: counted(f"{question.id}: {name}", twin) for name, twin in question.wrong.items()},
        )
        for question in LAB.questions
    )
    return replace(LAB, questions=questions)


def test_a_session_works_an_answer_out_once_whatever_is_asked_and_again_for_a_newer_run():
    called: list[str] = []
    runs = Runs()
    session = session_of(runs, counting(called))
    question = session.question("upstream")
    for reply in ("4", "2", "17"):
        assert session.obstacle(question) == ""
        session.check(question, reply)
        session.keep({question.id: (reply, session.grade(question, reply))})
    assert len(called) == len(set(called)) == 1 + len(question.wrong)
    runs.make("cold")
    session.forget("cold")
    assert session.grade(question, "3").ok
    assert len(called) == 2 * (1 + len(question.wrong))
