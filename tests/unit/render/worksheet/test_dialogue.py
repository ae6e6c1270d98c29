"""A sitting is held by feeding it what a learner types, and reading what it says."""

import io
import json
from dataclasses import replace

import pytest

from machinelab.errors import EngineError
from machinelab.render.terminal import TerminalStyle
from machinelab.render.worksheet import dialogue
from machinelab.store import answers

from ...worksheet.made import LAB, QUESTIONS, Runs, session_of


def hold(typed, runs, *, run="make", packets=True, lab=LAB, terminal=None):
    """(score, what was said) of a dialogue in which these lines are typed; then the input ends."""
    out = io.StringIO()
    perform = runs.make if run == "make" else run
    listing = (lambda experiment: [f"<packets of {experiment}>"]) if packets else None
    views = dialogue.Views(listing, lambda experiment: [f"<ladder of {experiment}>"])
    source = io.StringIO("".join(line + "\n" for line in typed))
    score = dialogue.hold(
        session_of(runs, lab),
        source,
        out,
        terminal or TerminalStyle(width=1000),
        run=perform,
        views=views,
    )
    assert source.read() == "" or "q" in typed, "a line was not asked for"
    return score, out.getvalue()


COLD_THEN_WARM = [
    "other",
    "3",
    "",
    "4",
    "r",
    "b",
]  # predict, predict, run it; observe; the reference of warm; explain


def test_from_start_to_end():
    score, said = hold(COLD_THEN_WARM, Runs())
    assert (score.right, score.first_time, score.questions, score.finished) == (4, 4, 4, True)
    places = [
        said.index(text) for text in ("1 of 4 Who was asked?", "2 of 4", "Now run: machinelab run toy cold")
    ]
    places += [said.index(text) for text in ("You predicted: 3", "It could not have", "3 of 4 Point")]
    assert places == sorted(places)
    assert "It could not have asked less." in said and "The first had the id 0x0104." in said
    assert "4 of 4 right, 4 at the first try." in said


def test_a_prediction_is_kept_until_its_run_and_graded_when_the_sheet_is_opened_again():
    runs = Runs()
    score, said = hold(["other", "3", "q"], runs)
    assert "Kept. It is graded when the experiment has run." in said and not score.finished
    assert answers.load("toy").answers["upstream"] == answers.Kept("3")
    runs.make("cold")
    score, said = hold(["q"], runs)
    assert "You predicted: 3" in said and score.right == 2


def test_a_wrong_prediction_is_asked_again_with_the_packets():
    runs = Runs()
    score, said = hold(["other", "6", "", "3", "q"], runs)
    assert "You predicted: 6" in said and "Half of what you counted came back: see 0x0102" in said
    assert said.index("You predicted: 6") < said.rindex("2 of 4 How many questions go on?")
    assert said.index("Predict, before you run it.") < said.index("Answer from the packets now.")
    assert answers.load("toy").answers["upstream"].first is False
    assert (score.right, score.first_time) == (2, 1)


def test_a_wrong_reply_may_be_tried_again():
    runs = Runs()
    runs.make("cold")
    score, said = hold(["client", "other", "3", "1", "2", "r", "a", "c", "b"], runs)
    assert "The client asks; it is not asked." in said and "Packet 1 of run 7 is ask." in said
    assert "It is the same network." in said and "It has its answer." in said
    assert (score.right, score.first_time) == (4, 1)
    assert answers.load("toy").answers["why"].tries == 3


def test_what_is_malformed_counts_as_nothing():
    runs = Runs()
    runs.make("cold")
    _, said = hold(["other", "four", "3", "99", "first", "q"], runs)
    assert "'four' is not one number. Give a number, like 7 or 0.3 s." in said
    assert "This run has no packet 99: it has 1 to 8." in said
    kept = answers.load("toy").answers
    assert kept["upstream"].tries == 1 and "first" not in kept


def test_a_malformed_prediction_is_asked_for_again_at_once():
    _, said = hold(["other", "many", "3"], Runs())
    assert "'many' is not one number" in said
    assert answers.load("toy").answers["upstream"].reply == "3"


def test_hints_come_one_by_one_and_are_counted():
    runs = Runs()
    runs.make("cold")
    _, said = hold(["other", "?", "?", "?", "3", "q"], runs)
    assert (
        said.index("Hint: Look at what leaves")
        < said.index("Hint: Count the packets")
        < said.index("no more hints")
    )
    assert answers.load("toy").answers["upstream"].hints == 2


def test_packets_are_shown_but_not_before_a_prediction():
    runs = Runs()
    _, said = hold(["p", "q"], runs)
    assert "Not yet: a prediction is made before looking." in said and "<packets" not in said
    runs.make("cold")
    assert "<packets of cold>" in hold(["p", "q"], runs)[1]
    assert "<ladder of cold>" in hold(["l", "q"], runs)[1]
    assert "The inspector needs a terminal" in hold(["i", "q"], runs)[1]
    assert "See them with: machinelab packets toy cold" in hold(["p", "q"], runs, packets=False)[1]


def test_a_skipped_question_is_named_at_the_end_and_asked_the_next_time():
    runs = Runs()
    runs.make("cold"), runs.make("warm")
    score, said = hold(["s", "3", "2", "b"], runs)
    assert score.finished and score.right == 3
    assert "Skipped: who.\n" in said and "Go on with: machinelab worksheet toy" in said
    score, said = hold(["other"], runs)
    assert score.right == 4 and "2 of 4" not in said


