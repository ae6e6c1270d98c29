"""The HTTP lab's router: which packets it loses, and what it leaves of them."""

import importlib.util
from importlib.machinery import SourceFileLoader
from types import ModuleType

import pytest

from tests import ROOT


def loaded() -> ModuleType:
    """The program, which has no suffix."""
    loader = SourceFileLoader("wire", str(ROOT / "compose/images/http/wire"))
    spec = importlib.util.spec_from_loader("wire", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


wire = loaded()
# An IPv4 header, as on Wikipedia's page about its checksum: TTL 64, checksum 0xb861.
HEADER = bytes.fromhex("45000073000040004011b861c0a80001c0a800c7")


def checksum(header: bytes) -> int:
    """RFC 1071 over a header with its checksum: 0xffff where it is right."""
    total = sum(int.from_bytes(header[at : at + 2], "big") for at in range(0, len(header), 2))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return total


@pytest.mark.parametrize("ttl", [1, 63, 64, 127, 254])
def test_one_router_takes_one_from_the_ttl_and_the_checksum_stays_right(ttl: int) -> None:
    plain = HEADER[:8] + bytes([ttl]) + HEADER[9:10] + b"\0\0" + HEADER[12:]
    right = plain[:10] + (0xFFFF ^ checksum(plain)).to_bytes(2, "big") + plain[12:]
    assert checksum(right) == 0xFFFF
    after = wire.one_hop(right)
    assert after[8] == ttl + 1 and checksum(after) == 0xFFFF and len(after) == len(right)


def test_the_large_packet_that_is_asked_for_is_lost_once() -> None:
    line = wire.Wire(wire.settings(["drop=3"]))
    large, small = bytes(1400), bytes(100)
    lost = [line.loses(each, True) for each in (large, small, large, large, large, large)]
    assert lost == [False, False, False, True, False, False]
    assert not any(line.loses(large, False) for _ in range(10))


def test_the_same_seed_loses_the_same_packets() -> None:
    def lost(seed: int) -> list[bool]:
        line = wire.Wire(wire.settings([f"seed={seed}", "loss=4"]))
        return [line.loses(b"", True) for _ in range(2000)]

    assert lost(1) == lost(1) != lost(2)
    assert 40 < sum(lost(1)) < 130


def test_what_is_not_named_goes_back_to_its_default() -> None:
    assert wire.settings(["delay=40"]) == {**wire.DEFAULTS, "delay": 40.0}
    with pytest.raises(ValueError, match="length"):
        wire.settings(["length=3"])
