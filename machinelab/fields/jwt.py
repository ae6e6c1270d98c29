"""JSON Web Tokens: RFC 7519, signed as RFC 7515 says; access tokens by RFC 9068, ID tokens by OpenID Connect Core §2."""

from . import FieldType, flag, label, octets, of, text

FIELDS: dict[str, FieldType] = {
    "jwt": text(
        "a signed token, as it travels: three parts in base64url, with dots between (RFC 7515 §7.1)",
        volatile=True,
        secret=True,
    ),
    "jwt.header": text("the first part: how it is signed (RFC 7515 §4)", volatile=True),
    "jwt.payload": text("the second part: what it claims (RFC 7519 §4)", volatile=True),
    "jwt.signature": octets("the third part: over the first two, dot included (RFC 7515 §5.1)", secret=True),
    "jwt.signature.right": flag(
        "it verifies with the key of that name that this capture shows being published"
    ),
    "jwt.alg": text("how it is signed (RFC 7515 §4.1.1)"),
    "jwt.kid": text("with which key (RFC 7515 §4.1.4)"),
    "jwt.typ": text("what kind of token it is (RFC 9068 §2.1)"),
    "jwt.jwk": label("the key itself stands in the header (RFC 9449 §4.2)"),
    "jwt.iss": text("who signed it (RFC 7519 §4.1.1)"),
    "jwt.sub": text("whom it is about (§4.1.2)"),
    "jwt.aud": text("for whom it is meant (§4.1.3)"),
    "jwt.exp": of("time", "until when it is good (§4.1.4)", volatile=True),
    "jwt.iat": of("time", "when it was made (§4.1.6)", volatile=True),
    "jwt.jti": text("its own number (§4.1.7)", secret=True),
    "jwt.client_id": text("which client got it (RFC 9068 §2.2)"),
    "jwt.scope": text("what it allows (RFC 9068 §2.2.3)"),
    "jwt.nonce": text("the value that the client had sent along (OpenID Connect Core §2)", secret=True),
    "jwt.name": text("the name of who logged in (OpenID Connect Core §5.1)"),
    "jwt.auth_time": of("time", "when that was", volatile=True),
    "jwt.at_hash": text(
        "half a hash of the access token that came with it (OpenID Connect Core §3.1.3.6)", secret=True
    ),
    "jwt.cnf.jkt": text("the hash of the key that whoever shows it must hold (RFC 9449 §6.1)", volatile=True),
    "jwt.cnf.x5t_S256": text(
        "the hash of the certificate that whoever shows it must hold; in the token it is called x5t#S256 (RFC 8705 §3.1)",
        volatile=True,
    ),
    "jwt.htm": text("for which method (RFC 9449 §4.2)"),
    "jwt.htu": text("for which address"),
    "jwt.ath": text("for which access token: its hash", secret=True),
}
