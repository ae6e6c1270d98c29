import json
from ipaddress import IPv4Network
from pathlib import Path

import pytest

from machinelab.engine import compose, docker, labels
from machinelab.engine.compose import Composition
from machinelab.errors import BrokenLab, UsageError


def composition(**parts: object) -> Composition:
    given: dict[str, object] = {
        "services": {
            "stub": {
                "image": "machinelab/dns:latest",
                "labels": {"kept": "1"},
                "healthcheck": {"test": ["CMD", "true", "now"]},
            },
            "root-hint": {
                "healthcheck": {"test": ["CMD-SHELL", "exit 0"]},
                "volumes": [{"type": "bind", "source": "/lab/root"}, {"type": "tmpfs"}],
            },
        },
        "networks": {"access": {"ipam": {"config": [{"subnet": "198.18.53.0/24"}]}}},
        "volumes": {"keys": None},
        **parts,
    }
    return Composition("dns", "alice", Path("/lab/compose.yaml"), **given)  # type: ignore[arg-type]


def test_everything_gets_our_labels_and_keeps_its_own() -> None:
    marks = {labels.LAB: "dns", labels.INSTANCE: "alice"}
    told = json.loads(composition().labelled())
    assert told["name"] == "machinelab-dns-alice"
    assert told["services"]["stub"]["labels"] == {"kept": "1", **marks}
    for kind in ("services", "networks", "volumes"):
        assert all(entry["labels"].items() >= marks.items() for entry in told[kind].values())


def test_no_proxy_of_dockers_configuration_reaches_a_node() -> None:
    services = {
        **composition().services,
        "proxied": {"environment": {"http_proxy": "http://squid:3128", "A": "b"}},
    }
    told = json.loads(composition(services=services).labelled())["services"]
    wanted = {"http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY"}
    assert {name for name, value in told["stub"]["environment"].items() if value == ""} >= wanted
    own = told["proxied"]["environment"]
    assert (own["http_proxy"], own["A"], own["https_proxy"]) == ("http://squid:3128", "b", "")


def test_podman_is_told_what_it_takes_otherwise() -> None:
    found = composition()
    docker_s, podman_s = (json.loads(found.labelled(for_podman=each)) for each in (False, True))
    assert podman_s["networks"]["access"].pop("internal") is True
    for entry in podman_s["services"].values():
        assert (entry.pop("stop_grace_period"), entry.pop("user")) == ("0s", "root")
    assert podman_s == docker_s


def test_a_container_is_known_by_its_node() -> None:
    found = composition()
    for node in found.services:
        assert found.node(labels.container("dns", "alice", node)) == node


@pytest.mark.parametrize(
    ("node", "command"), [("stub", ("true", "now")), ("root-hint", ("/bin/sh", "-c", "exit 0"))]
)
def test_healthchecks_in_both_forms(node: str, command: tuple[str, ...]) -> None:
    assert composition().healthcheck(node) == command


@pytest.mark.parametrize("check", [{}, {"healthcheck": None}, {"healthcheck": {"test": ["NONE"]}}])
def test_no_healthcheck(check: dict[str, object]) -> None:
    assert composition(services={"stub": check}).healthcheck("stub") == ()


def test_the_engine_runs_only_the_healthchecks_that_a_start_waits_for() -> None:
    services = {
        **composition().services,
        "late": {
            "healthcheck": {"test": ["CMD", "true"]},
            "depends_on": {
                "stub": {"condition": "service_healthy"},
                "root-hint": {"condition": "service_started"},
            },
        },
    }
    told = json.loads(composition(services=services).labelled())["services"]
    assert told["stub"]["healthcheck"] == {"test": ["CMD", "true", "now"]}
    assert [told[node]["healthcheck"] for node in ("root-hint", "late")] == [{"disable": True}] * 2


@pytest.mark.parametrize(
    ("line", "step"),
    [  # as printed by Compose 2.20.3, 2.26.1 and 2.40.3 (two spaces) and 5.6.0 (one)
        (" Container machinelab-dns-a-tld-1  Started", ("Container", "machinelab-dns-a-tld-1", "Started")),
        (" Container machinelab-dns-a-tld-1 Started", ("Container", "machinelab-dns-a-tld-1", "Started")),
        (" Container machinelab-dns-a-tld-1 Running", ("Container", "machinelab-dns-a-tld-1", "Running")),
        (" Network machinelab-dns-a_access  Creating", ("Network", "machinelab-dns-a_access", "Creating")),
        (" Network machinelab-dns-a_access Creating", ("Network", "machinelab-dns-a_access", "Creating")),
        (" Container machinelab-dns-a-tld-1 Error dependency tld failed to start", None),
        (" service:auth1:1 Error response from daemon: No such image: machinelab/absent:latest", None),
        ("dependency failed to start: container machinelab-dns-a-tld-1 is unhealthy", None),
        ("", None),
    ],
)
def test_what_became_of_each_is_read_from_old_and_new_composes_lines(
    line: str, step: tuple[str, str, str] | None
) -> None:
    assert compose._step(line) == step


def test_mounts_are_those_of_the_host() -> None:
    assert composition().mounts("root-hint") == [Path("/lab/root")]
    assert composition().mounts("stub") == []


def test_what_podman_would_make_up_is_missing(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    mounts = [{"type": "bind", "source": str(tmp_path / name)} for name in ("there", "gone")]
    compose._require_mounts(composition(services={"stub": {"volumes": mounts[:1]}}))
    with pytest.raises(docker.DockerError) as caught:
        compose._require_mounts(composition(services={"stub": {"volumes": mounts}}))
    assert caught.value.message == f"A file or folder that the lab mounts is not there: {tmp_path}/gone."


def test_subnets() -> None:
    assert composition().prefixes() == {"access": IPv4Network("198.18.53.0/24")}


@pytest.mark.parametrize("network", [{}, {"ipam": {}}, {"ipam": {"config": [{"subnet": "fd00::/64"}]}}])
def test_a_network_without_a_subnet_is_the_authors_mistake(network: dict[str, object]) -> None:
    with pytest.raises(BrokenLab) as caught:
        composition(networks={"access": network}).prefixes()
    assert caught.value.message == "/lab/compose.yaml: the network access has no IPv4 subnet."
    assert "${MACHINELAB_NET_access:-198.18.N}.0/24" in caught.value.hint


def test_a_missing_compose_file(tmp_path: Path) -> None:
    with pytest.raises(BrokenLab) as caught:
        compose.load("dns", tmp_path / "compose.yaml")
    assert caught.value.message == f"The lab dns has no compose file {tmp_path}/compose.yaml."


@pytest.mark.parametrize("name", ["Alice", "a b", "-a", "", "a@b", "x" * 33, "a/b"])
def test_what_cannot_name_an_instance(name: str) -> None:
    with pytest.raises(UsageError):
        labels.checked_instance(name)


def test_names_and_commands_of_an_instance() -> None:
    assert labels.checked_instance("alice-2") == "alice-2"
    assert labels.command("down", "dns", "default") == "machinelab down dns"
    assert labels.command("down", "dns", "alice") == "machinelab down dns --as alice"
    assert labels.ours("dns", "alice") == [
        "--filter",
        "label=org.machinelab.lab=dns",
        "--filter",
        "label=org.machinelab.instance=alice",
    ]
