"""What stays in a network: a container that is there keeps it, the end of one that is gone does not."""

from collections.abc import Mapping
from typing import Any

import pytest

from machinelab.engine import api, docker, removal
from machinelab.engine.docker import DockerError, Result

NETWORK = "machinelab-dns-default_internet"


class Engine:
    """Answers as moby does while it has one network, with some ends in it (container id → container's name)."""

    def __init__(self, ends: Mapping[str, str], there: tuple[str, ...], miscounted: int = 0) -> None:
        self.ends, self.there, self.miscounted = dict(ends), there, miscounted
        self.networks = [NETWORK]

    def run(self, *argv: str, check: bool = True) -> Result:
        match argv:
            case ["network", "rm", _] if self.ends or self.miscounted:
                said = f"Error response from daemon: error while removing network: network {NETWORK} id 1a has active endpoints"
                if check:
                    raise docker.failure(argv, 1, said)
                return Result(1, "", said)
            case ["network", "rm", _]:
                self.networks.clear()
            case ["network", "disconnect", "--force", _, name]:
                self.ends = {container: other for container, other in self.ends.items() if other != name}
        return Result(0, "", "")

    def network(self, name: str) -> Any:
        assert name == NETWORK
        return {"Containers": {container: {"Name": name} for container, name in self.ends.items()}}

    def container(self, name: str) -> Any:
        if name in self.there:
            return {}
        raise docker.failure(("inspect", name), 1, f"Error response from daemon: No such container: {name}")


def use(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docker, "run", engine.run)
    monkeypatch.setattr(api, "networks", lambda label: [{"Name": name} for name in engine.networks])
    monkeypatch.setattr(api, "containers", lambda label, stopped: [])
    monkeypatch.setattr(api, "volumes", lambda label: [])
    monkeypatch.setattr(api, "network", engine.network)
    monkeypatch.setattr(api, "container", engine.container)


def test_the_end_of_a_container_that_is_gone_keeps_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine(
        {"c0ffee": "machinelab-dns-default-resolver-1", "ep-5e": "machinelab-dns-default-tld-1"}, ()
    )
    use(engine, monkeypatch)
    assert removal.remove("dns", "default").networks == (NETWORK,)
    assert not engine.networks


def test_a_container_that_is_there_is_not_disconnected(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine({"c0ffee": "stranger", "ep-5e": "machinelab-dns-default-tld-1"}, ("stranger",))
    use(engine, monkeypatch)
    with pytest.raises(DockerError, match="a container that is not the lab's is still in it"):
        removal.remove("dns", "default")
    assert engine.ends == {"c0ffee": "stranger"}


def test_a_network_that_the_engine_miscounts_is_kept_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """As seen of moby 20.10: "has active endpoints", and none is listed."""
    engine = Engine({}, (), miscounted=1)
    use(engine, monkeypatch)
    removed = removal.remove("dns", "default")
    assert removed.kept == (NETWORK,) and removed.networks == () and not removed
    assert (removed + removed).kept == (NETWORK,)
