"""`--decode-as`: a protocol on a port of its own, on whatever reads a capture."""

import json
from pathlib import Path

import pytest

from machinelab import catalog
from machinelab.analysis import absent, reading
from machinelab.cli import common
from machinelab.columns import Capture
from machinelab.errors import UsageError
from machinelab.sources import pcap
from machinelab.sources.decoding import completed, decoding
from machinelab.store import runs
from tests.captures import containers
from tests.unit.cli.test_cli import type_  # noqa: F401 - a fixture

OLD, NEW = (9093).to_bytes(2, "big"), (29093).to_bytes(2, "big")
RULE = "tcp.port==29093,kafka"


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Kafka capture with its controllers' port turned into another."""
    from scapy.utils import RawPcapWriter

    file = tmp_path_factory.mktemp("moved") / "moved.pcap"
    writer = RawPcapWriter(str(file), linktype=1)
    writer.write_header(None)
    for event in pcap.load(Path(containers.KAFKA)).events[:200]:
        frame = bytearray(event.content.buffers()["frame"])
        for at in (34, 36):
            frame[at : at + 2] = NEW if frame[at : at + 2] == OLD else frame[at : at + 2]
        writer.write_packet(bytes(frame), sec=event.time // 10**9, usec=event.time // 1000 % 10**6)
    writer.close()
    return file


def protocols(file: Path, rules: list[str]) -> list[str]:
    return [event.protocol for event in pcap.load(file, decode_as=decoding(rules)).events]


def test_what_a_rule_says_is_read_as_on_the_port_of_its_own(moved: Path) -> None:
    as_it_was = [event.protocol for event in pcap.load(Path(containers.KAFKA)).events[:200]]
    assert protocols(moved, [RULE]) == as_it_was
    assert protocols(moved, []) != as_it_was and "Kafka" in as_it_was


def test_columns_and_filters_follow_the_rule(moved: Path) -> None:
    capture = Capture.open(moved, decode_as=decoding([RULE]))
    walked = pcap.load(moved, decode_as=decoding([RULE])).events
    numbers = sorted(int(n) for part in capture.filter("kafka") for n in part.numbers)
    assert numbers == [event.number for event in walked if "kafka" in event.fields] != []
    rows = [row.protocol for row in capture.rows(0, 200)]
    assert rows.count("Kafka") > 20
    assert not [n for part in Capture.open(moved).filter("kafka") for n in part.numbers if n in numbers[:1]]


@pytest.mark.parametrize(
    "command",
    [
        ("packets", "--json"),
        ("annotate", "--guide", "kafka", "--json"),
        ("packets", "--guide", "kafka", "--json"),
        ("events", "--guide", "kafka", "--json"),
    ],
)
def test_commands_that_read_a_file_take_it(type_, moved: Path, command: tuple[str, ...]) -> None:  # noqa: F811
    name, *words = command
    told = type_(name, str(moved), *words, "--decode-as", RULE)
    assert told.returncode == 0, told.stderr
    assert "Kafka" in {json.loads(line)["protocol"] for line in told.stdout.splitlines()}


@pytest.mark.parametrize(
    ("rule", "message", "hint"),
    [
        ("29092,kafka", "does not say which protocol", "tcp.port==29092,kafka"),
        ("tcp.port=29092,kafka", "does not say which protocol", "tcp.port==29092,kafka"),
        ("tcp.port==70000,kafka", "no port 70000", "1 to 65535"),
        ("udp.port==53,kafka", "no protocol that is read over UDP", "dns, dtls"),
    ],
)
def test_a_rule_that_cannot_be_read_is_usage(rule: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as error:
        decoding([rule])
    assert message in error.value.message and hint in error.value.hint and error.value.exit_code == 2


def test_completion_knows_layers_and_protocols() -> None:
    assert completed("t") == ["tcp.port=="]
    assert completed("tcp.port==29092,kaf") == ["tcp.port==29092,kafka"]
    assert common.complete_rule("udp.port==53,dn") == ["udp.port==53,dns"]


def test_a_guide_whose_protocol_is_nowhere_says_how_to_find_it(moved: Path) -> None:
    kafka, dns = catalog.load_lab("kafka"), catalog.load_lab("dns")
    http = pcap.load(Path(containers.HTTP))
    assert list(absent.hints(kafka, http)) == [
        "No Kafka in this capture; if it runs on another port, add --decode-as tcp.port==N,kafka"
    ]
    assert not list(absent.hints(dns, http))
    assert not list(absent.hints(kafka, pcap.load(moved, decode_as=decoding([RULE]))))


def test_a_run_remembers_its_ports(tmp_path: Path) -> None:
    info = runs.RunInfo("kafka", "produce", decode_as=(RULE,))
    runs.write(tmp_path, info)
    assert runs.read(tmp_path).decode_as == (RULE,)
    older = (tmp_path / runs.INFO).read_text().replace(f'"{RULE}"', "")
    assert runs.parse(older, "here").decode_as == ()


def test_evidence_is_read_by_the_ports_its_run_remembers(moved: Path, tmp_path: Path) -> None:
    from machinelab.store import references

    (tmp_path / runs.CAPTURE).write_bytes(moved.read_bytes())
    evidence = references.of_run(tmp_path)
    remembered = reading.load(evidence, runs.RunInfo("kafka", "produce", decode_as=(RULE,)))
    assert "Kafka" in {event.protocol for event in remembered.events if event.number == 2}
    assert {
        e.protocol for e in reading.load(evidence, runs.RunInfo("kafka", "produce")).events if e.number == 2
    } == {"TCP"}
