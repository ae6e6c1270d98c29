from ipaddress import IPv4Network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machinelab.engine import addresses
from machinelab.engine.routes import NEVER, Taken
from machinelab.errors import EngineError

DEFAULTS = {"access": IPv4Network("198.18.53.0/24"), "internet": IPv4Network("198.19.53.0/24")}


def test_a_compose_file_gets_the_first_three_octets() -> None:
    assert addresses.environment(DEFAULTS) == {
        "MACHINELAB_NET_access": "198.18.53",
        "MACHINELAB_NET_internet": "198.19.53",
    }


def test_free_defaults_are_taken() -> None:
    addresses.require_free(DEFAULTS, [Taken(IPv4Network("172.17.0.0/16"), "docker0")], "dns", "default")


def test_what_is_in_the_way_is_named_with_what_frees_it() -> None:
    blocker = Taken(
        IPv4Network("198.18.0.0/16"), "the docker network office (with db)", "docker network rm office"
    )
    with pytest.raises(EngineError) as caught:
        addresses.require_free(DEFAULTS, [blocker], "dns", "default")
    assert caught.value.message == (
        "The lab's network access needs 198.18.53.0/24, but the docker network office (with db) is in the way (198.18.0.0/16)."
    )
    assert caught.value.hint == (
        "Free it with `docker network rm office`, or start the lab on other addresses: machinelab up dns --as me"
    )


def test_what_nothing_frees_has_another_way_out() -> None:
    blocker = Taken(IPv4Network("198.19.53.53/32"), "this machine's name server 198.19.53.53")
    with pytest.raises(EngineError) as caught:
        addresses.require_free(DEFAULTS, [blocker], "dns", "default")
    assert caught.value.hint == "Start the lab on other addresses: machinelab up dns --as me"


def test_an_instance_is_not_in_its_own_way() -> None:
    own = [Taken(prefix, "", "", "machinelab-dns-default") for prefix in DEFAULTS.values()]
    addresses.require_free(DEFAULTS, own, "dns", "default")
    with pytest.raises(EngineError):
        addresses.require_free(DEFAULTS, own, "dns", "alice")


networks = st.builds(
    lambda address, length: IPv4Network((address, length), strict=False),
    st.integers(0xC6120000, 0xC613FFFF),
    st.integers(20, 32),
)


@given(st.lists(networks, max_size=12), st.text("abc", min_size=1, max_size=3))
def test_allocated_networks_overlap_with_nothing(used: list[IPv4Network], instance: str) -> None:
    entries = [Taken(prefix, "somebody") for prefix in (*used, *NEVER)]
    found = addresses.allocate(["access", "internet"], entries, "dns", instance)
    assert list(found) == ["access", "internet"]
    assert not found["access"].overlaps(found["internet"])
    for prefix in found.values():
        assert prefix.prefixlen == 24
        assert prefix.subnet_of(addresses.POOL)
        assert not any(prefix.overlaps(entry.prefix) for entry in entries)


def test_an_instance_has_the_same_addresses_each_time() -> None:
    assert addresses.allocate(["a"], [], "dns", "alice") == addresses.allocate(["a"], [], "dns", "alice")


def test_two_instances_get_different_addresses() -> None:
    alice = addresses.allocate(["a", "b"], [], "dns", "alice")
    held = [Taken(prefix, "alice", "", "machinelab-dns-alice") for prefix in alice.values()]
    bob = addresses.allocate(["a", "b"], held, "dns", "bob")
    assert not set(alice.values()) & set(bob.values())


def test_the_last_free_network_is_found_and_then_no_more() -> None:
    every = list(addresses.POOL.subnets(new_prefix=24))
    entries = [Taken(prefix, "somebody") for prefix in every if prefix != IPv4Network("198.18.7.0/24")]
    assert addresses.allocate(["a"], entries, "dns", "x") == {"a": IPv4Network("198.18.7.0/24")}
    with pytest.raises(EngineError) as caught:
        addresses.allocate(["a", "b"], entries, "dns", "x")
    assert "No /24 of 198.18.0.0/15 is left for the network b." in caught.value.message
    assert "machinelab ps" in caught.value.hint


def test_the_networks_that_can_be_moved_are_named_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "compose.yaml"
    file.write_text(
        "subnet: ${MACHINELAB_NET_wan:-198.18.1}.0/24\nip: ${MACHINELAB_NET_wan}.7 $MACHINELAB_NET_lan\n"
    )
    assert addresses.named_in(file) == ["lan", "wan"]
    assert addresses.named_in(tmp_path / "none.yaml") == []
