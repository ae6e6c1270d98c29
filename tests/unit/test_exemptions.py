"""What the oracle leaves out: a reason each, of labs and experiments that there are, and of fields that are not ours."""

from collections.abc import Iterator, Mapping

from machinelab import catalog, fields
from tests import ROOT
from tests.oracle import exemptions
from tests.oracle.exemptions import OWN


def reasons() -> Iterator[Mapping[object, str]]:
    for each in exemptions.protocols():
        yield from (each.left_out, each.ours, each.ours_alone, each.places, each.presence)  # type: ignore[misc]
    for capture in exemptions.captures().values():
        yield from (capture.different, capture.filters)  # type: ignore[misc]


def test_each_has_a_reason() -> None:
    found = [reason for table in reasons() for reason in table.values()]
    assert len(found) > 100 and all(isinstance(reason, str) and len(reason) > 4 for reason in found)


def test_what_is_left_out_is_not_ours() -> None:
    for each in exemptions.protocols():
        assert not each.left_out.keys() & fields.registry().keys()


def test_what_is_compared_otherwise_is_a_field_we_know() -> None:
    for each in exemptions.protocols():
        assert {*each.values, *each.places, *each.presence, *each.ours_alone} <= fields.registry().keys()


def test_they_are_of_captures_that_there_are() -> None:
    for lab, experiment in exemptions.captures():
        folder = ROOT / "tests/captures" if lab == OWN else catalog.reference_folder(lab)
        assert [*folder.rglob(f"{experiment}.pcap"), *folder.rglob(f"{experiment}.pcapng")], (lab, experiment)


def test_two_labs_with_an_experiment_of_one_name_are_kept_apart() -> None:
    assert exemptions.of(catalog.reference_folder("tls") / "mutual.pcapng").different
    assert exemptions.of(catalog.reference_folder("oauth2") / "mutual.pcapng") == exemptions.Capture()
