"""What happened in each experiment, worked out from a run's own packets."""

from machinelab.authoring import Headline, Run, harm, listed, often, some

from .answers import parties

CODE, TOKEN = "oauth2.code", "oauth2.access_token"


def scopes(run: Run, step: str) -> str:
    """What a token allows, as the reply has it."""
    found = run.values(step, "oauth2.scope")
    return str(found[0]) if found else "what was asked for"


def pkce(run: Run) -> str:
    """Logged in, and who saw what."""
    run.first("page")
    how = "with PKCE" if run.claims("token-request") else "without PKCE"
    return f"Alice is logged in, {how}: {some(parties(CODE)(run), 'party', 'parties')} saw the code, {some(parties(TOKEN)(run), 'party', 'parties')} the access token, and the browser never had a token"


def openid(run: Run) -> str:
    """Who has logged in."""
    run.first("user")
    return "The application knows who has logged in: from the ID token, and from what /me said"


def scope(run: Run) -> str:
    """Less than was asked for."""
    run.first("insufficient")
    return f"Alice allowed only {scopes(run, 'less-than-asked')}: orders could be read, and placing one was refused"


def par(run: Run) -> str:
    """Nothing in front."""
    run.first("page")
    return "Alice is logged in, and her browser carried a reference in place of the request: scope and redirect address stayed behind"


def device(run: Run) -> str:
    """How often the television asked."""
    run.first("device-tokens")
    return f"The television has its token after {some(len(run.claims('polls')), 'poll')}: it was told to wait {often(len(run.claims('pending')))}"


def stolen(run: Run) -> str:
    """By whom, and how."""
    run.first("leak")
    return "mallory got the code from a Referer"


def no_pkce(run: Run) -> Headline | str:
    """Whether the thief got a token."""
    if run.claims("thief-tokens"):
        late = (
            "the true client came too late" if run.claims("already-used") else "the true client was not told"
        )
        return harm(f"The attack came through: {stolen(run)}, redeemed it and read Alice's orders; {late}")
    return f"The attack failed: {stolen(run)} and could not redeem it"


def pkce_stops(run: Run) -> Headline | str:
    """Whether the thief was refused."""
    if run.claims("thief-refused"):
        return f"The attack failed: {stolen(run)}, and without the verifier it was worth nothing"
    return harm(f"The attack came through: {stolen(run)}, and redeemed it")


def implicit(run: Run) -> Headline | str:
    """Where the token was to be seen."""
    run.first("token-in-address")
    return harm(
        f"The token was in an address: {some(parties(TOKEN)(run), 'party', 'parties')} had it, the browser and its history among them"
    )


def csrf(run: Run) -> Headline | str:
    """Whose orders Alice sees."""
    run.first("page")
    return harm(
        "The attack came through: Alice's browser is logged in as mallory, and what she orders goes to mallory's account"
    )


def state(run: Run) -> str:
    """Whether the application noticed."""
    run.first("not-mine")
    return "The attack failed: the application had asked for no such login, refused the code, and did not redeem it"


def redirect(run: Run) -> str:
    """Refused, and not sent on."""
    run.first("no-redirect")
    return f"Refused: {run.text('crooked-request', 'oauth2.redirect_uri')} is not registered, and the browser was not sent there"


def injection(run: Run) -> Headline | str:
    """Who is logged in as whom."""
    run.first("thief-page")
    return harm(
        "The attack came through: mallory gave the stolen code to its own client, and is logged in as Alice"
    )


def nonce(run: Run) -> str:
    """What stopped the thief."""
    run.first("not-this-login")
    by = "PKCE" if run.claims("verifier-refused") else "the nonce in the ID token"
    alice = "Alice got in" if run.claims("page") else "Alice has to log in again"
    return f"The attack failed: {by} belongs to another login, and mallory was shown the door; {alice}"


def client_credentials(run: Run) -> str:
    """A token without a person."""
    run.first("api-answer")
    return f"The program has a token of its own for {scopes(run, 'job-token')}: no browser, no person, no refresh token"


def refresh(run: Run) -> Headline | str:
    """What the second use of it cost."""
    if run.claims("heir-refused"):
        return "The refresh token was used twice: the second use was refused, and the token's successor was revoked with it"
    return harm(
        f"The refresh token was used {often(1 + len(run.claims('same-taken') + run.claims('again-taken')))}, and taken every time: a thief's copy would work as well"
    )


def expired(run: Run) -> str:
    """Refused, renewed, taken."""
    run.first("token-expired")
    run.first("api-answer")
    return (
        "The access token had expired and was refused; a refresh token brought a fresh one, which was taken"
    )


def audience(run: Run) -> str:
    """For whom it was."""
    run.first("wrong-audience")
    return f"Refused: the token is good, and meant for {run.text('api-call', 'jwt.aud')}"


def introspection(run: Run) -> str:
    """How many questions each kind of token cost."""
    run.first("api-answer")
    asked, read = len(run.claims("introspects")), len(run.claims("api-keys"))
    return f"Two calls with an opaque token cost {some(asked, 'question')} to the authorization server; two with a signed one, {some(read, 'request')} for its keys"


def revocation(run: Run) -> Headline | str:
    """Which of the two could be taken back."""
    refused = "was refused at the next call" if run.claims("refused-after") else "still worked"
    if run.claims("still-good"):
        return harm(
            f"The opaque token {refused}; the signed one cannot be revoked, and works until it expires"
        )
    return f"The opaque token {refused}, and the signed one no longer works"


def key_rotation(run: Run) -> str:
    """New keys, old tokens."""
    run.first("old-answer")
    fetched = "fetched the new key when it met it" if run.claims("new-keys") else "needed no new key"
    return f"The resource server {fetched}, and still took the token that the old key had signed"


def mtls(run: Run) -> str:
    """Who could use the token."""
    run.first("api-answer")
    refused = [
        who
        for who, step in (("without a certificate", "no-owner"), ("with another one", "other-owner"))
        if run.claims(step)
    ]
    return f"The token worked with the certificate it is bound to, and was refused {listed(refused)}"


def dpop(run: Run) -> str:
    """Who could use the token."""
    run.first("api-answer")
    refused = [
        who
        for who, step in (
            ("without a proof", "bare-refused"),
            ("with a proof by another key", "other-refused"),
        )
        if run.claims(step)
    ]
    return f"The token worked with a proof by its owner's key, and was refused {listed(refused)}"
