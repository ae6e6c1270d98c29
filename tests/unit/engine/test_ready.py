from pathlib import Path

import pytest

from machinelab.engine import ready
from machinelab.engine.compose import Composition


def composition(file: Path, service: dict[str, object]) -> Composition:
    return Composition("dns", "default", file, {"root": service}, {}, {})


@pytest.mark.parametrize(
    ("check", "seconds"),
    [
        ({"interval": "1s", "retries": 30}, 30),
        ({"interval": "500ms", "retries": 60, "start_period": "1m0s"}, 90),
        ({"interval": "1m30s", "retries": 2}, 180),
        ({}, 90),
        ({"interval": "1s", "retries": 1}, 5),
    ],
)
def test_a_node_may_take_what_its_healthcheck_grants(check: dict[str, object], seconds: float) -> None:
    assert ready.limit_of(composition(Path("/c.yaml"), {"healthcheck": check}), "root") == seconds


def test_the_error_shows_the_last_words() -> None:
    error = ready.NodeFailed(
        "root stopped with exit code 1. It said last:", "Mend it.", "root", "error: line 3\nbailing out"
    )
    assert (
        error.message
        == "root stopped with exit code 1. It said last:\n  root | error: line 3\n  root | bailing out"
    )
    silent = ready.NodeFailed("root stopped.", "Mend it.", "root", "")
    assert silent.message == "root stopped.\n  root | (it said nothing)"


def test_the_way_back_in_a_checkout(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    file = tmp_path / "compose" / "compose.yaml"
    conf = tmp_path / "compose" / "root"
    service = {"volumes": [{"type": "bind", "source": str(conf)}, {"type": "bind", "source": "/etc/hosts"}]}
    assert ready.way_back(composition(file, service), "root") == (
        f"Mend the edit, or undo it with `git checkout -- {conf}`; then machinelab reset dns"
    )


def test_the_way_back_of_an_installed_kit(tmp_path: Path) -> None:
    conf = tmp_path / "root"
    hint = ready.way_back(
        composition(tmp_path / "compose.yaml", {"volumes": [{"type": "bind", "source": str(conf)}]}), "root"
    )
    assert hint.startswith(f"Mend the edit in {conf}")
    assert "machinelab reset dns" in hint


def test_the_way_back_without_files(tmp_path: Path) -> None:
    assert (
        ready.way_back(composition(tmp_path / "compose.yaml", {}), "root")
        == "Start it anew: machinelab reset dns"
    )


def test_a_node_without_a_container_did_not_stop_it_is_gone(tmp_path: Path) -> None:
    error = ready.ended(composition(tmp_path / "compose.yaml", {}), "root", ready.GONE, 0)
    assert error.message == "root is gone: there is no container machinelab-dns-default-root-1."
    assert error.hint == "Make it anew: machinelab reset dns"
