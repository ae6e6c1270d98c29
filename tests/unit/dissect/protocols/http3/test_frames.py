"""SETTINGS: RFC 9114 §7.2.4."""

from machinelab.dissect.protocols.http3.frames import settings


def test_settings_as_far_as_they_go() -> None:
    assert settings(bytes.fromhex("01 5000 07 08"), 0, 5) == {1: 4096, 7: 8}
    assert settings(bytes.fromhex("01 5000 07"), 0, 4) == {1: 4096}