def test_a_sheet_is_taken_up_where_it_was_left():
    runs = Runs()
    runs.make("cold"), runs.make("warm")
    hold(["s", "3", "q"], runs)
    assert answers.load("toy").at == "first"
    _, said = hold(["2", "b", "other"], runs)
    assert said.index("3 of 4") < said.index("4 of 4") < said.index("1 of 4 Who")


def test_the_run_may_wait_and_its_questions_with_it():
    score, said = hold(["other", "3", "s", "r", "b"], Runs())
    assert score.right == 1 and "Skipped: who, upstream, first." in said
    assert answers.load("toy").answers["upstream"].ok is None


def test_a_run_that_fails_is_told_of_and_offered_again():
    def fail(experiment):
        raise EngineError("dns is not up.", "Start it: machinelab up dns")

    score, said = hold(["other", "3", "", "r", "q"], Runs(), run=fail)
    assert "dns is not up. Start it: machinelab up dns" in said and "There is no run of cold yet." in said
    assert "Then the packets are those of the shipped reference." in said
    assert score.right == 1, "the reference asks on twice, not three times"


def test_a_run_made_elsewhere_is_found():
    runs = Runs()
    session = session_of(runs)
    assert not session.own("cold")
    runs.make("cold")
    session.forget("cold")
    assert session.own("cold")
    _, said = hold(["q"], Runs(), run=None)
    assert "right" in said


def test_a_finished_sheet_says_so_and_may_be_gone_through_again_without_losing_anything():
    runs = Runs()
    hold(COLD_THEN_WARM, runs)
    score, said = hold(["n"], runs)
    assert "Finished. Go through it again? [y/N]" in said and score.finished
    score, said = hold(["y", "client", "q"], runs)
    assert "The client asks; it is not asked." in said and score.right == 4


@pytest.mark.parametrize(
    "typed", [[], ["other"], ["other", "3"], ["other", "3", ""], ["other", "3", "", "4"]]
)
def test_the_end_of_the_input_ends_it_wherever_it_comes_and_all_is_kept(typed):
    score, said = hold(typed, Runs())
    assert not score.finished and "All is kept. Go on with: machinelab worksheet toy" in said
    kept = answers.load("toy").answers
    assert len([entry for entry in kept.values() if entry.reply]) == len([text for text in typed if text])


def test_ctrl_c_ends_it_as_q_does():
    class Interrupted(io.StringIO):
        def readline(self, *args):
            line = super().readline(*args)
            if not line:
                raise KeyboardInterrupt
            return line

    out = io.StringIO()
    dialogue.hold(session_of(Runs()), Interrupted("other\n"), out, TerminalStyle())
    assert "All is kept." in out.getvalue()
    assert answers.load("toy").answers["who"].reply == "other"

    def interrupted(experiment):
        raise KeyboardInterrupt

    _, said = hold(["3", ""], Runs(), run=interrupted)
    assert "All is kept." in said


def test_a_question_that_its_run_cannot_answer_is_passed_over_with_its_reason():
    runs = Runs()
    runs.make("cold", 0), runs.make("warm")
    score, said = hold(["b"], runs)
    assert "2 of 4 How many questions go on?" in said and "would come out right too" in said
    assert "the step up, which this run does not show" in said
    assert "Not asked of these runs: who, upstream, first." in said and score.right == 1


def test_no_run_and_no_reference_is_no_traceback():
    runs = Runs()
    del runs.have["cold"], runs.have["warm"]
    score, said = hold(["other", "what I think", "r", "s"], runs, run=None)
    assert "There is no reference capture of 'cold'." in said and score.right == 0


def test_a_question_that_its_author_broke_stops_nothing():
    def fails(run):
        raise RuntimeError("boom")

    lab = replace(LAB, questions=tuple(replace(q, answer=fails) if q.id == "who" else q for q in QUESTIONS))
    runs = Runs()
    runs.make("cold"), runs.make("warm")
    score, said = hold(["3", "2", "b"], runs, lab=lab)
    assert "its answer raised RuntimeError: boom" in said and score.right == 3


def test_a_lab_without_questions_says_so():
    assert "has no questions yet" in hold([], Runs(), lab=replace(LAB, questions=()))[1]


def test_an_empty_line_tells_the_keys():
    assert hold(["", "q"], Runs())[1].count("? a hint") == 2


def test_a_damaged_file_is_told_of():
    path = answers.file_of("toy")
    path.parent.mkdir(parents=True)
    path.write_text("{")
    assert "default.json.damaged-1" in "".join(hold(["q"], Runs())[1].split())


def test_what_was_typed_cannot_move_the_cursor_and_lines_fit():
    runs = Runs()
    _, said = hold(["\x1b[2Jother", "3", "", "q"], runs, terminal=TerminalStyle(width=50))
    assert "\x1b" not in said and "\\x1b[2Jother" in said
    assert max(len(line.split("> ")[-1]) for line in said.splitlines()) <= 50


def test_what_is_kept_is_json_that_a_person_can_read():
    hold(["other", "3", "", "q"], Runs())
    data = json.loads(answers.file_of("toy").read_text())
    assert (
        data["answers"]["upstream"] | {"reply": "3", "ok": True, "packets": ["2", "4", "6"]}
        == data["answers"]["upstream"]
    )
