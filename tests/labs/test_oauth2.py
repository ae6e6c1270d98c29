"""The OAuth lab's own claims, on its references: whose nonce it is, and whose certificate."""

from base64 import urlsafe_b64encode
from hashlib import sha256

import pytest

from tests import references


def opened(experiment: str):
    """A reference, read against the guide."""
    return references.opened("oauth2", experiment)


@pytest.fixture(params=["injection", "nonce"])
def stolen(request):
    return opened(request.param)


def values(found, name: str, hop: str) -> list[object]:
    """A field's values in the packets between two nodes, one way."""
    src, dst = hop.split(" > ")
    return [
        value
        for event in found.run.trace.events
        if (found.run.node(event.src), found.run.node(event.dst)) == (src, dst)
        for value in event.values(name)
    ]


def test_the_id_token_repeats_alices_nonce_though_mallory_was_sent_another(stolen) -> None:
    (hers,) = set(values(stolen, "oauth2.nonce", "app > mallory"))
    (alices,) = set(values(stolen, "oauth2.nonce", "app > browser"))
    assert values(stolen, "jwt.nonce", "login > app") == [alices] and alices != hers


def test_mallory_brings_the_stolen_code_with_her_own_state(stolen) -> None:
    (code,) = values(stolen, "oauth2.code", "mallory > app")
    (state,) = values(stolen, "oauth2.state", "mallory > app")
    assert code in values(stolen, "oauth2.code", "browser > mallory")
    assert state in values(stolen, "oauth2.state", "app > mallory")


def test_the_orders_are_asked_for_only_where_nobody_looked_at_the_nonce() -> None:
    assert values(opened("injection"), "oauth2.access_token", "app > api")
    assert not values(opened("nonce"), "oauth2.access_token", "app > api")


def test_the_token_holds_the_hash_of_the_till_s_certificate_and_not_the_stranger_s() -> None:
    found = opened("mtls")
    (bound,) = set(values(found, "jwt.cnf.x5t_S256", "login > app"))
    till, authority, stranger, same = values(found, "tls.handshake.certificate", "app > api")
    assert authority == same and thumbprint(till) == bound != thumbprint(stranger)
    assert values(found, "tls.handshake.certificate", "app > login") == [till, authority]


def thumbprint(certificate: object) -> str:
    """RFC 8705 §3.1."""
    assert isinstance(certificate, bytes)
    return urlsafe_b64encode(sha256(certificate).digest()).rstrip(b"=").decode()
