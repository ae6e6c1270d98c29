"""The TLS lab on real servers: knobs; a verdict for what differs."""

import json
import time

import pytest

from . import labs

pytestmark = [pytest.mark.live, labs.of("tls")]

INSTANCE = labs.INSTANCE
# Turned each time; what else there is to turn, in the long tests.
TURNED = [
    ("full", "client=openssl"),
    ("full", "client=gnutls"),
    ("full", "client=python"),
    ("wrong-host", "client=python"),
    ("resumption", "groups=X25519"),
    ("tls12", "cipher=ECDHE-RSA-CHACHA20-POLY1305"),
    ("static-rsa", "cipher=AES128-CCM"),
]


def test_every_finished_of_a_run_is_what_the_key_log_says(lab):
    assert lab("run", "tls", "full", "--as", INSTANCE).returncode == 0
    told = lab("packets", "tls", "full", "--json", "--as", INSTANCE)
    found = [
        json.loads(line)["fields"].get("tls.derived.verify_data.right", [])
        for line in told.stdout.splitlines()
    ]
    assert [value for values in found for value in values] == [True, True]


def test_the_server_carries_the_copied_request_out(lab):
    """nginx writes its line after it has answered, so its log is asked until both are there, and no third.

    The copy is early data for good, for who replays it cannot end the handshake; the first one may have ended it by the
    time nginx looks at the request, and is then not called early.
    """

    def lines() -> list[str]:
        log = lab("logs", "tls", "server", "--as", INSTANCE).stdout
        return [line for line in log.splitlines() if "GET / " in line and "resumed=r" in line]

    before = len(lines())
    told = lab("run", "tls", "early-data", "--as", INSTANCE)
    assert told.returncode == 0, told.stdout
    end = time.monotonic() + 10
    while len(carried := lines()[before:]) < 2:
        assert time.monotonic() < end, carried
    assert len(carried) == 2 and any("early=1" in line for line in carried)


def test_an_expired_certificate_in_place_of_a_good_one_is_told(lab):
    told = lab("run", "tls", "full", "--set", "name=expired.example.test", "--as", INSTANCE)
    assert told.returncode == 1
    assert "client-finished was not seen" in told.stdout


def test_a_command_of_ones_own_is_annotated(lab):
    told = lab("try", "tls", "client", "--as", INSTANCE, "--", "curl", "-s", "https://www.example.test/")
    assert told.returncode == 0, told.stderr
    assert "client-hello" in told.stdout


def test_what_is_verified_by_hand_is_graded(lab):
    import hmac

    assert lab("run", "tls", "full", "--as", INSTANCE).returncode == 0
    told = lab("packets", "tls", "full", "--step", "server-finished", "--json", "--as", INSTANCE)
    values = json.loads(told.stdout.splitlines()[0])["fields"]
    key, hash = (
        bytes.fromhex(values[f"tls.derived.{name}"][-1]) for name in ("finished_key", "transcript_hash")
    )
    answer = hmac.digest(key, hash, "sha384").hex()[:8]
    right = lab("worksheet", "tls", "--answer", f"verify={answer}", "--as", INSTANCE)
    wrong = lab("worksheet", "tls", "--answer", "verify=00000000", "--as", INSTANCE)
    assert right.returncode == 0, right.stdout + right.stderr
    assert wrong.returncode == 1
