"""OAuth's parameters, wherever they travel: RFC 6749 and its extensions, as the IANA registry "OAuth Parameters" names them."""

from . import FieldType, flag, label, text, uint

FIELDS: dict[str, FieldType] = {
    "oauth2": label("a message with OAuth's parameters"),
    # Authorization request and response: RFC 6749 §4.1, RFC 7636, OpenID Connect Core §3.1
    "oauth2.response_type": text("what the client wants back (RFC 6749 §3.1.1)"),
    "oauth2.response_mode": text("how it wants it back"),
    "oauth2.client_id": text("which client asks (RFC 6749 §2.2)"),
    "oauth2.redirect_uri": text("where the answer is to be sent (RFC 6749 §3.1.2)"),
    "oauth2.scope": text("what may be done (RFC 6749 §3.3)"),
    "oauth2.resource": text("at which resource server (RFC 8707 §2)"),
    "oauth2.state": text("the client's mark of the browser it sent away (RFC 6749 §10.12)", secret=True),
    "oauth2.nonce": text("a value that the ID token must repeat (OpenID Connect Core §3.1.2.1)", secret=True),
    "oauth2.prompt": text("whether somebody is to be asked again"),
    "oauth2.code_challenge": text("the hash of the verifier (RFC 7636 §4.2)", volatile=True),
    "oauth2.code_challenge_method": text("which hash, or none (RFC 7636 §4.3)"),
    "oauth2.request_uri": text("the request, deposited before (RFC 9126 §2.2)", secret=True),
    "oauth2.code": text("the authorization code (RFC 6749 §1.3.1)", secret=True),
    "oauth2.iss": text("who answers (RFC 9207 §2)"),
    # Token request and response: RFC 6749 §4.1.3, §5
    "oauth2.grant_type": text("what the client has to show for it (RFC 6749 §1.3)"),
    "oauth2.code_verifier": text("what the challenge is the hash of (RFC 7636 §4.1)", secret=True),
    "oauth2.client_secret": text("the client's password (RFC 6749 §2.3.1)", secret=True),
    "oauth2.client_assertion": text("the client's signed word (RFC 7523 §2.2)", secret=True),
    "oauth2.client_assertion_type": text("what kind of word that is"),
    "oauth2.access_token": text("what opens the resource server (RFC 6749 §1.4)", secret=True),
    "oauth2.token_type": text("how it is shown (RFC 6749 §7.1)"),
    "oauth2.expires_in": uint("for how many seconds (RFC 6749 §5.1)"),
    "oauth2.refresh_token": text("what gets the next access token (RFC 6749 §1.5)", secret=True),
    "oauth2.id_token": text("who has logged in (OpenID Connect Core §2)", secret=True),
    "oauth2.dpop": text("proof that the sender holds a key (RFC 9449 §4)", secret=True),
    "oauth2.error": text("what is wrong, as a word (RFC 6749 §4.1.2.1, §5.2)"),
    "oauth2.error_description": text("the same for people", volatile=True),
    # Device authorization: RFC 8628 §3.2
    "oauth2.device_code": text("what the device will ask with (RFC 8628 §3.2)", secret=True),
    "oauth2.user_code": text("what a person types elsewhere", secret=True),
    "oauth2.verification_uri": text("where"),
    "oauth2.verification_uri_complete": text("the same with the code in it", secret=True),
    "oauth2.interval": uint("seconds between two questions"),
    # Revocation and introspection: RFC 7009 §2.1, RFC 7662 §2
    "oauth2.token": text("the token that is asked about", secret=True),
    "oauth2.token_type_hint": text("which kind it is"),
    "oauth2.active": flag("whether it is worth anything (RFC 7662 §2.2)"),
    # Metadata and keys: RFC 8414 §2, RFC 7517 §4
    "oauth2.issuer": text("who the authorization server says it is (RFC 8414 §2)"),
    "oauth2.authorization_endpoint": text("where browsers are sent"),
    "oauth2.token_endpoint": text("where tokens are fetched"),
    "oauth2.jwks_uri": text("where its keys are published"),
    "oauth2.mtls_endpoint_aliases": label("where the same is, for clients with a certificate (RFC 8705 §5)"),
    "jwk": label("a published key (RFC 7517)"),
    "jwk.kty": text("its kind"),
    "jwk.use": text("what it is for"),
    "jwk.kid": text("its name, which tokens refer to"),
    "jwk.alg": text("what it signs with"),
}
