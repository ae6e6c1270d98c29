"""What the experiments share: background, names for what is asked of messages, and steps that are in several of them."""

from dataclasses import replace

from machinelab.authoring import ARP, Background, Gather, Step

# A replica says once a second how far it has come, and a master every ten seconds that it is there.
PROGRESS = Background(
    "progress", 'resp.command == "REPLCONF ACK" or (resp.replicated and resp.command == "PING")'
)
NOISE = (ARP, PROGRESS)
STARTING = Background("starting", "log.message")

CALLS = Gather("server", "strace", "server calls")
LOG = Gather("server", "redislog", "cat /run/lab/log")

ASKS, TELLS = "client > server", "server > client"
AOF = 'syscall.path contains ".incr.aof"'


def where(condition: str, *steps: Step) -> tuple[Step, ...]:
    """The steps, in runs whose knobs are so."""
    return tuple(replace(step, when=condition) for step in steps)


def command(*names: str) -> str:
    """The filter for requests with one of these commands."""
    return f"resp.command in {{{', '.join(f'{chr(34)}{name}{chr(34)}' for name in names)}}}"


def asked(id: str, reply: str, what: str, says: str = "resp", hop: str = ASKS) -> tuple[Step, Step]:
    """A request with this command, and the reply to it."""
    return Step(id, hop, command(what)), Step(reply, reply_to=id, sees=says)
