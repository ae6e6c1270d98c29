"""What the experiments share: requests, what the pool did with them, and a server that has just been started."""

from dataclasses import replace

from machinelab.authoring import ARP, At, Background, Gather, Step

NOISE = (ARP,)
WAY, BACK = "client > server", "server > client"
EVENTS = Gather("server", "jfr", "server events")
# Once before a run, so that the first task does not pay for classes that are loaded.
WARM = At("client", "load server 0")
STARTED = Background("started", 'jfr.event == "lab.Started"')


def fresh(settings: str) -> tuple[At, ...]:
    """A server with such a pool."""
    return (At("server", f"server start {settings}"), WARM)


def where(condition: str, *steps: Step) -> tuple[Step, ...]:
    """The steps, in runs whose knobs are so."""
    return tuple(replace(step, when=condition) for step in steps)


def asks(most: int, track: str = "asked") -> Step:
    """Requests for work."""
    return Step("ask", WAY, 'http.request.uri matches "^/work"', times=(1, most), track=track)


def some(id: str, what: str, least: int, most: int | None, condition: str = "") -> Step:
    """Events of the server's recorder, on a track of their own."""
    sees = f'jfr.event == "lab.{what}"' + (f" and {condition}" if condition else "")
    return Step(id, "server", sees, times=(least, most), track=id)


def replies(id: str, code: int, least: int, most: int | None) -> Step:
    """Replies with such a status."""
    return Step(id, reply_to="ask", sees=f"http.response.code == {code}", times=(least, most))
