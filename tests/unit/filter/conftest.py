import pytest

from machinelab import fields as registry
from machinelab import filter as display

from .made import TABLE


@pytest.fixture(autouse=True)
def small_registry(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(registry, "registry", lambda: TABLE)
    display.compile.cache_clear()
    yield
    display.compile.cache_clear()
