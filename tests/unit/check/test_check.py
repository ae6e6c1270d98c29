"""Each rule: break a copy of a whole lab in one place, and read what is said of it, and where."""

import shutil
from pathlib import Path

import pytest

from machinelab import catalog, check
from machinelab.check import fences
from machinelab.errors import UsageError
from machinelab.store import references
from tests.unit.check import toy

LAB, GUIDE, SHEET = "labs/{id}/lab.py", "guides/{id}.md", "labs/{id}/worksheet.md"
COMPOSE = "compose/{id}/compose.yaml"

ECHO = 'reply_to="ask"'
STEPS = "steps=(ask, reply)"
LATE = 'steps=(ask, reply, Step("late", "client > server", "icmp.type == 3", times=(0, None)))'
STRICT = 'steps=(ask, Step("late", "server > client", "icmp.type == 0", times=(0, 0)))'
NODE = "  server:\n    <<: *node\n"

# What is changed: file, old text, new text; what is told; a piece of the line it is told of ("": of the file).
NAMING = [
    (LAB, "icmp.type == 8", "icmp.typ == 8", "ask: ", 'Step("ask"'),
    (LAB, '"client > server"', '"clinet > server"', "names 'clinet', which is no service", 'Step("ask"'),
    (LAB, '"client > server"', '"client > "', "is no hop", 'Step("ask"'),
    (LAB, 'At("client"', 'At("cleint"', "'cleint', which is no service", 'At("cleint"'),
    (LAB, "ping -c 1", "ping -c '1", "cannot be split", "ping"),
    (LAB, 'until="reply"', 'until="replay"', "until names the step 'replay'", "until"),
    (LAB, STEPS, STEPS + ', encloses=("ask", "rply")', "encloses names the step 'rply'", "rply"),
    (LAB, 'reply_to="ask"', 'reply_to="aks"', "reply_to of reply names", "aks"),
    (LAB, ECHO, ECHO + ', same="icmp.sequ"', "same names the field 'icmp.sequ'", 'Step("reply"'),
    (
        LAB,
        ECHO,
        ECHO + ', same={"icmp.seq": "aks"}',
        "same of reply names the step 'aks', which it does not",
        'Step("reply"',
    ),
    (LAB, ECHO, ECHO + ', same={"icmp.seq": "ask.icmp.idnt"}', "the field 'icmp.idnt'", 'Step("reply"'),
    (LAB, ECHO, ECHO + ', same={"icmp.seq": "reply"}', "which does not come before it", 'Step("reply"'),
    (
        LAB,
        '"icmp.type == 8"',
        '"icmp.type == 8", same="icmp.seq"',
        "does not say whose icmp.seq",
        'Step("ask"',
    ),
    (LAB, ECHO, ECHO + ', more={"icmp.sequ": "ask"}', "more names the field 'icmp.sequ'", 'Step("reply"'),
    (LAB, ECHO, ECHO + ', after={"aks": 1}', "after of reply names the step 'aks'", 'Step("reply"'),
    (LAB, ECHO, ECHO + ', after={"ask": -1}', "after of reply is no time", 'Step("reply"'),
    (LAB, ECHO, ECHO + ', whole="icmp.sequ"', "whole names the field 'icmp.sequ'", 'Step("reply"'),
    (LAB, ECHO, ECHO + ', pieces="icmp.typ == 0"', "reply: There is no field 'icmp.typ'", 'Step("reply"'),
    (LAB, STEPS, "steps=(ask, ask, reply)", "the id of more than one step", 'Step("ask"'),
    (LAB, "background=(ARP,)", 'background=(ARP, Background("all", "ip"))', "only a transport", '"all"'),
    (LAB, "what happens, in a few words", "", "hello has no title", '"hello"'),
    (LAB, STEPS, STEPS + ', variant_of="helo"', "variant of 'helo'", '"hello"'),
    (LAB, '"icmp.type == 8"', '"icmp.type == 8", when="sise == 8"', "ask: ", 'Step("ask"'),
    (LAB, '"server": "answers"', '"sever": "answers"', "`descriptions` names 'sever'", '"sever"'),
]
PROSE = [
    (GUIDE, "<!-- step: reply -->\n", "", "The step reply (in hello) has no prose", 'Step("reply"'),
    (GUIDE, "<!-- background: arp -->\n", "", "The background arp (in hello) has no prose", ""),
    (GUIDE, "step: reply", "step: replay", "the step 'replay', which the lab does not have", "## The reply"),
    (GUIDE, "step: reply", "step: hullo/reply", "the step 'hullo/reply'", "## The reply"),
    (GUIDE, "`icmp.type`: 0", "`icmp.typ`: 0", "no field 'icmp.typ'", "`icmp.typ`"),
    (GUIDE, "@ask.icmp.seq", "@aks.icmp.seq", "names no step", "@aks"),
    (GUIDE, "@ask.icmp.seq", "@hullo/ask.icmp.seq", "names no experiment", "@hullo"),
    (GUIDE, "@ask.icmp.seq", "@ask.icmp.seqq", "no field 'icmp.seqq'", "seqq"),
    (GUIDE, "@ask.icmp.seq", "@ask.icmp.seq[2]", "has no value in the reference", "[2]"),
    (GUIDE, "packets hello ask..reply", "packets hullo", "no experiment of the lab", "hullo"),
    (GUIDE, "ask..reply", "ask..replay", "hello has no step 'replay'", "replay"),
    (GUIDE, "The whole exchange:", "[More](more.md)", "leads nowhere", "more.md"),
    (GUIDE, "minutes: 15", "minutes: 0", "lacks `minutes`", "---"),
    (GUIDE, "minutes: 15", "minutes: 3", "The guide claims 3 minutes", "minutes: 3"),
    (LAB, "minutes=15", "minutes=25", "The lab says 25 minutes, its guide 15", '"my-toy"'),
    (GUIDE, "minutes: 15", "minutes: 90", "The guide claims 90 minutes", "minutes: 90"),
    (GUIDE, "The whole exchange:", "TODO: say more", "Still to do: say more", "TODO"),
]
EVIDENCE = [
    (LAB, "icmp.type == 0", "icmp.type == 3", "reply in the reference of hello", 'Step("reply"'),
    (LAB, STEPS, "steps=(ask,)", "explains packet 2: server > client", '"hello"'),
    (LAB, STEPS, LATE, "The step late matches nothing", "late"),
    (LAB, STEPS, STRICT, "late in the reference of hello", "late"),
    (LAB, 'Step("ask"', 'Step("asks"', "not the shape", ""),
    (LAB, "    headline=answered,\n", "", "hello does not say what happened", '"hello"'),
    (
        LAB,
        "run.claims('reply')",
        "run.first('replay')",
        "The headline of hello fails on its reference",
        '"hello"',
    ),
    (LAB, 'f"The server sent', '" " or f"The server sent', "is 1 characters long", '"hello"'),
]
LITERAL = [
    (GUIDE, "The whole exchange:", "Its id is 44004.", "44004 is the icmp.ident", "44004"),
    (GUIDE, "The whole exchange:", "Its checksum is 0xDB84.", "0xDB84 is the icmp.checksum", "0xDB84"),
    (GUIDE, "The whole exchange:", "From 02:42:c6:12:c3:0a.", "is the eth.", "02:42"),
    (GUIDE, "The whole exchange:", "At 1795433989 it began.", "looks like a time", "1795433989"),
]
FENCES = [
    (GUIDE, "echo request", "echo requests", "not what the reference shows today", "```packets"),
]
QUESTIONS = [
    (SHEET, "> Hint: say where to look, never what to answer.", "> Hint:", "hint is empty", "> Hint:"),
    (SHEET, "question: which-replies", "question: wich-replies", "no question 'wich-replies'", "##"),
    (LAB, '"takes the question for the reply": packets_of("ask")', "", "no wrong answer", "which-replies"),
    (LAB, 'packets_of("ask")', 'packets_of("reply")', "would come out right too", "which-replies"),
    (LAB, 'needs=("ask"', 'needs=("aks"', "no step 'aks'", "which-replies"),
    (LAB, "questions=(which,),", "", "asks no questions", ""),
]
CORE = [
    (LAB, '    core=("hello",),\n', "", "The core path has 0 experiments: it is 1 to 6", '"my-toy"'),
    (LAB, 'core=("hello",', 'core=("hello", "hello",', "names hello more than once", '"hello"'),
    (LAB, 'core=("hello",', 'core=("helo",', "names 'helo', no experiment", "helo"),
    (
        GUIDE,
        "```packets hello ask..reply",
        "```text",
        "shows neither packets of hello nor a picture",
        '"hello"',
    ),
]
WIRING = [
    (COMPOSE, NODE, NODE + "    privileged: true\n", "server is privileged", "privileged"),
    (COMPOSE, NODE, NODE + "    ulimits: {nofile: 9999}\n", "sets ulimits", "ulimits"),
    (COMPOSE, NODE, NODE + "    network_mode: host\n", "network_mode: host", "network_mode"),
    (COMPOSE, NODE, NODE + "    ports: ['8080:80']\n", "publishes 8080:80", "ports"),
    (COMPOSE, NODE, NODE + "    ports: [{target: 80}]\n", "publishes a port", "ports"),
    (COMPOSE, NODE, NODE + "    cap_add: [NET_RAW]\n", "NET_RAW without a reason", "NET_RAW"),
    (
        COMPOSE,
        NODE,
        NODE + "    cap_add: [NET_RAW] # x\n    cap_drop: []\n",
        "keeps the engine's own",
        "NET_RAW",
    ),
    (COMPOSE, NODE, NODE + "    volumes: ['/run/docker.sock:/s']\n", "the engine's socket", "docker.sock"),
    (
        COMPOSE,
        NODE,
        NODE + "    volumes: [{type: bind, source: /run/docker.sock}]\n",
        "the engine's socket",
        "sock",
    ),
    (COMPOSE, NODE, NODE + "    volumes: ['/etc/passwd:/etc/passwd:ro']\n", "mounts /etc/passwd", "passwd"),
    (COMPOSE, NODE, NODE + "    cap_add: [ALL] # all of them\n", "adds all capabilities", "ALL"),
    (COMPOSE, NODE, NODE + "    security_opt: ['seccomp=unconfined']\n", "confinement off", "seccomp"),
    (COMPOSE, NODE, NODE + "    image: alpine\n", "runs the image alpine", "alpine"),
    (COMPOSE, "context: ../images", "context: ./image", "is built from ./image by my-toy/D", "context"),
    (COMPOSE, "dockerfile: my-toy/", "dockerfile: toy/", "is built from ../images by toy/D", "context"),
    (COMPOSE, "    ipam:\n", "    internal: true\n    ipam:\n", "lan is internal", "internal"),
    (COMPOSE, "- subnet: ${MACHINELAB_NET_lan:-198.", "- subnet: 203.0.113.0/24 #", "203.0.113.0/24", "203"),
    (COMPOSE, "- subnet: ${MACHINELAB_NET_lan:-198.", "- subnet: 192.0.2.128/25 #", "192.0.2.128/25", "192"),
    (COMPOSE, "- subnet:", "- gateway:", "has no subnet", "driver_opts"),
    (COMPOSE, "services:", "services: [", "no YAML", "<<"),
]
IMPORTS = [
    (LAB, "from machinelab.authoring", "import os\nfrom machinelab.authoring", "not os.", "import os"),
    (
        LAB,
        "from machinelab.a",
        "import machinelab.filter\nfrom machinelab.a",
        "not machinelab.filter.",
        "import",
    ),
]


