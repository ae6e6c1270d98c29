"""Why an engine is not reached at all: the words of docker, Compose, ssh and TLS, and what to do about it."""

import re
from collections.abc import Callable

Explained = tuple[str, str]

LOOK = "machinelab doctor"
DOCTOR = f"{LOOK} --fix"


def last_words(text: str) -> str:
    """The last line that says something; usage advice of the command line is not it."""
    lines = [line.strip() for line in text.splitlines()]
    telling = [
        line
        for line in lines
        if line and not line.startswith(("Run 'docker", "See 'docker", "Usage:", "exit status "))
    ]
    return telling[-1] if telling else ""


def named(found: re.Match[str]) -> str:
    """The group that matched."""
    return next((group for group in found.groups() if group), "")


def _no_engine(found: re.Match[str]) -> Explained:
    where = found[1].rstrip(".")
    # A socket's file is of this machine; whatever has a port may be anywhere.
    hint = f"Start it: {DOCTOR}" if "/" in where.partition("://")[2] or where.startswith("/") else _ELSEWHERE
    return f"No container engine answers at {where}.", hint


_NAMED = "docker context ls, and echo $DOCKER_HOST"
_ELSEWHERE = f"Start it there, or name another engine; what names this one: {_NAMED}"


def _no_host(found: re.Match[str]) -> Explained:
    return (
        f"The engine's host {found[1]} is not known: its name has no address.",
        f"Name it as tcp://HOST:2376, ssh://USER@HOST or unix:///FILE; what names it: {_NAMED}",
    )


def _no_ssh(found: re.Match[str]) -> Explained:
    options, host, said = found.groups()
    user, port = (re.search(rf"-{letter} (\S+)", options) for letter in "lp")
    words = " ".join(["ssh", *(f"-{x[0][1]} {x[1]}" for x in (user, port) if x), host])
    why = last_words(said) or "the command there ended at once"
    return (
        f"The engine on {host} cannot be reached over ssh: {why}",
        f"Try it by hand, until it works without a question: {words} docker version",
    )


def _no_context(found: re.Match[str]) -> Explained:
    return (
        f"There is no docker context {named(found)}.",
        "Choose one that there is: docker context ls, then docker context use NAME (DOCKER_CONTEXT goes before it).",
    )


def _no_address(found: re.Match[str]) -> Explained:
    return (
        f"{named(found)} is not the address of an engine.",
        f"Write it as tcp://HOST:2376, ssh://USER@HOST or unix:///FILE; what names it: {_NAMED}",
    )


def _no_certificate(found: re.Match[str]) -> Explained:
    return (
        f"A certificate for the engine cannot be read: {named(found)}.",
        "Point DOCKER_CERT_PATH to the folder with ca.pem, cert.pem and key.pem; without TLS, unset DOCKER_TLS_VERIFY.",
    )


def _bad_certificate(found: re.Match[str]) -> Explained:
    return (
        f"The engine and this user do not trust each other's certificates: {named(found).strip()}.",
        "Ask whoever runs the engine for its ca.pem and your cert.pem and key.pem (DOCKER_CERT_PATH, or the context).",
    )


def _plain_for_tls(_: re.Match[str]) -> Explained:
    return (
        "The engine and this user do not agree whether to speak TLS.",
        "Set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH for an engine with TLS; unset both for one without.",
    )


def _no_engine_there(found: re.Match[str]) -> Explained:
    return (
        f"What answers at {found[1]} is no container engine.",
        f"Name another; what names this one: {_NAMED}",
    )


UNREACHED: tuple[tuple[str, Callable[[re.Match[str]], Explained]], ...] = (
    (r"context \"([^\"]+)\": context not found|context \"([^\"]+)\" does not exist", _no_context),
    (r"unable to resolve docker endpoint: (?:open|stat) (\S+\.pem):", _no_certificate),
    (
        r"unable to resolve docker endpoint: invalid bind address format: (\S+)|unable to parse docker host `([^`]*)`",
        _no_address,
    ),
    (
        r"error during connect: [^\n]*command \[ssh ([^\n]*)-- (\S+) docker system dial-stdio\] has exited[^\n]*stderr=((?s:.*))",
        _no_ssh,
    ),
    (r"error during connect: [^\n]*dial tcp: lookup (\S+?)(?: on \S+)?: ", _no_host),
    (
        r"error during connect: [^\n]*?(x509: [^\n(]+|remote error: tls: [^\n]+|certificate verify failed[^\n]*)",
        _bad_certificate,
    ),
    (r"HTTP request to an HTTPS server|server gave HTTP response to HTTPS client", _plain_for_tls),
    (r"(?:404 )?Not Found for API route and version (\w+://[^/\s]+)", _no_engine_there),
    (r"Cannot connect to the Docker daemon at (\S+?)\.? Is the docker daemon running", _no_engine),
    (r"failed to connect to the docker API at ([^\s;,]+)", _no_engine),
    (r"error during connect: .*?dial (?:tcp|unix) ([^\s:]+(?::\d+)?)", _no_engine),
)
"""Patterns, in the order they are tried, each with what it means. Seen of docker 28.2 with Compose 2.26."""
