"""Where the engine is that the docker command itself would talk to: by DOCKER_HOST, DOCKER_CONTEXT or the context in use.

Read here and not by the SDK's own `docker.context`: that costs its import (80 ms of a processor), which a lock or `--help`
need not pay, looks for contexts in the working folder where there is no config.json, and ignores DOCKER_TLS_VERIFY's folder.
"""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

USUAL = "unix:///var/run/docker.sock"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An engine's address as DOCKER_HOST has it ("" where it cannot be told), the context that names it, and its TLS.

    `certificates` is the folder of ca.pem, cert.pem and key.pem; None where the connection is not encrypted by TLS.
    """

    url: str
    context: str = ""
    certificates: Path | None = None
    verify: bool = True

    @property
    def socket(self) -> str | None:
        """The file of its socket; None if that is not a file of this machine."""
        return self.url.removeprefix("unix://") if self.url.startswith(("unix:///", "/")) else None

    @property
    def how(self) -> str:
        """How it is reached, in words: `at tcp://10.0.0.7:2376 with TLS (context far)`."""
        tls = "" if self.certificates is None else " with TLS" if self.verify else " with TLS, unverified"
        named = f" (context {self.context})" if self.context else ""
        return f"at {self.url or 'an address that only docker knows'}{tls}{named}"


def found() -> Endpoint:
    """The engine that is to be used. DOCKER_HOST goes before DOCKER_CONTEXT, and that before config.json, as the command has it."""
    host = os.environ.get("DOCKER_HOST")
    if not host:
        return _of_context()
    encrypted = bool(os.environ.get("DOCKER_TLS_VERIFY") or os.environ.get("DOCKER_TLS"))
    folder = Path(os.environ.get("DOCKER_CERT_PATH") or _config())
    local = host.startswith(("unix:", "/", "ssh:", "npipe:", "fd:"))
    return Endpoint(
        host, "", folder if encrypted and not local else None, bool(os.environ.get("DOCKER_TLS_VERIFY"))
    )


def path() -> str | None:
    """The file of the engine's socket; None if it is not a file here."""
    return found().socket


def identity() -> str:
    """What tells this engine from another on the machine, for whoever asks by whatever name."""
    place = found()
    return str(Path(place.socket).resolve()) if place.socket else place.url


def _config() -> Path:
    return Path(os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker")


def _of_context() -> Endpoint:
    # As the command keeps it: config.json names the context, and its files lie under the hash of that name.
    folder = _config()
    name = os.environ.get("DOCKER_CONTEXT")
    try:
        if not name:
            name = str(json.loads((folder / "config.json").read_bytes()).get("currentContext") or "")
        if name in {"", "default"}:
            return Endpoint(USUAL)
        digest = hashlib.sha256(name.encode()).hexdigest()
        meta = json.loads((folder / "contexts" / "meta" / digest / "meta.json").read_bytes())
        told = meta["Endpoints"]["docker"]
        skips = bool(told.get("SkipTLSVerify"))
        certificates = folder / "contexts" / "tls" / digest / "docker"
        encrypted = skips or certificates.is_dir()
        return Endpoint(str(told["Host"]), name, certificates if encrypted else None, not skips)
    except FileNotFoundError:
        return Endpoint("", name) if name else Endpoint(USUAL)
    except (OSError, ValueError, LookupError, AttributeError, TypeError):
        return Endpoint("", name or "")  # the command will know better, or say what is wrong
