"""Who refuses whom, and how that looks: certificates that are missing or not taken, versions that do not meet."""

from collections.abc import Callable
from dataclasses import replace

from machinelab.authoring import At, Background, Choice, Experiment, Run, Step

from . import headlines
from .common import (
    CLIENT_HELLO,
    FORGET,
    GET,
    GROUPS,
    KEYS,
    NOISE,
    REPLY,
    REQUEST,
    TYPE,
    asks,
    ends,
    host,
    proof,
    sealed_start,
    tells,
)

ALICE = "/usr/share/machinelab/tls/alice"
WHO = f"-cert {ALICE}.pem -cert_chain {ALICE}.pem -key {ALICE}.key"
NOBODY = "tls.handshake.certificates_length == 0"

# The client may have sent its request before the refusal reaches it, or not.
UNHEARD = Background("unheard-request", REQUEST, "client > staff")

mutual = Experiment(
    "mutual",
    "A server that wants to know who you are",
    headline=headlines.mutual,
    reset=(FORGET,),
    run=(
        At("client", "ask staff.example.test -groups {groups}", exits=(0, 1)),
        At("client", f"ask staff.example.test -groups {{groups}} {WHO}"),
    ),
    gather=KEYS,
    knobs={"groups": GROUPS},
    background=(*NOISE, UNHEARD),
    steps=(
        asks("client-hello", f"{TYPE} == 1", "staff"),
        *sealed_start("staff"),
        tells("certificate-request", f"{TYPE} == 13", "staff"),
        *proof("staff"),
        tells("server-finished", f"{TYPE} == 20", "staff"),
        asks("empty-certificate", f"{TYPE} == 11 and {NOBODY}", "staff"),
        asks("client-finished", f"{TYPE} == 20", "staff"),
        tells("certificate-required", "tls.alert_message.desc == 116", "staff"),
        asks("known-hello", f"{TYPE} == 1", "staff"),
        tells("same-flight", f"{TYPE} in {{2, 8, 11, 13, 15, 20}}", "staff", times=(6, 6)),
        asks("client-certificate", f"{TYPE} == 11 and not {NOBODY}", "staff"),
        asks("client-verify", f"{TYPE} == 15", "staff"),
        asks("known-client-finished", f"{TYPE} == 20", "staff"),
        asks("known-client-request", REQUEST, "staff"),
        tells("response", REPLY, "staff"),
        *ends("staff"),
    ),
)


def refused(id: str, title: str, name: str, alert: Step, headline: Callable[[Run], str]) -> Experiment:
    """A certificate that the client does not take: it says so, and goes."""
    return Experiment(
        id,
        title,
        headline=headline,
        reset=(FORGET,),
        run=(replace(GET, exits=(0, 1, 60)),),
        gather=KEYS,
        knobs={"client": Choice(("curl", "openssl", "python", "gnutls")), "name": host(name)},
        background=NOISE,
        steps=(
            CLIENT_HELLO,
            *sealed_start(),
            *proof(),
            tells("server-finished", f"{TYPE} == 20"),
            alert,
            asks("no-request", REQUEST, times=(0, 0)),
        ),
    )


expired = refused(
    "expired",
    "A certificate whose time is over",
    "expired.example.test",
    asks("certificate-expired", "tls.alert_message.desc == 45"),
    headlines.expired,
)
unknown_ca = refused(
    "unknown-ca",
    "A certificate by somebody nobody knows",
    "unknown.example.test",
    asks("unknown-ca", "tls.alert_message.desc == 48"),
    headlines.unknown_ca,
)


CURL = "client == curl"
NOT_CURL = "client != curl"

wrong_host = Experiment(
    "wrong-host",
    "A good certificate, for somebody else",
    headline=headlines.wrong_host,
    reset=(FORGET,),
    run=(replace(GET, exits=(0, 1, 60)),),
    gather=KEYS,
    knobs={"client": Choice(("curl", "python")), "name": host("wrong.example.test")},
    background=NOISE,
    steps=(
        CLIENT_HELLO,
        *sealed_start(),
        *proof(),
        tells("server-finished", f"{TYPE} == 20"),
        asks("client-finished", f"{TYPE} == 20", when=CURL),
        asks("bad-certificate", "tls.alert_message.desc == 42", when=NOT_CURL),
        *ends(),
        asks("no-request", REQUEST, times=(0, 0)),
    ),
)


no_common_version = Experiment(
    "no-common-version",
    "Two that have no version in common",
    headline=headlines.no_common_version,
    reset=(FORGET,),
    run=(At("client", "ask strict.example.test -tls1_2 -cipher {cipher}", exits=(0, 1)),),
    gather=KEYS,
    knobs={"cipher": Choice(("DEFAULT", "ECDHE-ECDSA-AES128-GCM-SHA256"))},
    background=NOISE,
    steps=(
        asks("old-hello", f"{TYPE} == 1", "strict"),
        tells("version-refused", "tls.alert_message.desc == 70", "strict"),
    ),
)
