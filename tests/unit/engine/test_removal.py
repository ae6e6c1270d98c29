import pytest

from machinelab.engine import docker, removal


def test_only_endpoints_of_containers_that_are_gone_are_taken_from_a_network(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An engine that forgot an endpoint cannot be had to order; what it says and is asked then is moby/moby#23302's."""
    asked: list[tuple[str, ...]] = []

    def run(*words: str, check: bool = True) -> docker.Result:
        asked.append(words)
        if words[:2] == ("network", "inspect"):
            return docker.Result(0, "gone-1\nstranger\n\n", "")
        return docker.Result(int(words[-1] == "gone-1"), "", "")

    monkeypatch.setattr(docker, "run", run)
    removal.let_go(["machinelab-dns-a_wire"])
    assert [words for words in asked if "disconnect" in words] == [
        ("network", "disconnect", "--force", "machinelab-dns-a_wire", "gone-1")
    ]
