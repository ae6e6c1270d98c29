"""TLS, unopened: the record header is all that is read (RFC 8446 §5.1). What is inside is an issue of its own."""

from ..model import Field
from .core import Application, Part, View

KINDS = {20: "Change Cipher Spec", 21: "Alert", 22: "Handshake", 23: "Application Data"}
HANDSHAKES = {1: "Client Hello", 2: "Server Hello", 11: "Certificate"}


def dissect(view: View, part: Part) -> None:
    """The bytes, as TLS's."""
    view.add(Field("tls", "", part.start, part.stop, view.buffer, 0, "tls"))


def summary(payload: bytes, part: Part) -> str:
    """What the first record in the segment says it is."""
    kind = KINDS.get(payload[0], "") if len(payload) >= 5 and payload[1] == 3 else ""
    if kind == "Handshake" and len(payload) > 5:
        return HANDSHAKES.get(payload[5], kind)
    return kind or "encrypted"


APPLICATIONS = (Application("TLS", "tls", None, dissect, summary, tcp=(853,)),)
