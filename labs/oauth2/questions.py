"""What the worksheet asks."""

from collections.abc import Callable

from machinelab.authoring import Answer, Question, Run, field_of, packets_of

from .answers import challenge, in_hex, parties, times, verifier


def always(answer: Answer) -> Callable[[Run], Answer]:
    """The same answer whatever the run: what somebody thinks who does not look."""
    return lambda run: answer


def choices(*letters: str) -> dict[str, Callable[[Run], Answer]]:
    """Choices that are wrong unless the run makes them right; the worksheet replies to each by its letter."""
    return {letter: always(letter) for letter in letters}


def seen(step: str, there: str, missing: str) -> Callable[[Run], str]:
    """One letter if the run shows a step, another if it does not."""
    return lambda run: there if run.claims(step) else missing


def observe(id: str, experiment: str, step: str, **wrong: str) -> Question:
    """Point at the packet of a step; the wrong twins point at other steps. (Names with _ for spaces.)"""
    twins = {name.replace("_", " "): packets_of(other) for name, other in wrong.items()}
    return Question(id, experiment, "observe", packets_of(step), twins, needs=(step,))


QUESTIONS = (
    Question(
        "who-saw-code",
        "pkce",
        "predict",
        parties("oauth2.code"),
        {"thinks it stays between servers": always(2), "thinks everybody needs it": always(4)},
        needs=("code", "callback", "token-request"),
        evidence=("code", "callback", "token-request"),
    ),
    Question(
        "who-saw-token",
        "pkce",
        "predict",
        parties("oauth2.access_token"),
        {"thinks the browser has it too": always(4), "forgets who made it": always(2)},
        needs=("tokens", "api-call"),
        evidence=("tokens", "api-call"),
    ),
    observe(
        "verifier",
        "pkce",
        "token-request",
        takes_the_challenge_for_it="authorize",
        takes_the_redirect_for_it="sends-away",
        thinks_the_code_brings_it="callback",
    ),
    Question(
        "by-hand",
        "pkce",
        "observe",
        challenge,
        {
            "takes the verifier itself": lambda run: verifier(run)[:8],
            "writes the hash in hex": in_hex,
        },
        needs=("token-request",),
        evidence=("authorize", "token-request"),
    ),
    observe(
        "leak",
        "no-pkce",
        "leak",
        takes_the_redirect_for_it="code",
        takes_the_use_for_the_theft="stolen-code",
        takes_the_callback_for_it="callback",
    ),
    Question(
        "thief",
        "pkce-stops",
        "explain",
        seen("thief-refused", "b", "a"),
        choices("a", "c", "d"),
        needs=("leak", "stolen-code"),
        evidence=("leak", "stolen-code"),
    ),
    Question(
        "program",
        "client-credentials",
        "explain",
        seen("job-token", "c", "d"),
        choices("a", "b"),
        needs=("job-request",),
        evidence=("job-request", "job-token"),
    ),
    Question(
        "family",
        "refresh",
        "predict",
        times("reuse-refused", "heir-refused"),
        {"thinks the heir is safe": always(1), "thinks a token is good until it expires": always(0)},
        needs=("reuse", "heir"),
        evidence=("reuse", "heir"),
    ),
    Question(
        "whose",
        "csrf",
        "observe",
        field_of("bare-tokens", "jwt.sub"),
        {"thinks of whose browser it is": always("alice")},
        needs=("bare-tokens",),
        evidence=("own-code", "foreign-callback", "bare-tokens"),
    ),
    Question(
        "noticed",
        "state",
        "explain",
        seen("not-mine", "d", "a"),
        choices("a", "b", "c"),
        needs=("foreign-callback",),
        evidence=("passed-on", "foreign-callback"),
    ),
    Question(
        "crooked",
        "redirect",
        "predict",
        field_of("no-redirect", "http.response.code"),
        {"thinks the error is sent to the address": always(303), "thinks of a missing page": always(404)},
        needs=("no-redirect",),
        evidence=("no-redirect",),
    ),
    Question(
        "door",
        "audience",
        "explain",
        seen("wrong-audience", "c", "d"),
        choices("a", "b"),
        needs=("api-call",),
        evidence=("api-call", "wrong-audience"),
    ),
    Question(
        "less",
        "scope",
        "predict",
        field_of("insufficient", "http.response.code"),
        {"thinks the token is bad": always(401), "thinks the login fails": always(400)},
        needs=("insufficient",),
        evidence=("less-than-asked", "insufficient"),
    ),
    observe(
        "tie",
        "device",
        "types-code",
        thinks_the_device_sends_it="device-request",
        takes_the_long_code_for_it="polls",
        takes_the_password_for_it="credentials",
    ),
    Question(
        "asked",
        "introspection",
        "predict",
        times("introspects"),
        {"thinks the vault remembers": always(1), "thinks every call is asked about": always(4)},
        needs=("introspects", "api-keys"),
        evidence=("introspects", "api-keys"),
    ),
    observe(
        "outlives",
        "revocation",
        "still-good",
        takes_the_refusal_to_revoke_for_it="cannot-revoke",
        takes_the_other_token_for_it="refused-after",
        takes_the_call_before_for_it="api-answer",
    ),
    Question(
        "fetched",
        "key-rotation",
        "predict",
        times("api-keys", "new-keys"),
        {"thinks every token needs a look": always(3), "thinks the keys are known": always(1)},
        needs=("api-keys", "new-keys"),
        evidence=("api-keys", "new-keys"),
    ),
    Question(
        "history",
        "implicit",
        "explain",
        seen("token-in-address", "b", "d"),
        choices("a", "c"),
        needs=("nothing-leaks",),
        evidence=("token-in-address", "nothing-leaks"),
    ),
    Question(
        "bound",
        "dpop",
        "explain",
        seen("bare-refused", "a", "d"),
        choices("b", "c"),
        needs=("bare-call",),
        evidence=("bound-token", "bare-call", "bare-refused"),
    ),
)