@pytest.mark.usefixtures("lab")
def test_a_finished_lab_is_whole() -> None:
    assert toy.problems() == []
    assert check.check() == []


@pytest.mark.usefixtures("lab")
def test_an_experiment_need_not_have_a_knob() -> None:
    toy.edit(LAB, 'knobs={"size": Choice(("56", "8", "1400"))},', "")
    toy.edit(LAB, " -s {size}", "")
    toy.edit(LAB, "ARP, At, Choice,", "ARP, At,")
    assert toy.problems() == []


@pytest.mark.usefixtures("lab")
@pytest.mark.parametrize(
    ("place", "old", "new", "said", "line"),
    [*NAMING, *PROSE, *EVIDENCE, *LITERAL, *FENCES, *QUESTIONS, *CORE, *WIRING, *IMPORTS],
    ids=lambda value: value[:40] if isinstance(value, str) else None,
)
def test_a_break_is_told_with_its_place_and_a_fix(
    place: str, old: str, new: str, said: str, line: str
) -> None:
    toy.edit(place, old, new)
    if "Background(" in new:
        toy.edit(LAB, "import ARP", "import Background, ARP")
    found = [problem for problem in toy.problems() if said in problem.message]
    assert found, toy.problems()
    assert line in toy.line_of(found[0])
    assert bool(found[0].line) == bool(line)
    assert found[0].fix


