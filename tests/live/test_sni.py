"""The SNI lab's second witnesses: the sorting front's own log, the library's own word on ECH, and the kernels' counters of resets."""

import json
import re

import pytest

from . import labs

pytestmark = [pytest.mark.live, labs.of("sni")]

INSTANCE = labs.INSTANCE
TURNED = (
    ("unknown", "door=8443"),
    ("pass-through", "door=8443"),
    ("censor", "verdict=drop"),
    ("ech", "blocked=public.test"),
    ("leak", "via=tls"),
    ("leak", "via=https"),
)
NAME = "tls.handshake.extensions_server_name"


def shell(lab, node, *command):
    return lab("shell", "sni", node, "--as", INSTANCE, "--", *command).stdout


def names(lab, experiment):
    """The names that the provider wrote down, in its order."""
    log = shell(lab, "isp", "cat", "/run/lab/onlooker.log")
    return re.findall(r" tls name (\S+) ", log)


def seen(lab, experiment, filter):
    shown = lab("packets", "sni", experiment, "--filter", filter, "--json", "--as", INSTANCE).stdout
    return [json.loads(line) for line in shown.splitlines()]


def resets(lab, node):
    """How many resets this node's kernel has sent so far, and how many connections of its own were reset."""
    head, values = [line.split()[1:] for line in shell(lab, node, "cat", "/proc/net/snmp").splitlines() if line.startswith("Tcp:")]  # fmt: skip
    counters = dict(zip(head, map(int, values), strict=True))
    return counters["OutRsts"], counters["EstabResets"]


def test_provider_and_wire_agree_on_every_name(lab):
    lab("run", "sni", "pick", "--as", INSTANCE)
    hellos = {packet["fields"]["tls.handshake.random"][0]: packet["fields"][NAME][0] for packet in seen(lab, "pick", "tls.handshake.type == 1")}  # fmt: skip
    assert list(hellos.values()) == names(lab, "pick") == ["apple.test", "pear.test", "www.plum.test"]


def test_the_front_sorts_by_the_name_that_the_provider_reads(lab):
    lab("run", "sni", "pass-through", "--as", INSTANCE)
    log = lab("logs", "sni", "front", "--as", INSTANCE).stdout
    sorted_ = re.findall(r" (web|edge|names) \d+ bytes sni=(\S+)", log)
    assert sorted_[-1] == ("web", names(lab, "pass-through")[-1]) == ("web", "pear.test")


def test_the_library_says_so_too_when_a_hello_is_accepted(lab):
    said = shell(lab, "client", "visit", "-ech", "/published/ech", "secret.test")
    assert "ech: accepted" in said and "certificate: secret.test" in said
    lab("run", "sni", "ech", "--as", INSTANCE)
    assert seen(lab, "ech", "tls.derived.ech.accepted == 1")
    lab("run", "sni", "stale", "--as", INSTANCE)
    assert not seen(lab, "stale", "tls.derived.ech.accepted == 1")
    assert names(lab, "stale") == ["public.test"]


def test_no_kernel_sent_the_resets(lab):
    """Both ends' connections were reset, and neither end has sent a reset."""
    before = {node: resets(lab, node) for node in ("client", "edge")}
    lab("run", "sni", "censor", "--as", INSTANCE)
    after = {node: resets(lab, node) for node in ("client", "edge")}
    for node in ("client", "edge"):
        assert after[node][0] == before[node][0], node
        assert after[node][1] > before[node][1], node
    assert len({packet["network"] for packet in seen(lab, "censor", "tcp.flags.reset == 1")}) == 2
