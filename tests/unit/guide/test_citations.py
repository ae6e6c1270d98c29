"""What the guides cite is in force: a section of an obsolete document is cited only where no other says it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
OBSOLETE = {"8446": "9846"}
"""Obsolete RFC → the one that says the same today. RFC 5246, 5077 and 8422 are not here: RFC 9846 obsoletes them unreplaced."""

CITING = sorted([*ROOT.glob("guides/*.md"), *ROOT.glob("labs/*/*.md"), *ROOT.glob("labs/*/*.py")])


def cited(text: str) -> list[str]:
    """The obsolete RFCs of which a text cites a section."""
    return [number for number in re.findall(r"RFC (\d+),? §", text) if number in OBSOLETE]


@pytest.mark.parametrize("path", CITING, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_section_of_an_obsolete_document_is_cited(path: Path) -> None:
    assert cited(path.read_text(encoding="utf-8")) == []


def test_a_section_is_a_citation_and_a_name_is_none() -> None:
    assert cited("(RFC 8446 §4.1.2), which RFC 8446 called the Master Secret") == ["8446"]
