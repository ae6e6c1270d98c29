from ipaddress import IPv4Network
from pathlib import Path

import pytest

from machinelab.engine import routes
from machinelab.engine.routes import Taken


def network(labels: dict[str, str], containers: dict[str, object] | None = None) -> dict[str, object]:
    return {"Name": "office", "Labels": labels, "Containers": containers or {}}


INSIDE = {"a1": {"Name": "db"}, "b2": {"Name": "web"}}


@pytest.mark.parametrize(
    ("entry", "who", "frees"),
    [
        (network({}), "the docker network office", "docker network rm office"),
        (
            network({}, INSIDE),
            "the docker network office (with db, web)",
            "docker rm -f db web && docker network rm office",
        ),
        (
            network({"com.docker.compose.project": "shop"}, INSIDE),
            "the docker network office (with db, web)",
            "docker compose -p shop down",
        ),
        (
            network({"org.machinelab.lab": "dns", "org.machinelab.instance": "default"}),
            "the docker network office",
            "machinelab down dns",
        ),
        (
            network(
                {
                    "org.machinelab.lab": "dns",
                    "org.machinelab.instance": "alice",
                    "com.docker.compose.project": "p",
                }
            ),
            "the docker network office",
            "machinelab down dns --as alice",
        ),
    ],
)
def test_a_docker_network_is_named_with_the_one_command_that_frees_it(
    entry: dict[str, object], who: str, frees: str
) -> None:
    assert routes._docker_words(entry)[:2] == (who, frees)


def test_many_containers_are_counted() -> None:
    assert routes._few(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"


def test_routes_of_this_machine_hold_no_default_route() -> None:
    assert all(entry.prefix.prefixlen >= 8 for entry in routes.of_routes())


def test_routes_of_proc_agree_with_those_of_ip() -> None:
    by_ip = {prefix for prefix, _ in routes._ip_routes()}
    if not by_ip or not Path("/proc/net/route").exists():
        pytest.skip("no ip command here")
    # /proc has the main table only: a network that comes up between the two questions is in neither or later.
    main = {prefix for prefix, _ in routes._proc_routes() if prefix.prefixlen}
    again = {prefix for prefix, _ in routes._ip_routes()}
    assert main <= by_ip | again


def test_a_name_server_is_in_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "_nameservers", lambda: ["198.18.53.53", "fd00::53", "not an address"])
    monkeypatch.setattr(routes, "_proxies", lambda: iter([("https_proxy", "198.19.1.1")]))
    found = list(routes.of_services())
    assert [entry.prefix for entry in found] == [IPv4Network("198.18.53.53/32"), IPv4Network("198.19.1.1/32")]
    assert found[0].who == "this machine's name server 198.18.53.53"
    assert found[1].who == "the host 198.19.1.1 of https_proxy"


def test_proxies_are_read_with_and_without_a_scheme(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "http_proxy",
        "https_proxy",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "all_proxy",
        "ALL_PROXY",
        "ftp_proxy",
        "DOCKER_HOST",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", "http://user:word@proxy.example:3128/")
    monkeypatch.setenv("HTTPS_PROXY", "10.1.2.3:8080")
    monkeypatch.setenv("DOCKER_HOST", "unix:///var/run/docker.sock")
    assert sorted(routes._proxies()) == [("HTTPS_PROXY", "10.1.2.3"), ("http_proxy", "proxy.example")]


def test_the_first_that_overlaps_is_told() -> None:
    entries = [Taken(IPv4Network("10.0.0.0/8"), "a"), Taken(IPv4Network("198.18.0.0/15"), "b")]
    found = routes.in_the_way(IPv4Network("198.19.53.0/24"), entries)
    assert found is entries[1]
    assert routes.in_the_way(IPv4Network("100.64.0.0/24"), entries) is None


def test_a_route_is_named_with_what_removes_it() -> None:
    prefix = IPv4Network("198.18.0.0/16")
    assert routes._route_words(prefix, "tun0") == (
        "the route to 198.18.0.0/16 by tun0",
        "sudo ip route del 198.18.0.0/16 dev tun0",
    )
    assert routes._route_words(prefix, "") == (
        "the route to 198.18.0.0/16",
        "sudo ip route del 198.18.0.0/16",
    )


def test_a_bridge_that_an_engine_left_behind() -> None:
    who, frees = routes._route_words(IPv4Network("198.18.53.0/24"), "br-843e0cc5a8a8")
    assert who == "the bridge br-843e0cc5a8a8, of a docker network that this engine does not know"
    assert frees == "sudo ip link del br-843e0cc5a8a8"
