"""Worksheets: predict first, then run, then answer; graded from your own packets.

    prose     labs/<id>/worksheet.md → a section per question, and what is wrong with the file
    values    `@step.field` in that prose → the value in the learner's own trace
    replies   what a learner types, compared with an answer
    grading   question × run × reply → a finding that cites packets
    session   the lab's questions, their prose, the learner's runs and the answers kept
    audit     what an author has left to mend

The questions' answers are functions in labs/<id>/; `grading` calls them. How a worksheet is shown stands in render/worksheet/.
"""
