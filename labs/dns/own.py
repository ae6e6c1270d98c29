"""Your own resolver: the walk once more, by some fifty lines of Python in place of Unbound (compose/dns/own/resolver.py)."""

from machinelab.authoring import ARP, At, Choice, Experiment, Step

from . import headlines
from .common import ANSWERS, ASKS, HEAR, REFERS

OWN_ASKS = f"{ASKS} and dns.flags.recdesired == 0"

OWN_ASKS_ROOT = Step("own-asks-root", "own > root", OWN_ASKS)
OWN_ROOT_REFERS = Step("own-root-refers", reply_to="own-asks-root", sees=REFERS)
OWN_ASKS_TLD = Step("own-asks-tld", "own > tld", OWN_ASKS)
OWN_TLD_REFERS = Step("own-tld-refers", reply_to="own-asks-tld", sees=REFERS)
OWN_ASKS_AUTH = Step("own-asks-auth", "own > auth1|auth2", OWN_ASKS)
OWN_ANSWERED = Step("own-answered", reply_to="own-asks-auth", sees=ANSWERS)

own_resolver = Experiment(
    "own-resolver",
    "Your own resolver, in fifty lines of Python",
    headline=headlines.own_resolver,
    reset=HEAR,
    run=(At("own", "python3 -B /etc/dns/resolver.py {name} {type}"),),
    until="own-answered",
    knobs={
        "name": Choice(("www.example.test", "x.y.wild.example.test")),
        "type": Choice(("A", "AAAA", "MX", "TXT")),
    },
    background=(ARP,),
    steps=(OWN_ASKS_ROOT, OWN_ROOT_REFERS, OWN_ASKS_TLD, OWN_TLD_REFERS, OWN_ASKS_AUTH, OWN_ANSWERED),
)
