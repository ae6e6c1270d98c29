"""The glossary: its form, and terms found by any of their names."""

from pathlib import Path

import pytest

from machinelab import catalog
from machinelab.guide import glossary

ENTRIES = glossary.load(catalog.glossary_file())


def test_every_line_of_the_list_is_an_entry_with_a_part() -> None:
    lines = catalog.glossary_file().read_text(encoding="utf-8").splitlines()
    assert [n for n, line in enumerate(lines, 1) if line.startswith("- ")] == [
        entry.line for entry in ENTRIES
    ]
    assert all(entry.part and entry.text.endswith(".") for entry in ENTRIES)


def test_no_name_stands_for_two_terms() -> None:
    found = [
        (name, [entry.term for entry in glossary.find(ENTRIES, name)]) for name in glossary.names(ENTRIES)
    ]
    assert [each for each in found if len(each[1]) != 1] == []


@pytest.mark.parametrize(
    ("word", "term"),
    (
        ("ISR", "ISR"),
        ("in-sync replicas", "ISR"),
        ("rd", "rd"),
        ("Duplicate acknowledgements", "duplicate acknowledgement"),
        ("dup-ack", "duplicate acknowledgement"),
        ("sibling glue", "glue"),
        ("queries", ""),
    ),
)
def test_a_term_by_any_of_its_names(word: str, term: str) -> None:
    assert [entry.term for entry in glossary.find(ENTRIES, word)] == ([term] if term else [])


def test_without_a_file_there_are_no_terms(tmp_path: Path) -> None:
    assert glossary.load(tmp_path / "glossary.md") == ()


@pytest.mark.parametrize(
    "short", ("rd", "ra", "ad", "cd", "do", "aa", "tc", "ISR", "HW", "SYN", "FIN", "RST", "ACK")
)
def test_what_listings_abbreviate_is_there(short: str) -> None:
    assert glossary.find(ENTRIES, short)
