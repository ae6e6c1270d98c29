"""What the experiments share: servers that are well, HAProxy's log, the backgrounds, a load and its answers."""

from machinelab.authoring import ARP, At, Background, Gather, Step

WEBS = ("web1", "web2", "web3")
ANY_WEB = "web1|web2|web3"
MANY = (1, None)

LOG = (Gather("l7", "haproxy", "logged {started}"),)
LOGGED = Background("logged", "haproxy")
CHECKS = Background("checks", 'http.request.uri == "/health"', f"l7|{ANY_WEB} > l7|{ANY_WEB}")
# Checks come in their own time: one may have begun before the capture, and one may not have ended with it.
CUT_OFF = Background(
    "cut-off", "tcp.completeness.syn == 0 or tcp.completeness in {1..7}", f"l7|{ANY_WEB} > l7|{ANY_WEB}"
)
# A check, and a server that is not there.
KNOCKING = Background("knocking", "tcp.completeness == 37", f"l7|{ANY_WEB} > l7|{ANY_WEB}")
QUIET = (LOGGED, CHECKS, CUT_OFF, ARP)

REQUEST, OK = "http.request", "http.response.code == 200"


def moods(**of: str) -> tuple[At, ...]:
    """The servers started anew, at the same time: well, unless something is said of one."""
    return tuple(At(web, f"mood {of.get(web, '')}".strip(), parallel=web != "web1") for web in WEBS)


def fresh(settings: str = "", **of: str) -> tuple[At, ...]:
    """Servers and balancer as on the first day. HAProxy comes last, so that its first check finds servers that answer."""
    return (*moods(**of), At("l7", f"balance {settings}".strip()))


def shared(folder: str) -> tuple[Step, ...]:
    """What each server was given of alice's requests for something in a folder, and its answers."""
    asks = f'{REQUEST} and http.request.uri contains "/{folder}/"'
    return tuple(
        step
        for web in WEBS
        for step in (
            Step(f"to-{web}", f"alice > l7 > {web}", asks, times=MANY, track=web),
            Step(f"from-{web}", reply_to=f"to-{web}", sees=OK, times=MANY, track=web),
        )
    )
