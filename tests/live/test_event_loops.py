"""The event loop lab's second witness: what the kernel says of the server's threads, and the servers' own words, beside the evidence."""

import json
import time

import pytest

from . import labs

pytestmark = [pytest.mark.live, labs.of("event-loops")]

INSTANCE = labs.INSTANCE
PATIENCE = 5.0  # seconds


def shell(lab, node, *words):
    return lab("shell", "event-loops", node, "--as", INSTANCE, "--", *words).stdout


@pytest.mark.parametrize(("size", "left"), [("4", 0), ("8", 4)])
def test_the_kernel_has_the_threads_of_the_pool(lab, size, left):
    """As many threads as asked for have libuv's name (libuv, "Thread pool work scheduling": since 1.50)."""
    lab("run", "event-loops", "pool", "--set", f"threads={size}", "--as", INSTANCE)
    shell(lab, "server", "server", "start", f"threads={size}")
    shell(lab, "client", "ask", "server", "/pool?pipes=4&ms=10")
    names = shell(lab, "server", "sh", "-c", "cat /proc/$(pgrep -x node)/task/*/comm").split()
    workers = names.count("libuv-worker")
    assert workers == int(size) and workers - 4 == left


def test_the_client_measured_what_the_capture_shows(lab):
    """The client's own clock and the packets agree on how long the blocked page took, within 20 ms."""
    said = lab("run", "event-loops", "blocked", "--as", INSTANCE).stdout
    own = float(shell(lab, "client", "grep", "/quick", "/run/lab/asked").split()[2])
    shown = lab(
        "packets", "event-loops", "blocked", "--step", "quick-late", "--json", "--as", INSTANCE
    ).stdout
    (reply,) = [json.loads(line) for line in shown.splitlines()]
    assert abs(own - 1000 * float(reply["fields"]["http.time"][0])) < 20, said


def test_dnsmasq_is_stopped_and_goes_on(lab):
    """The resolver that does not answer is a process that the kernel has stopped (T), and answers again after the run."""
    shell(lab, "names", "resolver", "stop")
    try:
        assert "T" in shell(lab, "names", "sh", "-c", "ps -o stat= -C dnsmasq")
    finally:
        shell(lab, "names", "resolver", "go")
    lab("run", "event-loops", "lookups", "--as", INSTANCE)
    end = time.monotonic() + PATIENCE
    while "T" in shell(lab, "names", "sh", "-c", "ps -o stat= -C dnsmasq"):
        assert time.monotonic() < end
