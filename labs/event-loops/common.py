"""What the experiments share: two requests, the pages they ask for, and what Node.js traced of its own work."""

from dataclasses import replace

from machinelab.authoring import ARP, At, Background, Gather, Step

NOISE = (ARP,)
# A file is opened, measured, read and closed; what an experiment is not about stays in the background.
CALLS = Background("calls", 'nodetrace.category == "node.fs.async"')
WAY, BACK = "client > server", "server > client"
TRACE = Gather("server", "nodetrace", "server trace")
START = At("server", "server start")
QUICK = "/quick"


def where(condition: str, *steps: Step) -> tuple[Step, ...]:
    """The steps, in runs whose knobs are so."""
    return tuple(replace(step, when=condition) for step in steps)


def asks(id: str, path: str, way: str = WAY) -> Step:
    """The request for a page."""
    return Step(id, way, f'http.request.uri matches "^{path}"', track="asked")


def answered(id: str, request: str, after: str = "", wait: float = 0.0001) -> Step:
    """The reply to a request, `wait` seconds after another step or later."""
    return Step(id, reply_to=request, sees="http.response.code == 200", after={after: wait} if after else {})


def does(id: str, name: str, condition: str = "", track: str = "loop") -> Step:
    """A stretch of the server's program, by the name that it has in the trace."""
    wanted = f'nodetrace.category == "node.console" and nodetrace.name == "{name}"'
    return Step(id, "server", f"{wanted} and {condition}" if condition else wanted, track=track)
