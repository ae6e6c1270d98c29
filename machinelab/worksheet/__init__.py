"""Worksheets: predict first, then run, then answer; graded from your own packets.

    prose     labs/<id>/worksheet.md → a section per question, and what is wrong with the file
    values    `@step.field` in that prose → the value in the learner's own trace
    desk      the lab's questions, their prose, the learner's runs and answers kept, on one desk
    script    all questions as text; answers given on the command line
    console   the terminal it is held in
    sitting   one question after another in the terminal
    audit     what an author has left to mend

The questions' answers are functions in labs/<id>/lab.py, and `machinelab.grade` asks them.
"""