@pytest.mark.usefixtures("lab")
@pytest.mark.parametrize("words", ["RFC 44004 says so.", "It sends 101112 bytes.", "```\n44004\n```"])
def test_not_every_number_is_volatile(words: str) -> None:
    toy.edit(GUIDE, "The whole exchange:", words)
    assert toy.problems() == []


@pytest.mark.usefixtures("lab")
def test_a_number_that_the_lab_itself_sets_may_be_written() -> None:
    toy.edit(GUIDE, "The whole exchange:", "It listens on 44004.")
    toy.edit(COMPOSE, "services:", "# listens on 44004\nservices:")
    assert toy.problems() == []


def test_a_fence_without_packets(lab: Path) -> None:
    toy.edit(LAB, STEPS, LATE)
    toy.edit(GUIDE, "ask..reply", "late")
    check.mend([toy.ID])
    (found,) = [problem for problem in toy.problems() if "no packets" in problem.message]
    assert toy.line_of(found) == "```packets hello late"


@pytest.mark.usefixtures("lab")
def test_a_fence_that_shows_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fences, "MOST", 1)
    (found,) = toy.problems()
    assert found.message == "This fence shows 2 rows, more than 1."
    assert toy.line_of(found) == "```packets hello ask..reply"
    toy.edit(GUIDE, "packets hello ask..reply", "packets hello reply")
    check.mend([toy.ID])
    assert toy.problems() == []


