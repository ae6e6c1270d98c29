"""What Scapy reads for us under Wireshark's names, beside tshark 4.4: values and places, field by field."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from machinelab import fields
from machinelab.dissect.scapy_layers.wireshark import NAMES, TITLES
from machinelab.fields.scapy_named import FIELDS
from machinelab.sources import pcap
from tests.captures import containers, scapy_frames
from tests.oracle import pdml

pytestmark = pytest.mark.oracle
READ = FIELDS.keys() | set(NAMES.values())  # SCTP's stand in fields/sctp.py, for inside DTLS they are ours


def pairs(capture: Path) -> Iterator[tuple[str, bool, str]]:
    """Each field that Scapy reads under Wireshark's name: whether tshark has the same value at the same place."""
    events = pcap.load(capture).events
    for item, said in zip(events, pdml.packets(capture), strict=True):
        for name, found in item.fields.items():
            if name not in READ or fields.registry()[name].kind == "none":
                continue
            ours = [pdml.ours(each) for each in found]
            theirs = [pdml._theirs(name, each) for each in said.get(name, ())]
            for number, each in enumerate(ours):
                same = number < len(theirs) and each == theirs[number]
                yield (
                    name,
                    same,
                    f"packet {item.number}: {name}: we {each}, tshark {theirs[number : number + 1]}",
                )


@pytest.fixture(scope="module")
def capture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("foreign") / "foreign.pcap"
    packets = [containers.Packet(frame.time, frame.data) for frame in scapy_frames.frames().values()]
    path.write_bytes(containers.pcap(packets))
    return path


def test_as_tshark(capture: Path) -> None:
    right, all_, wrong = Counter[str](), Counter[str](), list[str]()
    for name, same, said in pairs(capture):
        protocol = name.partition(".")[0]
        all_[protocol] += 1
        right[protocol] += same
        if not same:
            wrong.append(said)
    for protocol, count in sorted(all_.items()):
        print(f"{protocol}: {right[protocol]} of {count} values and places as tshark's")
    assert wrong == []
    assert all_.keys() >= {
        "bgp",
        "dhcp",
        "mqtt",
        "nbns",
        "ntp",
        "ospf",
        "radius",
        "rip",
        "sctp",
        "stp",
        "tftp",
        "vrrp",
    }


def test_the_names_are_tsharks_own(capture: Path) -> None:
    assert {name.partition(".")[0] for name in NAMES.values()} <= set(TITLES.values())
