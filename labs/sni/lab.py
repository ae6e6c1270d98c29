"""SNI: how one address has many certificates, and who reads the name. The prose is in guides/sni.md."""

from machinelab.authoring import At, Lab

from .choosing import fronting, pass_through, pick, unknown
from .hiding import censor, ech, leak, stale
from .pictures import PICTURES
from .questions import QUESTIONS

# Every pair that will speak does so once, so that ARP is done with before the first run.
GREET = (
    At("client", "visit apple.test"),
    At("client", "visit public.test"),
    At("client", "visit -at front:443 apple.test"),
    At("client", "visit -at front:443 public.test"),
    At("client", "look-up udp apple.test A"),
)

LAB = Lab(
    "sni",
    (pick, unknown, pass_through, fronting, censor, ech, stale, leak),
    QUESTIONS,
    core=("pick", "pass-through", "censor", "ech", "stale", "leak"),
    minutes=50,
    memory=60,
    warm_up=GREET,
    pictures=PICTURES,
    descriptions={
        "client": "a client on Go's crypto/tls",
        "isp": "a router whose owner looks on",
        "front": "sorts by name: HAProxy, nginx",
        "web": "apple, pear, *.plum: nginx",
        "edge": "secret behind public: Caddy",
        "dns": "the resolver: Unbound",
    },
)
