"""TLS, the handshake: one client, four servers with different opinions, and one in the middle. The prose is in guides/tls.md.

Two faults that a break-it round could put in (they are described here, and not built):

- A server whose chain has lost its middle: nginx on `server` is given the leaf certificate alone. A browser that has the
  issuing CA in its cache does not notice; curl sends alert 48 (unknown_ca), as for a stranger's certificate. What tells the
  two apart is in the Certificate message: one certificate, and its issuer is the CA that everybody else's chain has.
- A ticket key that two servers do not share: `server` is restarted between the connection that got a ticket and the one
  that uses it. The ClientHello offers a PSK, the ServerHello takes none, and a whole handshake follows, certificate and
  all; early data sent along is lost and has to be sent again. Nothing fails, everything is slower.
"""

from machinelab.authoring import At, Lab

from .common import FORGET, KEYS, VIA
from .handshakes import alpn, early_data, full, hello_retry, key_update, on_looker, resumption
from .older import downgrade, static_rsa, tls12
from .pictures import PICTURES
from .questions import QUESTIONS
from .refusals import expired, mutual, no_common_version, unknown_ca, wrong_host

LAB = Lab(
    "tls",
    (
        full,
        hello_retry,
        resumption,
        early_data,
        tls12,
        static_rsa,
        mutual,
        expired,
        wrong_host,
        unknown_ca,
        no_common_version,
        alpn,
        downgrade,
        key_update,
        on_looker,
    ),
    QUESTIONS,
    core=("full", "resumption", "early-data", "expired", "downgrade", "on-looker"),
    minutes=75,
    pictures=PICTURES,
    memory=40,
    gather=KEYS,
    # Every pair that will speak does so once, so that ARP is done with before the first run.
    warm_up=(
        *(At("client", f"ask {name}.example.test") for name in ("strict", "legacy")),
        At("client", "ask staff.example.test", exits=(0, 1)),
        At("client", f"ask www.example.test {VIA}"),
        At("client", "ask www.example.test"),
        FORGET,
    ),
    descriptions={
        "client": "curl, OpenSSL, GnuTLS, Python",
        "server": "nginx: TLS 1.3 and 1.2",
        "strict": "nginx: TLS 1.3 alone, P-384 alone",
        "legacy": "nginx: TLS 1.2, an RSA certificate",
        "staff": "OpenSSL: wants a client certificate",
        "mallory": "passes on what it cannot read",
    },
)
