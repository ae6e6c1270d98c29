"""Answers worked out from a learner's own run."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256

from machinelab.authoring import Run


def parties(name: str) -> Callable[[Run], int]:
    """How many nodes have sent or received a field: each node's vantage is the packets it is an end of."""

    def answer(run: Run) -> int:
        ends = [(event.src, event.dst) for event in run.trace.events if event.values(name)]
        return len({run.node(address) for pair in ends for address in pair})

    return answer


def verifier(run: Run) -> str:
    """The code verifier, as the token request has it."""
    return str(run.items("token-request")[0].fields["oauth2.code_verifier"][0].value)


def challenge(run: Run) -> str:
    """The first eight characters of the verifier's challenge: RFC 7636 §4.2."""
    return urlsafe_b64encode(sha256(verifier(run).encode()).digest()).decode()[:8]


def in_hex(run: Run) -> str:
    """The same hash, written otherwise."""
    return sha256(verifier(run).encode()).hexdigest()[:8]


def times(*steps: str) -> Callable[[Run], int]:
    """How often one of these steps was seen."""

    def answer(run: Run) -> int:
        return sum(len(run.claims(step)) for step in steps)

    return answer
