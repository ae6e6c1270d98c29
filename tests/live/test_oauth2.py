"""The OAuth lab on real servers: knobs; what the attacker really got."""

import html
import json

import pytest

from . import labs

pytestmark = [pytest.mark.live, labs.of("oauth2")]

INSTANCE = labs.INSTANCE
# Turned each time; what else there is to turn, in the long tests.
TURNED = [
    ("pkce", "pkce=none"),
    ("client-credentials", "auth=client_secret_post"),
    ("client-credentials", "auth=private_key_jwt"),
    ("refresh", "rotate=no"),
    ("redirect", "uri=https://app.example.test/callback/more"),
    ("redirect", "uri=http://app.example.test/callback"),
    ("key-rotation", "keys=1"),
    ("state", "pkce=S256"),
    ("nonce", "pkce=S256"),
    ("injection", "scope=openid orders:read"),
]


def values(lab, experiment, name):
    """Every value of a field in the newest run, packet by packet."""
    told = lab("packets", "oauth2", experiment, "--json", "--filter", name, "--as", INSTANCE)
    return [json.loads(line)["fields"][name] for line in told.stdout.splitlines()]


def test_the_thief_reads_alices_orders_and_with_pkce_she_does_not(lab):
    """Told by the attacker's own log: what she got for the code, and what the token opened."""
    assert lab("run", "oauth2", "no-pkce", "--as", INSTANCE).returncode == 0
    told = lab("logs", "oauth2", "mallory", "--as", INSTANCE).stdout.splitlines()
    code, token = [line for line in told if line.startswith(("stolen code", "with alice's token"))][-2:]
    assert code.startswith("stolen code: 200") and token.startswith("with alice's token: 200")
    assert lab("run", "oauth2", "pkce-stops", "--as", INSTANCE).returncode == 0
    told = lab("logs", "oauth2", "mallory", "--as", INSTANCE).stdout.splitlines()
    last = [line for line in told if line.startswith(("stolen code", "with alice's token"))][-1]
    assert last.startswith("stolen code: 400")


def test_mallory_is_taken_for_alice_only_where_the_nonce_is_not_looked_at(lab):
    """Told by the attacker's own log: which page the application gave her."""
    for experiment, status, page in (
        ("injection", 200, "Orders of Alice"),
        ("nonce", 400, "invalid_claim: Invalid claim 'nonce'"),
    ):
        assert lab("run", "oauth2", experiment, "--as", INSTANCE).returncode == 0
        told = lab("logs", "oauth2", "mallory", "--as", INSTANCE).stdout.splitlines()
        last = [line for line in told if line.startswith("injected code")][-1]
        assert last.startswith(f"injected code: {status}") and page in html.unescape(last), last


def test_every_signature_of_a_login_is_right(lab):
    assert lab("run", "oauth2", "pkce", "--as", INSTANCE).returncode == 0
    found = [value for each in values(lab, "pkce", "jwt.signature.right") for value in each]
    assert found == [
        True,
        True,
        True,
    ]  # access token and ID token; the access token once more, at the resource server


def test_a_token_for_the_right_door_is_told_as_a_difference(lab):
    told = lab("run", "oauth2", "audience", "--set", "resource=https://api.example.test/", "--as", INSTANCE)
    assert told.returncode == 1
    assert "wrong-audience was not seen" in told.stdout


def test_an_export_without_secrets_holds_none(lab, tmp_path):
    assert lab("run", "oauth2", "pkce", "--as", INSTANCE).returncode == 0
    secrets = {
        value
        for name in (
            "oauth2.code",
            "oauth2.code_verifier",
            "oauth2.access_token",
            "oauth2.refresh_token",
            "oauth2.client_secret",
        )
        for each in values(lab, "pkce", name)
        for value in each
    }
    assert len(secrets) == 5
    for ending in ("json", "html", "pcapng", "svg"):
        file = tmp_path / f"run.{ending}"
        told = lab("export", "oauth2", "pkce", "-o", str(file), "--redact", "--as", INSTANCE)
        assert told.returncode == 0, told.stderr
        text = file.read_text("latin-1")
        assert not [secret for secret in secrets if secret in text]
        assert "wonderland" not in text  # Alice's password
        assert (
            ending != "pcapng" or "CLIENT_TRAFFIC_SECRET" not in text
        )  # elsewhere it is the name of a secret
    open_ = tmp_path / "open.json"
    assert lab("export", "oauth2", "pkce", "-o", str(open_), "--as", INSTANCE).returncode == 0
    assert all(secret in open_.read_text() for secret in secrets)


def test_a_challenge_worked_out_by_hand_is_graded(lab):
    import base64
    import hashlib

    assert lab("run", "oauth2", "pkce", "--as", INSTANCE).returncode == 0
    verifier = values(lab, "pkce", "oauth2.code_verifier")[0][0]
    answer = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode()[:8]
    right = lab("worksheet", "oauth2", "--answer", f"by-hand={answer}", "--as", INSTANCE)
    wrong = lab("worksheet", "oauth2", "--answer", f"by-hand={verifier[:8]}", "--as", INSTANCE)
    assert right.returncode == 0, right.stdout + right.stderr
    assert wrong.returncode == 1
