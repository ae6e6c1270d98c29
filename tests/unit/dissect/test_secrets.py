"""Key logs: lines that are taken, lines that are passed over, and private keys."""

from hypothesis import given
from hypothesis import strategies as st

from machinelab.dissect.secrets import Secrets
from tests.unit.dissect.protocols.tls.tls_made import REFERENCE, secrets

ONE = b"CLIENT_RANDOM " + b"ab" * 32 + b" " + b"cd" * 48 + b"\n"


def test_a_line_is_a_label_a_random_and_a_secret() -> None:
    known = Secrets()
    known.feed(b"# a comment of three\n" + ONE + b"\nnonsense\nCLIENT_RANDOM xx yy\nCLIENT_RANDOM 00\n")
    assert len(known) == 1
    assert known.get("CLIENT_RANDOM", b"\xab" * 32) == b"\xcd" * 48
    assert known.get("CLIENT_RANDOM", b"\xaa" * 32) is None


def test_the_first_of_two_stands() -> None:
    known = Secrets()
    known.feed(ONE + ONE.replace(b"cd", b"ce"))
    assert known.get("CLIENT_RANDOM", b"\xab" * 32) == b"\xcd" * 48


def test_a_private_key_may_stand_among_the_lines() -> None:
    assert len(secrets("static-rsa").rsa) == 1
    known = Secrets()
    known.feed(ONE + (REFERENCE / "static-rsa.keys").read_bytes() + ONE.replace(b"ab", b"ac"))
    assert len(known) == 3


def test_what_is_no_rsa_key_is_passed_over() -> None:
    known = Secrets()
    known.feed(
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n-----BEGIN PRIVATE KEY-----\nAA"
    )
    assert not known.rsa


def test_a_premaster_secret_that_was_logged_or_not() -> None:
    known = Secrets()
    known.feed(b"RSA " + b"01" * 8 + b" " + b"03" * 48 + b"\n")
    assert known.premaster(b"\x01" * 256) == b"\x03" * 48
    assert known.premaster(b"\x02" * 256) is None
    assert secrets("static-rsa").premaster(bytes(256)) is None
    assert secrets("static-rsa").premaster(b"") is None


@given(st.binary(max_size=400))
def test_any_bytes_can_be_fed(text: bytes) -> None:
    Secrets().feed(text)
    Secrets().feed(ONE[:60] + text + ONE)
