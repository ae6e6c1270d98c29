"""What the Python programs of this lab share: settings that `configure` writes, and an HTTPS server with several names."""

import gc
import json
import ssl
from pathlib import Path

from cheroot import wsgi
from cheroot.ssl.builtin import BuiltinSSLAdapter

TLS = Path("/usr/share/machinelab/oauth2")
SETTINGS = Path("/run/oauth2/settings.json")
ISSUER = "https://login.example.test"


class Settings:
    """The settings of now, and a fresh memory (`kept`) whenever they were written."""

    def __init__(self):
        self.kept, self.read, self._values = {}, 0, {}

    def __call__(self, name, default=""):
        """A setting as it is now."""
        written = SETTINGS.stat().st_mtime_ns
        if written != self.read:
            self._values, self.read = json.loads(SETTINGS.read_text()), written
            self.kept.clear()
        return self._values.get(name, default)

    def once(self, name, make):
        """What is made the first time it is asked for after `configure`."""
        self("")
        if name not in self.kept:
            self.kept[name] = make()
        return self.kept[name]


def bare(response):
    """A redirect without a body: browsers follow it before they have read one, and then the next request overtakes it."""
    if 300 <= response.status_code < 400:
        response.set_data(b"")
    return response


def serve(sites):
    """Serve WSGI applications over TLS, each under its name below example.test. Does not return."""
    contexts = {}
    for name in sites:
        contexts[f"{name}.example.test"] = context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(TLS / f"{name}.pem", TLS / f"{name}.key")
    first = next(iter(sites))
    adapter = BuiltinSSLAdapter(str(TLS / f"{first}.pem"), str(TLS / f"{first}.key"))
    adapter.context = contexts[f"{first}.example.test"]

    def by_name(connection, asked, _):
        if asked in contexts:
            connection.context = contexts[asked]

    adapter.context.sni_callback = by_name

    def application(environ, start_response):
        host = environ.get("HTTP_HOST", "").partition(".")[0]
        body = sites.get(host, sites[first])(environ, start_response)
        gc.collect()  # connections that the answer needed are closed now, and not in the middle of the next run
        return body

    server = wsgi.Server(("0.0.0.0", 443), application, numthreads=8, server_name=first)
    server.ssl_adapter = adapter
    server.start()
