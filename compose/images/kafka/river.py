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


def until(true: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    """Ask again and again; exit with a word if it never comes to that."""
    end = time.monotonic() + patience
    while not true():
        if time.monotonic() > end:
            sys.exit(f"{sys.argv[0]}: {what} did not come to pass in {patience:g} s")
        time.sleep(0.05)
