"""The toy lab, whole, for every test to break."""

from pathlib import Path

import pytest

from tests.unit.check import toy


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The content folder with nothing but the finished toy lab."""
    monkeypatch.setenv("MACHINELAB_CONTENT", str(tmp_path))
    toy.finish()
    return tmp_path
