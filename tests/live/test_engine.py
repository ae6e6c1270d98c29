"""up, down, exec, logs, reset against a real engine."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from machinelab.engine import docker, lifecycle, nodes, usage
from machinelab.engine.ready import NodeFailed
from machinelab.engine.topology import LabNotUp, RunningLab, ps, topology
from machinelab.errors import BrokenLab, EngineError, UsageError

from .engines import BASE, LAB, home, left, service, write

__all__ = ["home"]
pytestmark = pytest.mark.live


def two(folder: Path) -> Path:
    fixed = {"wire": {"ipv4_address": "${MACHINELAB_NET_wire:-198.18.99}.10"}}
    return write(folder, {"a": service(networks=fixed), "b": service()})


def test_up_tells_where_everything_is_and_down_leaves_nothing(home: Path) -> None:
    file = two(home)
    told: list[tuple[str, str]] = []
    found = lifecycle.up(
        LAB, file, "default", lambda what, state, fraction=None, /: told.append((what, state))
    )
    assert ("wire", "created") in told
    assert ("a", "ready") in told and ("b", "ready") in told
    assert found.subnets() == {"wire": "198.18.99.0/24"}
    assert [(foot.network, foot.address) for foot in found.nodes["a"]] == [("wire", "198.18.99.10")]
    assert found.states == {"a": "running", "b": "running"}
    assert (Path("/sys/class/net") / found.networks["wire"].bridge).exists()
    ran = nodes.exec_(LAB, "default", "a", ["cat", "/sys/class/net/eth0/address"])
    assert ran.stdout.strip() == found.nodes["a"][0].mac
    assert [(row.node, row.state) for row in ps(LAB)] == [("a", "running"), ("b", "running")]
    removed = lifecycle.down(LAB)
    assert sorted(removed.containers) == [found.container("a"), found.container("b")]
    assert len(removed.networks) == 1
    assert left() == []


def test_up_twice_keeps_what_is_up(home: Path) -> None:
    file = two(home)
    first = lifecycle.up(LAB, file)
    ids = docker.run("ps", "-q", "--no-trunc", "--filter", f"label=org.machinelab.lab={LAB}").stdout
    assert lifecycle.up(LAB, file) == first
    assert docker.run("ps", "-q", "--no-trunc", "--filter", f"label=org.machinelab.lab={LAB}").stdout == ids


def test_two_instances_at_once(home: Path) -> None:
    file = two(home)
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda name: lifecycle.up(LAB, file, name), ["default", "alice", "bob"]))
    subnets = {topology.subnets()["wire"] for topology in found}
    assert len(subnets) == 3
    for topology_ in found:
        address = topology_.nodes["a"][0].address
        assert address.endswith(".10")
        told = nodes.exec_(LAB, topology_.instance, "b", ["ip", "-o", "route", "get", address])
        assert "dev eth0" in told.stdout
    lifecycle.down(LAB, "alice")
    assert topology(LAB, "bob") == found[2]
    with pytest.raises(LabNotUp):
        topology(LAB, "alice")


def test_an_instance_keeps_its_addresses(home: Path) -> None:
    file = two(home)
    first = lifecycle.up(LAB, file, "alice")
    assert lifecycle.up(LAB, file, "alice") == first
    lifecycle.down(LAB, "alice")
    assert lifecycle.up(LAB, file, "alice").subnets() == first.subnets()


def test_what_is_not_up(home: Path) -> None:
    for act in (
        lambda: topology(LAB, "alice"),
        lambda: nodes.exec_(LAB, "alice", "a", ["true"]),
        lambda: nodes.logs(LAB, "alice", "a"),
        lambda: lifecycle.reset_nodes(LAB, two(home), "alice"),
    ):
        with pytest.raises(LabNotUp) as caught:
            act()
        assert caught.value.message == f"The lab {LAB} (instance alice) is not up."
        assert caught.value.hint == f"Start it: machinelab up {LAB} --as alice"
    assert not lifecycle.down(LAB, "alice")


def test_commands_on_nodes(home: Path) -> None:
    lifecycle.up(LAB, two(home))
    ran = nodes.exec_(LAB, "default", "a", ["sh", "-c", "echo out; echo err >&2; exit 7"])
    assert (ran.exit, ran.stdout, ran.stderr) == (7, "out\n", "err\n")
    assert 0 < ran.ended - ran.started < 10e9
    assert nodes.exec_(LAB, "default", "a", ["cat"], stdin="in").stdout == "in"
    with pytest.raises(UsageError) as caught:
        nodes.exec_(LAB, "default", "c", ["true"])
    assert caught.value.message == f"{LAB} has no node 'c'."
    assert caught.value.hint == "Choose one of: a, b."
    assert nodes.exec_(LAB, "default", "a", ["nosuch"]).exit == 127
    docker.run("stop", "-t", "0", f"machinelab-{LAB}-default-b-1")
    with pytest.raises(EngineError) as stopped:
        nodes.exec_(LAB, "default", "b", ["true"])
    assert stopped.value.message == "The node b is not running."
    assert stopped.value.hint == f"See what it said last: machinelab logs {LAB} b"


def test_a_command_that_takes_too_long_is_ended_on_the_node(home: Path) -> None:
    lifecycle.up(LAB, two(home))
    started = time.monotonic()
    ran = nodes.exec_(LAB, "default", "a", ["sh", "-c", "echo begun; sleep 61"], timeout=1)
    assert time.monotonic() - started < 5
    assert (ran.exit, ran.stdout) == (None, "begun\n")
    listed = nodes.exec_(LAB, "default", "a", ["sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '"])
    assert "sleep 61 " not in listed.stdout


def test_logs(home: Path) -> None:
    talk = ["sh", "-c", "echo one; echo two >&2; echo three; touch /tmp/said; exec sleep infinity"]
    said = {"test": ["CMD", "test", "-e", "/tmp/said"], "interval": "1s", "timeout": "2s", "retries": 20}
    lifecycle.up(LAB, write(home, {"a": service(command=talk, healthcheck=said)}))
    assert sorted(nodes.logs(LAB, "default", "a").split()) == ["one", "three", "two"]
    assert len(nodes.logs(LAB, "default", "a", tail=1).split()) == 1
    assert nodes.logs(LAB, "default", "a", since=time.time_ns()) == ""


def test_a_server_that_stops_is_named_with_its_last_words(home: Path) -> None:
    die = ["sh", "-c", "echo reading config; echo 'error: line 3: no such option' >&2; exit 4"]
    file = write(home, {"a": service(), "crash": service(command=die)})
    with pytest.raises(NodeFailed) as caught:
        lifecycle.up(LAB, file)
    assert caught.value.node == "crash"
    assert caught.value.message.startswith("crash stopped with exit code 4. It said last:\n")
    assert "  crash | error: line 3: no such option" in caught.value.message
    assert caught.value.hint == f"Start it anew: machinelab reset {LAB}"


def test_a_server_that_is_never_ready_is_named_with_its_last_words(home: Path) -> None:
    check = {"test": ["CMD", "sh", "-c", "echo 'not listening' >&2; exit 1"], "interval": "1s", "retries": 5}
    file = write(
        home,
        {
            "a": service(),
            "slow": service(command=["sh", "-c", "echo loading; exec sleep 60"], healthcheck=check),
        },
    )
    with pytest.raises(NodeFailed) as caught:
        lifecycle.up(LAB, file)
    assert caught.value.message == (
        "slow runs, but was not ready after 5 seconds (its healthcheck says: not listening). It said last:\n  slow | loading"
    )
    assert caught.value.hint.startswith(f"Read all it said: machinelab logs {LAB} slow.")


def test_a_server_that_others_wait_for(home: Path) -> None:
    die = ["sh", "-c", "echo 'cannot bind' >&2; exit 1"]
    later = service(depends_on={"first": {"condition": "service_healthy"}})
    with pytest.raises(NodeFailed) as caught:
        lifecycle.up(LAB, write(home, {"first": service(command=die), "later": later}))
    assert caught.value.node == "first"
    assert "  first | cannot bind" in caught.value.message


def test_a_healthcheck_that_cannot_run_is_told_at_once(home: Path) -> None:
    check = {"test": ["CMD", "no-such-program"], "interval": "1s", "retries": 60}
    started = time.monotonic()
    with pytest.raises(BrokenLab) as caught:
        lifecycle.up(LAB, write(home, {"a": service(healthcheck=check)}))
    assert time.monotonic() - started < 30
    assert caught.value.message == "The healthcheck of a runs no-such-program, which is not in its image."


def configured(folder: Path) -> tuple[Path, Path]:
    """A server that reads its configuration at the start and stops if that is broken."""
    conf = folder / "server.conf"
    conf.write_text("fine\n")
    serve = [
        "sh",
        "-c",
        "grep -q fine /etc/server.conf || { echo 'server.conf:1: syntax error' >&2; exit 1; }; exec sleep infinity",
    ]
    mount = {
        "type": "bind",
        "source": str(conf),
        "target": "/etc/server.conf",
        "read_only": True,
        "bind": {"create_host_path": False},
    }
    return write(folder, {"a": service(), "server": service(command=serve, volumes=[mount])}), conf


def test_an_edit_takes_effect_with_reset_and_a_broken_one_names_the_way_back(home: Path) -> None:
    file, conf = configured(home)
    first: RunningLab = lifecycle.up(LAB, file)
    conf.write_text("broken\n")
    with pytest.raises(NodeFailed) as caught:
        lifecycle.reset_nodes(LAB, file)
    assert caught.value.node == "server"
    assert "  server | server.conf:1: syntax error" in caught.value.message
    assert str(conf) in caught.value.hint and f"machinelab reset {LAB}" in caught.value.hint
    conf.write_text("fine again\n")
    assert lifecycle.reset_nodes(LAB, file, nodes=("server",)).states == first.states
    assert "again" in nodes.exec_(LAB, "default", "server", ["cat", "/etc/server.conf"]).stdout


def test_a_mount_that_is_missing(home: Path) -> None:
    file, conf = configured(home)
    conf.unlink()
    with pytest.raises(EngineError) as caught:
        lifecycle.up(LAB, file)
    assert caught.value.message == f"A file or folder that the lab mounts is not there: {conf}."
    assert caught.value.hint == f"Put it back: git checkout -- {conf}"
    assert left() == []


def test_an_image_that_is_missing(home: Path) -> None:
    with pytest.raises(EngineError) as caught:
        lifecycle.up(LAB, write(home, {"a": service(image="machinelab/never-built:latest")}))
    assert caught.value.message == "The image machinelab/never-built:latest is not on this machine."
    assert "machinelab images build" in caught.value.hint
    assert left() == []


def test_an_instance_that_could_not_be_started_leaves_nothing(home: Path) -> None:
    file = write(home, {"a": service(), "b": service(image="machinelab/never-built:latest")})
    with pytest.raises(EngineError) as caught:
        lifecycle.up(LAB, file, "me")
    assert caught.value.message == "The image machinelab/never-built:latest is not on this machine."
    assert left() == []


def test_a_port_that_is_taken(home: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(EngineError) as caught:
            lifecycle.up(LAB, write(home, {"a": service(ports=[f"127.0.0.1:{port}:80"])}))
    assert caught.value.message == f"Port 127.0.0.1:{port} is taken by somebody else."
    assert f"sport = :{port}" in caught.value.hint
    assert left() == []


def test_a_network_in_the_way_is_named_and_freed_by_the_command_that_is_named(home: Path) -> None:
    blocker = f"selftest-blocker-{LAB}"
    docker.run("network", "create", "--subnet", "198.18.98.0/25", blocker)
    try:
        file = write(home, {"a": service()}, prefix="198.18.98")
        with pytest.raises(EngineError) as caught:
            lifecycle.up(LAB, file)
        assert caught.value.message == (
            f"The lab's network wire needs 198.18.98.0/24, but the docker network {blocker} is in the way (198.18.98.0/25)."
        )
        assert f"Free it with `docker network rm {blocker}`" in caught.value.hint
        assert left() == []
        assert lifecycle.up(LAB, file, "me").instance == "me"
        docker.run(*f"network rm {blocker}".split())
        lifecycle.up(LAB, file)
    finally:
        docker.run("network", "rm", blocker, check=False)


def test_a_stranger_in_a_labs_network(home: Path) -> None:
    found = lifecycle.up(LAB, two(home))
    network, stranger = f"machinelab-{LAB}-default_wire", f"selftest-stranger-{LAB}"
    docker.run(
        "run", "-d", "--rm", "--name", stranger, "--network", network, "machinelab/base:trixie", "sleep", "60"
    )
    try:
        with pytest.raises(EngineError) as caught:
            lifecycle.down(LAB)
        assert caught.value.message == (
            f"The network {network} cannot be removed: a container that is not the lab's is still in it."
        )
        assert found.nodes
    finally:
        docker.run("rm", "-f", stranger, check=False)


def test_what_containers_use_is_told_while_others_end() -> None:
    """The engine answers nothing at all about a container that is removed at that moment."""
    name = f"{LAB}-short"
    with ThreadPoolExecutor(1) as pool:
        coming_and_going = pool.submit(_come_and_go, name, 6)
        asked = 0
        while not coming_and_going.done():
            assert set(usage.usage([name])) <= {name}
            asked += 1
        coming_and_going.result()
    assert asked


def _come_and_go(name: str, times: int) -> None:
    for _ in range(times):
        docker.run("run", "--detach", "--network", "none", "--name", name, BASE, "sleep", "60")
        docker.run("rm", "--force", name)
