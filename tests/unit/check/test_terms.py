"""Italic terms of a guide: explained in their sentence, in the glossary, or told of."""

from pathlib import Path

import pytest

from machinelab import catalog
from machinelab.guide import glossary
from tests.unit.check import toy

GUIDE = "guides/{id}.md"
OPENING = "open with the question that this guide answers."


@pytest.fixture
def terms(lab: Path) -> Path:
    """The toy lab with a glossary of one term."""
    catalog.glossary_file().write_text(
        "# Glossary\n\n## Toy\n\n- **echo** (ping): a reply with the same bytes.\n"
    )
    glossary.load.cache_clear()
    return lab


def told() -> list[str]:
    return [problem.message for problem in toy.problems() if "glossary" in problem.message]


@pytest.mark.parametrize(
    ("text", "unknown"),
    (
        ("The server sends an *echo* at once.", []),
        ("Both hosts send *pings* at once.", []),
        ("Such a packet is called a *bounce*.", []),
        ("A *bounce*: the same bytes, sent back.", []),
        ("The server answers with a good *bounce* at once.", ["bounce"]),
        ("A bounce comes, and it is a real *bounce* of bytes.", []),
        ("Look at *client* and *hello* again.", []),
        ("Now *nobody has ever seen such a thing* before.", []),
    ),
)
def test_a_term_is_explained_somewhere(terms: Path, text: str, unknown: list[str]) -> None:
    toy.edit(GUIDE, OPENING, text)
    assert [message.split("'")[1] for message in told()] == unknown


def test_without_a_glossary_nothing_is_asked(lab: Path) -> None:
    toy.edit(GUIDE, OPENING, "The server answers with a good *bounce* at once.")
    glossary.load.cache_clear()
    assert told() == []
