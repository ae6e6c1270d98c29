"""What the host has to hand on: its Debian mirror, its proxy, the authorities it trusts, where its keys are."""

import hashlib
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

KEYRINGS = (
    Path("/usr/share/keyrings/debian-archive-keyring.gpg"),
    Path("/usr/share/keyrings/debian-archive-keyring.pgp"),
    Path("/etc/apt/trusted.gpg.d/debian-archive-trixie-stable.gpg"),
)
# Where an administrator puts the authorities of an office: Debian's place, and Fedora's.
_EXTRA_CAS = (Path("/usr/local/share/ca-certificates"), Path("/etc/pki/ca-trust/source/anchors"))


def os_release(path: Path = Path("/etc/os-release")) -> Mapping[str, str]:
    """ID, VERSION_ID, VERSION_CODENAME … of this machine; empty where there is none (macOS)."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {key.strip(): value.strip().strip("\"'") for key, _, value in pairs}


def debian_mirror(apt: Path = Path("/etc/apt")) -> str:
    """The mirror that this machine gets Debian from; empty where it is no Debian or its mirror cannot be told."""
    texts = [apt / "sources.list", *sorted((apt / "sources.list.d").glob("*"))]
    for path in texts:
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        for uri, suite, components in _sources(text) if path.suffix == ".sources" else _one_line(text):
            # The security archive is a place of its own, and third parties have no `main` of a Debian suite.
            if suite in _SUITES and "main" in components and re.match(r"https?://", uri):
                return uri.rstrip("/")
    return ""


_SUITES = {"bookworm", "trixie", "forky", "sid", "stable", "testing", "unstable"}


def _sources(text: str) -> Iterator[tuple[str, str, list[str]]]:
    """Entries of a deb822 file: sources.list(5)."""
    for stanza in re.split(r"\n[ \t]*\n", text):
        lines = [line for line in stanza.splitlines() if not line.startswith("#")]
        joined = re.sub(r"\n[ \t]+", " ", "\n".join(lines))
        fields = {
            key.strip().lower(): value.split()
            for key, _, value in (line.partition(":") for line in joined.splitlines())
        }
        if fields.get("enabled") == ["no"] or "deb" not in fields.get("types", []):
            continue
        for uri in fields.get("uris", []):
            for suite in fields.get("suites", []):
                yield uri, suite, fields.get("components", [])


def _one_line(text: str) -> Iterator[tuple[str, str, list[str]]]:
    for match in re.finditer(r"^\s*deb\s+(?:\[[^]]*\]\s*)?(\S+)\s+(\S+)\s+(.*)$", text, re.MULTILINE):
        yield match[1], match[2], match[3].split()


def keyring() -> Path | None:
    """The keys that Debian signs its archive with, if this machine has them."""
    return next((path for path in KEYRINGS if path.exists()), None)


def apt_proxy() -> str:
    """The proxy that apt uses for http here; "" if none. Told by apt itself, so any of its configuration files may say it."""
    try:
        told = subprocess.run(
            ["apt-config", "shell", "P", "Acquire::http::Proxy"],
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        told = ""
    found = re.search(r"P='([^']*)'", told)
    proxy = found[1] if found else ""
    return "" if proxy == "DIRECT" else proxy


def build_proxies() -> dict[str, str]:
    """The build arguments that every builder knows and none of which stays in the image: http_proxy and its kin."""
    names = ("http_proxy", "https_proxy", "no_proxy", "ftp_proxy", "all_proxy")
    found = {name: os.environ.get(name) or os.environ.get(name.upper()) or "" for name in names}
    found["http_proxy"] = found["http_proxy"] or apt_proxy()
    return {name: value for name, value in found.items() if value}


def is_local(proxies: Mapping[str, str]) -> bool:
    """Whether one of the proxies listens on this very machine only, where a container does not reach it."""
    return any(
        re.search(r"//(?:[^/@]*@)?(?:127\.|localhost[:/]|localhost$|\[::1\])", value)
        for value in proxies.values()
    )


def extra_cas() -> list[Path]:
    """The certificates of authorities that were added to this machine by hand."""
    found = (path for folder in _EXTRA_CAS if folder.is_dir() for path in sorted(folder.rglob("*")))
    return [
        path
        for path in found
        if path.suffix in {".crt", ".pem"} and path.is_file() and os.access(path, os.R_OK)
    ]


def cas_hash() -> str:
    """Changes when the added authorities change."""
    digest = hashlib.sha256()
    for path in extra_cas():
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