def test_packets_are_written_anew(lab: Path) -> None:
    toy.edit(GUIDE, "echo request", "echo requests")
    assert check.mend([toy.ID]) == [catalog.guide_file(toy.ID)]
    assert toy.problems() == []
    assert check.mend([toy.ID]) == []


def test_two_experiments_that_cannot_be_told_apart(lab: Path) -> None:
    toy.edit(LAB, "which = ", 'again = replace(hello, id="again")\nwhich = ')
    toy.edit(LAB, "from machinelab", "from dataclasses import replace\nfrom machinelab")
    toy.edit(LAB, "(hello,)", "(hello, again)")
    said = [problem.message for problem in toy.problems()]
    assert any("hello cannot be told from again" in message for message in said)
    assert any("again has no reference capture" in message for message in said)
    toy.edit(LAB, 'id="again"', 'id="again", variant_of="hello"')
    assert not any("told from" in problem.message for problem in toy.problems())


def test_a_changed_capture_and_one_that_is_too_big(lab: Path) -> None:
    capture = catalog.reference_folder(toy.ID) / "hello.pcapng"
    capture.write_bytes(capture.read_bytes() + b"\0")
    assert any("SHA-256 differs" in problem.message for problem in toy.problems())
    (catalog.reference_folder(toy.ID) / "hello" / "much.log").write_bytes(bytes(3_000_001))
    toy.rehash()
    assert any("more than 3,000,000" in problem.message for problem in toy.problems())


