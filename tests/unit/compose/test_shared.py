"""What images share: the certificates it makes hold together, and configuration is filled in."""

import subprocess
import sys
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from tests import ROOT

SHARED = ROOT / "compose/images/shared"


def test_the_tls_labs_certificates_chain_to_its_root(tmp_path: Path) -> None:
    make = [sys.executable, str(ROOT / "compose/images/tls/make-ca"), str(tmp_path)]
    subprocess.run(make, check=True, env={"PYTHONPATH": str(SHARED), "PYTHONDONTWRITEBYTECODE": "1"})
    (root,) = x509.load_pem_x509_certificates((tmp_path / "ca.pem").read_bytes())
    leaf, issuing = x509.load_pem_x509_certificates((tmp_path / "www.pem").read_bytes())
    leaf.verify_directly_issued_by(issuing)
    issuing.verify_directly_issued_by(root)
    names = leaf.extensions.get_extension_for_oid(ExtensionOID.SUBJECT_ALTERNATIVE_NAME).value
    assert isinstance(names, x509.SubjectAlternativeName)
    assert names.get_values_for_type(x509.DNSName) == ["www.example.test"]
    (stranger,) = x509.load_pem_x509_certificates((tmp_path / "unknown.pem").read_bytes())
    assert stranger.issuer != issuing.subject


def test_configuration_is_filled_in() -> None:
    script = f". {SHARED}/node.sh; filled access=198.18.53 access.reversed=53.18.198"
    said = subprocess.run(
        ["sh", "-c", script], input="listen @access@.10 @access@.11\nzone @access.reversed@ @other@\n",
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert said.stdout == "listen 198.18.53.10 198.18.53.11\nzone 53.18.198 @other@\n"
