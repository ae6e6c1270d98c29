"""What the lab's clients share: how they speak to the brokers, and what they say of themselves."""

import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

BROKERS = "broker1:9092,broker2:9092,broker3:9092"
RUN = Path("/run/kafka")
PATIENCE = 30.0  # seconds


def settings(**more: object) -> dict[str, object]:
    """librdkafka's configuration: quiet about itself, IPv4, and named after the node."""
    return {
        "bootstrap.servers": BROKERS,
        "client.id": socket.gethostname(),
        "broker.address.family": "v4",
        "allow.auto.create.topics": False,
        "enable.metrics.push": False,  # KIP-714: statistics for the brokers
        "socket.nagle.disable": True,
        **{name.replace("_", "."): value for name, value in more.items()},
    }


def tell(name: str, what: str, number: int) -> None:
    """What the client of that name has come to, for the node's `reader`: a file that is there whole or not at all."""
    (RUN / f"{name}.{what}.new").write_text(str(number))
    (RUN / f"{name}.{what}.new").rename(RUN / f"{name}.{what}")


def moments(text: str, count: int) -> list[int]:
    """Milliseconds since the epoch, by words with commas: such a number, or +/-s from now. 0: now."""
    now = time.time()
    read = [
        int((now + float(word)) * 1000) if word[0] in "+-" else int(word) for word in text.split(",") if word
    ]
    return read + [0] * (count - len(read))


def until(true: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    """Ask again and again; exit with a word if it never comes to that."""
    end = time.monotonic() + patience
    while not true():
        if time.monotonic() > end:
            sys.exit(f"{sys.argv[0]}: {what} did not come to pass in {patience:g} s")
        time.sleep(0.05)