def test_too_many_packets(lab: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(references, "MAX_PACKETS", 1)
    assert ["has 2 packets, more than 1" in problem.message for problem in toy.problems()] == [True]


@pytest.mark.usefixtures("lab")
@pytest.mark.parametrize(
    "words",
    [
        "ports: ['127.0.0.1:8080:80']",
        "volumes: [/data, './x:/y']",
        "cap_add:\n      - NET_RAW # forges a source",
    ],
)
def test_what_is_in_order_is_left_alone(words: str) -> None:
    toy.edit(COMPOSE, NODE, f"{NODE}    {words}\n")
    assert toy.problems() == []


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("notes.txt", "belongs to nothing"),
        ("reference/old.pcapng", "no experiment"),
        ("reference/old/run.json", "no exp"),
    ],
)
def test_stray_files(lab: Path, place: str, said: str) -> None:
    path = catalog.lab_file(toy.ID).parent / place
    path.parent.mkdir(exist_ok=True)
    path.write_text("{}")
    assert [problem.path for problem in toy.problems() if said in problem.message] == [path]


def test_a_mistake_is_told_once(lab: Path) -> None:
    toy.edit(LAB, "icmp.type == 8", "icmp.typ == 8")
    (only,) = [problem for problem in toy.problems() if problem.path != catalog.guide_file(toy.ID)]
    assert "There is no field 'icmp.typ'" in only.message


def test_missing_files_are_told_once(lab: Path) -> None:
    catalog.guide_file(toy.ID).unlink()
    catalog.worksheet_file(toy.ID).unlink()
    assert [problem.message for problem in toy.problems()] == [
        "my-toy has no guide.",
        "my-toy has no worksheet.",
    ]


def part() -> Path:
    """Part the toy lab over two files: its question moves to questions.py."""
    path = catalog.lab_file(toy.ID)
    head, _, rest = path.read_text().partition("which = Question(")
    question, _, tail = rest.partition("\nLAB = ")
    path.write_text(
        head.replace(", Question", "").replace(", packets_of", "")
        + f"from .questions import which\n\nLAB = {tail}"
    )
    beside = path.with_name("questions.py")
    beside.write_text(f"from machinelab.authoring import Question, packets_of\n\nwhich = Question({question}")
    return beside


@pytest.mark.usefixtures("lab")
def test_a_lab_may_be_several_files() -> None:
    part()
    assert toy.problems() == []


@pytest.mark.usefixtures("lab")
def test_what_is_wrong_in_a_file_beside_lab_py_is_told_of_that_file() -> None:
    beside = part()
    beside.write_text(beside.read_text().replace('needs=("ask"', 'needs=("aks"'))
    found = toy.problems()
    assert {problem.path for problem in found} == {beside}
    assert "which-replies" in toy.line_of(found[0])


@pytest.mark.usefixtures("lab")
@pytest.mark.parametrize("name", ["subprocess", "random", "machinelab.model"])
def test_a_file_beside_lab_py_reaches_no_further_than_lab_py(name: str) -> None:
    beside = part()
    beside.write_text(f"import {name}\n{beside.read_text()}")
    (problem,) = toy.problems()
    assert (problem.path, problem.line) == (beside, 1)
    assert f"not {name}." in problem.message


@pytest.mark.usefixtures("lab")
def test_a_lab_does_not_lean_on_another(lab: Path) -> None:
    beside = part()
    beside.write_text(
        f"{beside.read_text()}\n\ndef late() -> object:\n    from .. import dns\n    return dns\n"
    )
    (problem,) = toy.problems()
    assert "not .." in problem.message


def test_a_lab_py_that_cannot_be_read(lab: Path) -> None:
    toy.edit(LAB, "steps=(ask, reply)", "steps=(ask, replie)")
    (problem,) = toy.problems()
    assert "replie" in problem.message
    assert "replie" in toy.line_of(problem)


