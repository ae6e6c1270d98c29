"""Words and pieces that the experiments share: hellos and what answers them, what the onlooker writes down, what is gathered."""

from dataclasses import replace

from machinelab.authoring import ARP, Alone, At, Background, Gather, Step

TYPE = "tls.handshake.type"
NAME = "tls.handshake.extensions_server_name"
OUTER = "tls.ech.client_hello_type == 0"
LOG = "/run/lab/onlooker.log"
FORGET = (
    At("client", "truncate -s 0 /run/lab/keys.log"),
    At("isp", f"truncate -s 0 {LOG}"),
    At("isp", "policy pass"),
)
GATHER = (Gather("client", "keys", "cat /run/lab/keys.log"), Gather("isp", "onlooker", f"cat {LOG}"))
# With the server's private key, too, what it alone can read is shown.
WITH_ECH_KEY = (*GATHER, Gather("edge", "keys", "cat /run/lab/ech.pem /run/lab/ech-before.pem"))
NOISE = (
    ARP,
    Background("for-show", "tls.change_cipher_spec"),
    Background("rest-of-handshake", f"{TYPE} in {{2, 8, 15, 20}}"),
    Background("tickets", f"{TYPE} == 4"),
    Background("farewell", "tls.alert_message.desc == 0"),
)


def where(condition: str, *steps: Step) -> tuple[Step, ...]:
    """The steps, in runs whose knobs are so."""
    return tuple(replace(step, when=condition) for step in steps)


def back(way: str) -> str:
    """The way back."""
    return " > ".join(reversed(way.split(" > ")))


def hello(id: str, way: str, name: str) -> Step:
    """A ClientHello with this name in the clear, and nothing encrypted inside."""
    sees = f'{TYPE} == 1 and {NAME} == "{name}" and not {OUTER}'
    return Step(id, way, sees, alone=Alone("hello", f"{TYPE} == 1 and {NAME} and not {OUTER}"))


def certificate(id: str, way: str, name: str) -> Step:
    """A certificate that is good for this name."""
    return Step(id, back(way), f'{TYPE} == 11 and x509ce.dNSName == "{name}"')


def page(prefix: str, way: str, host: str, code: int = 200) -> tuple[Step, ...]:
    """What is asked of HTTP, and the answer."""
    return (
        Step(f"{prefix}request", way, f'http.request and http.host == "{host}"'),
        Step(f"{prefix}page", reply_to=f"{prefix}request", sees=f"http.response.code == {code}"),
    )


def looked(id: str, sees: str, times: tuple[int, int | None] = (1, 1), track: str = "onlooker") -> Step:
    """A line of the one who looks on."""
    return Step(id, "isp", sees, times=times, track=track)


def clear(name: str, verdict: str = "passed", ech: bool = False) -> str:
    """The line for a ClientHello with this name."""
    return (
        f'onlooker.what == "tls" and onlooker.name == "{name}" and onlooker.verdict == "{verdict}"'
        f" and onlooker.ech == {int(ech)}"
    )
