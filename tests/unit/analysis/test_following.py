"""A capture that grows says of its packets what the whole says of them, as far as is known by then."""

from machinelab import catalog
from machinelab.analysis import following, reading
from machinelab.analysis.following import Following, Growing


def test_events_come_in_slices_and_none_is_lost():
    lab = catalog.load_lab("dns")
    file = catalog.reference_folder("dns") / "cold.pcapng"
    data = file.read_bytes()
    growing, found = Growing(), []
    for start in range(0, len(data), 100):
        growing.add(data[start : start + 100])
        while events := growing.events(2, 10.0):
            assert len(events) <= 2
            found += events
    whole = reading.open_reference(lab, "cold")
    packets = [event for event in whole.run.trace.events if event.source == "packets"]
    assert [event.time for event in found] == [event.time for event in packets]


def test_no_time_is_no_events():
    growing = Growing()
    growing.add((catalog.reference_folder("dns") / "cold.pcapng").read_bytes())
    assert growing.events(100, 0.0) == []
    assert len(growing.events(100, 10.0)) == 16


def test_the_last_packets_say_what_the_whole_says():
    lab = catalog.load_lab("dns")
    file = catalog.reference_folder("dns") / "cold.pcapng"
    growing, follower, said = Growing(), Following(lab), []
    growing.add(file.read_bytes())
    while events := growing.events(4, 10.0):
        view, rows = follower.read(events)
        assert [row.event.id for row in rows] == [event.id for event in events]
        said += [[step.id for step, _ in row.steps] for row in rows]
    whole = reading.open_file(file, lab).view()
    expected = [[step.id for step, _ in row.steps] for row in whole.rows()]
    assert said[-4:] == expected[-4:]
    assert view.experiment.id == whole.experiment.id


def test_only_a_window_is_read_again():
    follower = Following(catalog.load_lab("dns"))
    growing = Growing()
    growing.add((catalog.reference_folder("dns") / "cold.pcapng").read_bytes())
    events = growing.events(100, 10.0)
    for _ in range(following.WINDOW // len(events) + 2):
        view, _ = follower.read(events)
    assert len(view.trace.events) == following.WINDOW
