"""The NAT lab on real translators: all nine kinds of translator."""

import json

import pytest

from . import labs

pytestmark = [pytest.mark.live, labs.of("nat")]

INSTANCE = labs.INSTANCE
# Turned each time; what else there is to turn, in the long tests.
TURNED = [
    ("outbound", "filtering=endpoint-independent"),
    ("outbound", "filtering=address-dependent"),
    ("expiry", "timeout=10"),
    ("carrier", "carrier=endpoint-independent"),
    ("hairpin", "hairpin=off"),
    ("tcp", "mapping=address-and-port-dependent"),
    ("forward", "door=shut"),
]
KINDS = ("endpoint-independent", "address-dependent", "address-and-port-dependent")


def run(lab, experiment, *knobs):
    words = [word for knob in knobs for word in ("--set", knob)]
    told = lab("run", "nat", experiment, *words, "--as", INSTANCE, "--json")
    result = json.loads(told.stdout)
    assert result["missing"] == [] and result["unclaimed"] == [], told.stdout
    assert result["ok"] and told.returncode == 0
    return result


@pytest.mark.soak
@pytest.mark.parametrize("filtering", KINDS)
@pytest.mark.parametrize("mapping", KINDS)
def test_a_translator_behaves_as_it_is_told(lab, mapping, filtering):
    run(lab, "behaviour", f"mapping={mapping}", f"filtering={filtering}")


@pytest.mark.parametrize(
    ("experiment", "knobs"),
    [
        ("ice", ("filtering_a=endpoint-independent",)),
        ("ice", ("filtering_a=address-dependent", "filtering_b=address-dependent")),
        ("ice", ("mapping_b=address-and-port-dependent", "filtering_a=endpoint-independent")),
        ("relay", ("mapping_a=address-dependent", "mapping_b=address-dependent")),
        ("relay", ("filtering_b=address-dependent",)),
    ],
)
def test_ice_finds_its_way_through_other_translators_too(lab, experiment, knobs):
    run(lab, experiment, *knobs)


def test_a_packet_has_one_row_with_its_way(lab):
    run(lab, "punch")
    told = lab("packets", "nat", "punch", "--step", "bob-knocks", "--as", INSTANCE)
    assert told.stdout.count("bob → nat-b → nat-a → alice") == 1, told.stdout
    assert "nat-b turns the source" in " ".join(told.stdout.split())


def test_the_translators_books_agree_with_the_packets(lab):
    run(lab, "outbound")
    lines = lab("events", "nat", "outbound", "--json", "--as", INSTANCE).stdout.splitlines()
    events = [json.loads(line) for line in lines]
    hello = next(event["fields"] for event in events if event["step"] == "hello")
    made = next(event["fields"] for event in events if event["step"] == "mapping-made")
    assert hello["nat.src.after"] == made["conntrack.reply.dst"]
    assert hello["nat.srcport.after"] == made["conntrack.reply.dstport"]
