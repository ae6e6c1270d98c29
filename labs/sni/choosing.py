"""The name chooses: a certificate, a server behind a front that decrypts nothing; and what happens when it is nobody's."""

from machinelab.authoring import At, Background, Choice, Experiment, Step

from . import headlines
from .common import FORGET, GATHER, NAME, NOISE, TYPE, back, certificate, hello, looked, page, where

WEB, EDGE, FRONT = "client > isp > web", "client > isp > edge", "client > isp > front"
DOORS = Choice(("443", "8443"))

pick = Experiment(
    "pick",
    "One address, three certificates",
    headline=headlines.pick,
    reset=FORGET,
    run=tuple(At("client", f"visit {name}") for name in ("apple.test", "pear.test", "www.plum.test")),
    gather=GATHER,
    telling=("apple-certificate", "pear-certificate", "plum-certificate"),
    background=NOISE,
    steps=(
        hello("apple-hello", WEB, "apple.test"),
        certificate("apple-certificate", WEB, "apple.test"),
        *page("apple-", WEB, "apple.test"),
        hello("pear-hello", WEB, "pear.test"),
        certificate("pear-certificate", WEB, "pear.test"),
        *page("pear-", WEB, "pear.test"),
        hello("plum-hello", WEB, "www.plum.test"),
        certificate("plum-certificate", WEB, "*.plum.test"),
        *page("plum-", WEB, "www.plum.test"),
        looked("names-read", 'onlooker.what == "tls" and onlooker.ech == 0', (3, 3)),
    ),
)

STRANGE, SUBDOMAIN = "name != old.www.plum.test", "name == old.www.plum.test"

unknown = Experiment(
    "unknown",
    "A name that is nobody's",
    headline=headlines.unknown,
    reset=FORGET,
    run=(At("client", "visit -at web:{door} -sni {name} cherry.test", exits=(0, 1)),),
    gather=GATHER,
    knobs={"name": Choice(("cherry.test", "old.www.plum.test", "none")), "door": DOORS},
    telling=("default-certificate", "unrecognized-name", "plum-certificate"),
    background=NOISE,
    steps=(
        *where(
            "name != none",
            Step("strange-hello", WEB, f'{TYPE} == 1 and {NAME} in {{"cherry.test", "old.www.plum.test"}}'),
        ),
        *where("name == none", Step("nameless-hello", WEB, f"{TYPE} == 1 and not {NAME}")),
        *where(
            f"{STRANGE} and door == 443",
            certificate("default-certificate", WEB, "apple.test"),
        ),
        *where(SUBDOMAIN, certificate("plum-certificate", WEB, "*.plum.test")),
        *where(
            f"{STRANGE} and door == 8443",
            Step("unrecognized-name", back(WEB), "tls.alert_message.desc == 112"),
        ),
        *where(
            "name == cherry.test and door == 443",
            Step("wrong-name", WEB, "tls.alert_message.desc == 42"),
        ),
        *where(SUBDOMAIN, Step("one-label-too-many", WEB, "tls.alert_message.desc == 42")),
        *where("name == none and door == 443", *page("", WEB, "cherry.test")),
        looked("name-read", 'onlooker.what == "tls" and onlooker.ech == 0'),
    ),
)


def through(name: str, server: str) -> tuple[Step, ...]:
    """A hello that the front sends on as it is, and the certificate that comes back, encrypted: as it left, and as it arrives."""
    return where(
        f"name == {name}",
        hello(f"hello-to-{server}", f"{FRONT} > {server}", name),
        Step(f"{server}-certificate", f"{server} > front", f'{TYPE} == 11 and x509ce.dNSName == "{name}"'),
        Step(f"{server}-certificate-passed", back(FRONT), f'{TYPE} == 11 and x509ce.dNSName == "{name}"'),
    )


pass_through = Experiment(
    "pass-through",
    "Sorted by name, unread",
    headline=headlines.pass_through,
    reset=FORGET,
    run=(At("client", "visit -at front:{door} {name}", exits=(0, 1)),),
    gather=GATHER,
    knobs={"name": Choice(("pear.test", "secret.test", "cherry.test")), "door": DOORS},
    telling=(
        "hello-to-web",
        "web-certificate-passed",
        "hello-to-edge",
        "edge-certificate-passed",
        "hello-stays",
        "hung-up",
    ),
    # How the page's messages share packets on the second connection is the front's affair, and differs from run to run.
    background=(*NOISE, Background("page-through", "http")),
    steps=(
        *through("pear.test", "web"),
        *through("secret.test", "edge"),
        *where(
            "name == cherry.test",
            hello("hello-stays", FRONT, "cherry.test"),
            Step("hung-up", back(FRONT), "tcp.flags.fin == 1 or tcp.flags.reset == 1", times=(1, None)),
        ),
        looked("name-read", 'onlooker.what == "tls" and onlooker.ech == 0'),
    ),
)

fronting = Experiment(
    "fronting",
    "One name outside, another inside",
    headline=headlines.fronting,
    reset=FORGET,
    run=(
        At("client", "visit -host pear.test apple.test"),
        At("client", "visit -host secret.test public.test"),
    ),
    gather=GATHER,
    telling=("other-request", "other-page", "misdirected-request", "misdirected-page"),
    background=NOISE,
    steps=(
        hello("apple-hello", WEB, "apple.test"),
        certificate("apple-certificate", WEB, "apple.test"),
        *page("other-", WEB, "pear.test"),
        hello("public-hello", EDGE, "public.test"),
        certificate("public-certificate", EDGE, "public.test"),
        *page("misdirected-", EDGE, "secret.test", 421),
        looked("fronts-read", 'onlooker.what == "tls" and onlooker.ech == 0', (2, 2)),
        looked("unread", 'onlooker.name in {"pear.test", "secret.test"}', (0, 0)),
    ),
)
