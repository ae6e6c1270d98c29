"""The WebSocket lab's references."""

from tests.oracle.exemptions import Capture

EXEMPTIONS = {
    "fragments": Capture(
        different={
            (10, f"websocket.{name}"): "tshark does not join a message whose last fragment is empty"
            for name in ("fragment", "fragment.count", "fragments", "payload.text", "reassembled.length")
        }
    )
}
