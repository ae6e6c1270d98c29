"""The thread pool lab's second witness: the kernel's count of the server's threads, and the client's own clock, beside the evidence."""

import json

import pytest

from . import labs

pytestmark = [pytest.mark.live, labs.of("thread-pools")]

INSTANCE = labs.INSTANCE


def shell(lab, node, *words):
    return lab("shell", "thread-pools", node, "--as", INSTANCE, "--", *words).stdout


@pytest.mark.parametrize(
    ("settings", "tasks", "threads"), [("queue=3", 9, 4), ("queue=3", 5, 2), ("queue=none", 9, 2)]
)
def test_the_kernel_counts_as_many_threads_as_the_recorder_tells_of(lab, settings, tasks, threads):
    """A thread of Java's is one of the system's, and has its name (at most 15 bytes: prctl(2), PR_SET_NAME)."""
    shell(lab, "server", "server", "start", "core=2", "most=4", settings)
    shell(lab, "client", "load", "server", "0")
    shell(lab, "client", "load", "server", str(tasks), "--ms", "300")
    names = shell(lab, "server", "sh", "-c", "cat /proc/$(pgrep -x java)/task/*/comm").split()
    assert sum(name.startswith("pool-") for name in names) == threads


@pytest.mark.parametrize("policy", ["abort", "caller"])
def test_the_client_was_told_what_the_capture_shows(lab, policy):
    lab("run", "thread-pools", "refuse", "--set", f"policy={policy}", "--as", INSTANCE)
    own = [line.split() for line in shell(lab, "client", "cat", "/run/lab/asked").splitlines()]
    shown = lab(
        "packets", "thread-pools", "refuse", "--filter", "http.response", "--json", "--as", INSTANCE
    ).stdout
    seen = sorted(str(json.loads(line)["fields"]["http.response.code"][0]) for line in shown.splitlines())
    assert sorted(status for _, status, *_ in own) == seen
    assert len(seen) == 4


def test_the_client_s_clock_and_the_capture_agree_on_how_long_it_took(lab):
    lab("run", "thread-pools", "overload", "--set", "each=40", "--as", INSTANCE)
    own = [float(line.split()[2]) for line in shell(lab, "client", "cat", "/run/lab/asked").splitlines()]
    shown = lab(
        "packets", "thread-pools", "overload", "--filter", "http.response", "--json", "--as", INSTANCE
    ).stdout
    seen = [1000 * float(json.loads(line)["fields"]["http.time"][0]) for line in shown.splitlines()]
    assert len(own) == len(seen) == 60
    assert (
        abs(sum(own) - sum(seen)) / 60 < 10
    )  # ms: to connect, and to read the body, belongs to the client's time only
