"""A run without its secrets: on the recorded login, whose secrets are known."""

from pathlib import Path

import pytest

from machinelab import exporting
from machinelab.cli.common import open_what
from machinelab.redact import scrub

SECRETS = (
    "oauth2.code",
    "oauth2.code_verifier",
    "oauth2.access_token",
    "oauth2.refresh_token",
    "oauth2.client_secret",
)


@pytest.fixture(scope="module")
def found():
    return open_what("oauth2", "pkce", shipped=True)


@pytest.mark.parametrize("ending", ["json", "html", "svg", "pcapng"])
def test_no_secret_is_in_the_file(found, ending: str, tmp_path: Path) -> None:
    secrets = {str(v) for event in found.run.trace.events for name in SECRETS for v in event.values(name)}
    assert len(secrets) == len(SECRETS)
    file = tmp_path / f"run.{ending}"
    said = exporting.export(found, file, redact=True)
    text = file.read_text("latin-1")
    assert "secrets masked" in said
    assert not [secret for secret in secrets | {"wonderland"} if secret in text]


def test_lengths_stay_and_what_is_no_secret_stays(found, tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    exporting.export(found, file, redact=True)
    text = file.read_text()
    code = next(str(v) for event in found.run.trace.events for v in event.values("oauth2.code"))
    assert "*" * len(code) in text
    assert "authorization_code" in text and "https://login.example.test" in text


def test_a_secret_is_scrubbed_in_every_form_it_is_written_in() -> None:
    secret = b'pa"ss&word'
    text = b'pa"ss&word pa\\"ss&word pa&quot;ss&amp;word ' + secret.hex().encode()
    assert not set(scrub(text, [secret])) - set(b"* ")
