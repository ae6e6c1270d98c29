"""Worksheets: the questions' prose, replies compared with answers, grades from your own packets.

    prose         labs/<id>/worksheet.md → a section per question, and what is wrong with the file
    prose_values  `@step.field` in that prose → the value in the learner's own trace
    replies       a reply compared with an answer: tolerance, units, accepted spellings
    grading       question × run × reply → right or wrong, with the packets to cite
    session       the lab's questions, their prose, the learner's runs and the answers kept
    audit         what an author has left to mend

The questions' answers are functions in labs/<id>/; `grading` calls them. How a worksheet is shown stands in render/worksheet/.
"""
