import pytest


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Replies are kept in a folder of the test's own."""
    monkeypatch.setenv("MACHINELAB_HOME", str(tmp_path))
    return tmp_path
