"""What the Python programs of this lab share: settings that `configure` writes, and an HTTPS server with several names."""

import gc
import json
import ssl
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from cheroot import wsgi
from cheroot.ssl.builtin import BuiltinSSLAdapter
from flask import Response

TLS = Path("/usr/share/machinelab/oauth2")
SETTINGS = Path("/run/oauth2/settings.json")
ISSUER = "https://login.example.test"
# OpenSSL's SSL_OP_NO_RX_CERTIFICATE_COMPRESSION, which Python has no name for: certificates come as they are, not as RFC 8879 has them.
UNCOMPRESSED = 1 << 33
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Settings:
    """The settings of now, and a fresh memory (`kept`) whenever they were written."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}
        self.read = 0
        self._values: dict[str, str] = {}

    def __call__(self, name: str, default: str = "") -> str:
        """A setting as it is now."""
        written = SETTINGS.stat().st_mtime_ns
        if written != self.read:
            self._values, self.read = json.loads(SETTINGS.read_text()), written
            self.kept.clear()
        return self._values.get(name, default)

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """What is made the first time it is asked for after `configure`."""
        self("")
        if name not in self.kept:
            self.kept[name] = make()
        return self.kept[name]


def bare(response: Response) -> Response:
    """A redirect without a body: browsers follow it before they have read one, and then the next request overtakes it."""
    if 300 <= response.status_code < 400:
        response.set_data(b"")
    return response


def context_of(name: str, certified: bool) -> ssl.SSLContext:
    """What TLS needs to be `name`; `certified`: and to ask the other end for a certificate of the lab's (RFC 8446 §4.3.2)."""
    context = ssl.create_default_context(
        ssl.Purpose.CLIENT_AUTH, cafile=TLS / "ca.pem" if certified else None
    )
    context.load_cert_chain(TLS / f"{name}.pem", TLS / f"{name}.key")
    if certified:
        context.verify_mode = ssl.CERT_OPTIONAL
        context.options |= UNCOMPRESSED
    return context


def serve(sites: Mapping[str, Application], port: int = 443, certified: bool = False) -> None:
    """Serve WSGI applications over TLS, each under its name below example.test. Does not return."""
    contexts = {f"{name}.example.test": context_of(name, certified) for name in sites}
    first = next(iter(sites))
    adapter = BuiltinSSLAdapter(str(TLS / f"{first}.pem"), str(TLS / f"{first}.key"))
    adapter.context = contexts[f"{first}.example.test"]

    def by_name(connection: ssl.SSLObject, asked: str, _: ssl.SSLContext) -> None:
        if asked in contexts:
            connection.context = contexts[asked]

    adapter.context.sni_callback = by_name

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        host = environ.get("HTTP_HOST", "").partition(".")[0]
        body = sites.get(host, sites[first])(environ, start_response)
        gc.collect()  # connections that the answer needed are closed now, and not in the middle of the next run
        return body

    server = wsgi.Server(("0.0.0.0", port), application, numthreads=8, server_name=first)
    server.ssl_adapter = adapter
    server.start()
