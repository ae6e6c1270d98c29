"""Tokens: their parts, their claims, their signatures, held against PyCA's own and a token of a real server."""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from machinelab import catalog
from machinelab.dissect.protocols.json.dissector import parse
from machinelab.dissect.protocols.jwt import dissector as jwt
from machinelab.sources import pcap

REFERENCE = catalog.reference_folder("oauth2")


def signed(key: ec.EllipticCurvePrivateKey, data: bytes) -> bytes:
    """ES256's signature."""
    r, s = utils.decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def test_a_signature_is_right_over_the_bytes_that_were_signed_and_no_others() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    signature = signed(key, b"head.body")
    assert jwt.verifies(key.public_key(), signature, b"head.body")
    assert not jwt.verifies(key.public_key(), signature, b"head.bodY")
    assert not jwt.verifies(ec.generate_private_key(ec.SECP256R1()).public_key(), signature, b"head.body")
    assert not jwt.verifies(key.public_key(), signature[:-1], b"head.body")


def test_keys_that_are_no_points_are_left_out() -> None:
    text = (
        b'{"keys": [{"kty": "EC", "crv": "P-256", "kid": "a", "x": "AAAA", "y": "AAAA"}, {"kty": "RSA"}, 3]}'
    )
    value = parse(text, 0, len(text))
    assert value is not None and jwt.public_keys(value) == {}


def test_every_token_of_a_login_verifies_and_its_claims_stand_in_buffers_of_their_own() -> None:
    trace = pcap.load(REFERENCE / "pkce.pcapng", keys=REFERENCE / "pkce.keys")
    events = [event for event in trace.events if "jwt" in event]
    assert len(events) == 2  # the answer with the tokens, and the call with one of them
    for event in events:
        assert set(event.values("jwt.signature.right")) == {True}
        buffers = event.content.buffers()
        for name in ("jwt.iss", "jwt.aud", "jwt.kid", "jwt.typ"):
            for item in event.fields[name]:
                assert buffers[item.buffer][item.start : item.stop].decode() == item.value
    assert events[0].values("jwt.sub") == ["alice", "alice"]


def test_the_hash_of_a_certificate_stands_at_its_bytes() -> None:
    trace = pcap.load(REFERENCE / "mtls.pcapng", keys=REFERENCE / "mtls.keys")
    event = next(event for event in trace.events if "jwt.cnf.x5t_S256" in event)
    (item,) = event.fields["jwt.cnf.x5t_S256"]
    buffer = event.content.buffers()[item.buffer]
    assert buffer[item.start : item.stop].decode() == item.value
    assert buffer[item.start - 12 : item.start] == b'"x5t#S256":"'
    assert "jwt.cnf.jkt" not in event


def test_what_is_no_token_gives_no_field() -> None:
    assert jwt.TOKEN.fullmatch(b"eyJhbGciOiJub25lIn0.e30.") is None
    assert jwt.octets("not base64url!") is None
