"""DNS, how names resolve: a stub, a resolver, the root, a TLD and two authoritative servers. The prose is in guides/dns.md."""

from machinelab.authoring import Lab

from .common import FORGET, GREET, HEAR
from .header import HEADER
from .lookups import cname, cold, glueless, minimised, reverse, ttl, warm
from .own import own_resolver
from .pictures import PICTURES
from .proofs import bogus, dnssec, insecure, nxdomain, wildcard
from .questions import QUESTIONS
from .transports import dot, truncated
from .trouble import lame, spoof, unreachable

LAB = Lab(
    "dns",
    (
        cold,
        warm,
        nxdomain,
        cname,
        truncated,
        dnssec,
        bogus,
        unreachable,
        lame,
        minimised,
        ttl,
        spoof,
        dot,
        insecure,
        glueless,
        wildcard,
        reverse,
        own_resolver,
    ),
    QUESTIONS,
    core=("cold", "warm", "nxdomain", "dnssec", "bogus", "spoof"),
    minutes=75,
    pictures=(*PICTURES, HEADER),
    memory=95,
    reset=(*HEAR, FORGET),
    warm_up=GREET,
    descriptions={
        "stub": "a client, with dig and kdig",
        "resolver": "Unbound: walks, checks, remembers",
        "root": "NSD, keeps the root",
        "tld": "BIND, keeps test.",
        "auth1": "Knot, keeps zones below test.",
        "auth2": "NSD, keeps zones below test.",
        "own": "your own resolver, in Python",
        "mallory": "forges answers, in one experiment",
    },
)
