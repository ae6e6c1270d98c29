"""machinelab from Python: the doctests of api.py and README, and what they do not show."""

import doctest
import subprocess
import sys

import dnslib
import pytest

import machinelab
from machinelab import api, catalog
from machinelab.errors import UsageError
from machinelab.filter import FilterError
from tests import ROOT


def test_the_examples_are_true():
    failed, tried = doctest.testmod(
        api,
        extraglobs={"machinelab": machinelab, "run": machinelab.open("dns", "cold", reference=True)},
        optionflags=doctest.IGNORE_EXCEPTION_DETAIL,
    )
    assert tried > 10 and not failed


def test_the_readmes_lines_are_true():
    failed, tried = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert tried >= 5 and not failed


def test_importing_it_imports_nothing():
    code = (
        "import sys; before = set(sys.modules); import machinelab; print(sorted(set(sys.modules) - before))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "['machinelab']"


def test_opening_it_imports_no_scapy():
    code = "import sys, machinelab; machinelab.open('dns', 'cold', reference=True).events; print('scapy' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"


def test_its_names_are_there_and_no_others():
    assert set(machinelab.__all__) <= set(dir(machinelab))
    with pytest.raises(AttributeError, match="no attribute 'opne'"):
        _ = machinelab.opne


@pytest.mark.parametrize("experiment", [e.id for e in catalog.load_lab("dns").experiments])
def test_every_dns_message_is_whole(experiment):
    """Over UDP and TCP: what dnslib writes of what it has read has the fields' own counts."""
    run = machinelab.open("dns", experiment, reference=True)
    found = [(event, event.dns()) for event in run.events]
    assert any(record for _, record in found)
    for event, record in found:
        assert (record is not None) == ("dns.id" in event)
        if record is not None:
            assert record.header.id == event["dns.id"]
            # An OPT record is one of the additional records (RFC 6891 §6.1.1).
            counts = (len(record.questions), len(record.rr), len(record.auth), len(record.ar))
            names = ("queries", "answers", "auth_rr", "add_rr")
            assert counts == tuple(event[f"dns.count.{name}"] for name in names)


def test_dns_over_tcp_is_read_without_its_length():
    run = machinelab.open("dns", "truncated", reference=True)
    over_tcp = [event for event in run.events if "tcp.srcport" in event and "dns.id" in event]
    assert over_tcp and all(isinstance(event.dns(), dnslib.DNSRecord) for event in over_tcp)


def test_scapys_packets_are_the_same_bytes_with_the_guides_words(tmp_path):
    from scapy.utils import RawPcapNgReader, wrpcapng

    run = machinelab.open("dns", "cold", reference=True)
    packets = run.scapy()
    assert [bytes(packet) for packet in packets] == [event.frame for event in run.packets]
    assert [packet.step for packet in packets] == [event.step for event in run.packets]
    assert all(packet.sentence == event.sentence for packet, event in zip(packets, run.packets, strict=True))
    assert [int(packet.time * 10**9) for packet in packets] == [event.time for event in run.packets]
    assert {packet.sniffed_on for packet in packets} == {event.network for event in run.packets}
    file = tmp_path / "x.pcapng"
    wrpcapng(str(file), packets)
    with RawPcapNgReader(str(file)) as reader:
        comments = [about.comments for _, about in reader]
    assert comments[3] == [run.packets[3].comment.encode()]


@pytest.mark.parametrize("lab", ["tcp", "tls", "wal"])
def test_other_labs_too(lab):
    experiment = catalog.load_lab(lab).experiments[0].id
    run = machinelab.open(lab, experiment, reference=True)
    assert len(run.scapy()) == len(run.packets)
    others = [event for event in run.events if not event.frame]
    assert bool(others) == (lab == "wal")
    for event in others[:1]:
        assert event.dns() is None
        with pytest.raises(ValueError, match="is no packet"):
            event.scapy()


def test_a_capture_and_a_run_folder(tmp_path):
    folder = catalog.reference_folder("dns")
    capture = machinelab.open(folder / "cold.pcapng", guide="dns")
    assert (capture.lab, capture.experiment, capture.origin) == ("dns", "cold", "cold.pcapng")
    one = tmp_path / "7"
    one.mkdir()
    (one / "run.json").write_bytes((folder / "cold" / "run.json").read_bytes())
    (one / "capture.pcapng").write_bytes((folder / "cold.pcapng").read_bytes())
    assert machinelab.open(one).steps == machinelab.open("dns", "cold", reference=True).steps


def test_what_is_not_there_is_told():
    with pytest.raises(UsageError, match="no lab 'dsn'"):
        machinelab.open("dsn")
    with pytest.raises(UsageError, match="neither a lab nor a run folder"):
        machinelab.open("mine.pcapng")
    run = machinelab.open("dns", "cold", reference=True)
    with pytest.raises(UsageError, match="no step 'ask-rot'"):
        run.step("ask-rot")
    with pytest.raises(FilterError):
        run.select("dns.id ==")
    with pytest.raises(KeyError):
        _ = run.events[0]["dns.a"]