def test_labs_that_are_not_there(lab: Path) -> None:
    assert "is planned" in check.check(["sni"])[0].message
    with pytest.raises(UsageError, match="no lab 'my-tyo'"):
        check.check(["my-tyo"])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ('"client", "gostlog", "true"', "of the kind 'gostlog', which nothing can read"),
        ('"cleint", "keys", "true"', "'cleint', which is no service"),
        ('"client", "keys", "cat \'x"', "cannot be split"),
    ],
)
def test_evidence_that_cannot_be_gathered(lab: Path, given: str, said: str) -> None:
    toy.edit(LAB, "import ARP, ", "import ARP, Gather, ")
    toy.edit(LAB, STEPS, f"{STEPS}, gather=(Gather({given}),)")
    (problem,) = toy.problems()
    assert said in problem.message
    assert "gather=" in toy.line_of(problem)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ('"hullo", "x", "y", lambda runs: ()', "no experiment of the lab"),
        ('"hello", "x", "y", lambda runs: (), over="colour"', "no knob of hello"),
        ('"hello", "x", "y", lambda runs: ()', "has no point from the reference"),
    ],
)
def test_a_plot_of_nothing(lab: Path, given: str, said: str) -> None:
    toy.edit(LAB, "import ARP, ", "import ARP, Plot, ")
    toy.edit(
        LAB,
        "    questions=(which,),",
        f'    questions=(which,),\n    plots=(Plot("picture", "A picture", {given}),),',
    )
    assert any(said in problem.message for problem in toy.problems())


def test_what_a_lab_gathers_after_a_command_of_ones_own_is_held_to_the_same(lab: Path) -> None:
    toy.edit(LAB, "import ARP, ", "import ARP, Gather, ")
    toy.edit(LAB, "minutes=", 'gather=(Gather("cleint", "keys", "true"),), minutes=')
    (problem,) = toy.problems()
    assert "'cleint', which is no service" in problem.message


def test_a_command_that_failed_in_a_reference_is_named_and_may_be_allowed(lab: Path) -> None:
    info = catalog.reference_folder(toy.ID) / "hello" / "run.json"
    text = info.read_text(encoding="utf-8")
    info.write_text(text.replace('"exit": 0', '"exit": 1', 1), encoding="utf-8")
    toy.rehash()
    (found,) = toy.problems()
    assert (
        found.message
        == "In the reference of hello, `ping -c 1 -s 56 server` on client failed with exit code 1"
    )
    assert "ping -c 1 -s {size} server" in toy.line_of(found) and "exits=(0, 1)" in found.fix
    toy.edit(LAB, 'size} server")', 'size} server", exits=(0, 1))')
    assert toy.problems() == []


def turned(name: str, size: str) -> Path:
    """The toy's reference once more, as one with a knob turned."""
    folder = catalog.reference_folder(toy.ID)
    shutil.copytree(folder / "hello", folder / name)
    for ending in (".pcapng", ".shape.txt"):
        shutil.copyfile(folder / f"hello{ending}", folder / f"{name}{ending}")
    info = folder / name / "run.json"
    info.write_text(
        info.read_text(encoding="utf-8").replace('"size": "56"', f'"size": "{size}"'), encoding="utf-8"
    )
    toy.rehash()
    return folder


def test_a_reference_with_a_knob_turned_is_checked_like_the_others(lab: Path) -> None:
    folder = turned("hello@size=8", "8")
    assert toy.problems() == []
    (folder / "hello@size=8.shape.txt").write_text("another\n", encoding="utf-8")
    toy.rehash()
    (found,) = toy.problems()
    assert "not the shape that the reference of hello@size=8 has" in found.message
    assert f"machinelab record {toy.ID} hello --set size=8" in found.fix
    (folder / "hello@size=8.pcapng").write_bytes(b"")
    assert any("hello@size=8 cannot be read" in problem.message for problem in toy.problems())


@pytest.mark.parametrize(
    ("name", "size", "said"),
    [
        ("hello@size=8", "1400", "was recorded with size=1400"),
        ("hello@size=9", "9", "size cannot be '9'"),
        ("gone@size=8", "8", "This reference is of no experiment of the lab."),
    ],
)
def test_a_reference_whose_knobs_mean_nothing(lab: Path, name: str, size: str, said: str) -> None:
    turned(name, size)
    assert any(said in problem.message for problem in toy.problems())
