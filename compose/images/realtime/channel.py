"""What both ends of a data channel need of aiortc. Imported only where one is opened: it costs 60 MB and most of a second."""

from pathlib import Path
from typing import Any

from aiortc import RTCCertificate, RTCConfiguration, RTCPeerConnection, RTCSessionDescription

KEYS = Path("/run/lab/keys.log")


def peer() -> RTCPeerConnection:
    """A peer that asks no STUN server who it is: both are on one network."""
    return RTCPeerConnection(RTCConfiguration(iceServers=[]))


def log_keys() -> None:
    """Write the DTLS connection's secrets to the key log. aiortc has no option for that; its OpenSSL context has."""
    made = RTCCertificate._create_ssl_context

    def logged(self: RTCCertificate, *given: Any, **named: Any) -> Any:
        context = made(self, *given, **named)
        context.set_keylog_callback(_keep)
        return context

    RTCCertificate._create_ssl_context = logged


def _keep(_connection: object, line: bytes) -> None:
    with KEYS.open("ab") as log:
        log.write(line + b"\n")


def described(said: dict[str, str]) -> RTCSessionDescription:
    """An offer or an answer, as it came in JSON."""
    return RTCSessionDescription(sdp=said["sdp"], type=said["type"])


def description(peer: RTCPeerConnection) -> dict[str, str]:
    """A peer's own offer or answer, with its candidates, for JSON."""
    return {"type": peer.localDescription.type, "sdp": peer.localDescription.sdp}
