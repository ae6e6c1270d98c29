"""A lab's worksheet as a page: its questions, and every known reply sealed."""

import json
from itertools import groupby

from ... import catalog
from ...model import Question
from ...render.site import pages
from ...render.site.entries import GuideEntry, Site
from ...render.worksheet import script
from ...worksheet import prose, sealing
from ...worksheet.prose_values import resolve
from ...worksheet.session import Session
from .evidence import LabEvidence


def worksheet(site: Site, entry: GuideEntry, evidence: LabEvidence) -> str:
    """The page. Raises BrokenLab where the lab's questions fail."""
    lab = evidence.lab
    session = Session(lab, prose.load(catalog.worksheet_file(lab.id)), evidence.reading, evidence.instance)
    asked = [question for question in session.questions if session.asked_of(question) in evidence.names]
    numbers = {question.id: number for number, question in enumerate(asked, 1)}
    parts = [
        pages.Part(evidence.walk(name), tuple(_asked(session, question, numbers) for question in questions))
        for name, questions in groupby(asked, session.asked_of)
    ]
    open_ = [question for question in asked if not session.obstacle(question)]
    nodes: dict[str, str] = {}
    for question in open_:
        run = session.grader(question).run
        nodes.update({**run.trace.names(), **run.alignment.roles})
    origin = "your newest runs" if evidence.mine else "the captures that ship with the lab"
    sealed = {
        "lab": lab.id,
        "origin": "mine" if evidence.mine else "reference",
        "rounds": sealing.ROUNDS,
        "nodes": {address.casefold(): node.casefold() for address, node in sorted(nodes.items())},
        "questions": {question.id: _sealed(session, question, evidence) for question in open_},
    }
    return pages.worksheet(site, entry, parts, sealed, origin)


def _asked(session: Session, question: Question, numbers: dict[str, int]) -> pages.Asked:
    section, obstacle = session.section(question), session.obstacle(question)
    grader = session.grader(question)
    return pages.Asked(
        question.id,
        numbers[question.id],
        "" if obstacle else sealing.kind(grader),
        section.title,
        script.kind(question, bool(section.choices)),
        resolve(section.prompt, grader.run),
        tuple(resolve(hint, grader.run) for hint in section.hints),
        tuple(section.choices.items()),
        obstacle,
    )


def _sealed(session: Session, question: Question, evidence: LabEvidence) -> dict[str, object]:
    """A question's known answers under their keys, and what the page needs to read a reply."""
    grader, section, name = session.grader(question), session.section(question), session.asked_of(question)
    origin = session.source(name).origin
    entries = []
    for outcome in sealing.outcomes(grader, origin):
        finding = outcome.finding
        if finding.ok:
            cited = [(id, evidence.place(name, id)) for id in finding.packets]
            said = pages.right(resolve(section.closing, grader.run), cited, evidence.walk(name))
        else:
            said = pages.wrong(finding.because)
        entries.append((outcome.forms, json.dumps({"ok": finding.ok, "html": said}, ensure_ascii=False)))
    sealed = sealing.dump(sealing.seal(f"{session.lab.id} {question.id} {origin}", entries))
    kind = sealing.kind(grader)
    needed: dict[str, dict[str, object]] = {
        "packet": {"events": evidence.events(name)},
        "order": {"letters": "".join(section.choices)},
        "near": {"within": question.within},
    }
    return {"kind": kind, **needed.get(kind, {}), **sealed}
