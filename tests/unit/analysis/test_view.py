import pytest

from machinelab.analysis.view import duration

from ..render import small


@pytest.mark.parametrize(
    ("nanoseconds", "said"),
    [
        (0, "0.0 ms"),
        (412_000, "0.4 ms"),
        (31_200_000, "31 ms"),
        (1_234_000_000, "1.2 s"),
        (184_000_000_000, "3 min 4 s"),
    ],
)
def test_durations_as_people_say_them(nanoseconds: int, said: str) -> None:
    assert duration(nanoseconds) == said


def test_states_of_rows() -> None:
    states = {row.event.number: row.state for row in small.cold().rows()}
    assert states == dict.fromkeys((1, 2, 3, 4, 5, 6, 8, 9, 11), "claimed") | {7: "carrier", 10: "background"}
    assert [row.state for row in small.broken().rows()] == ["claimed", "claimed", "unclaimed", "never"]
    assert [row.state for row in small.broken(strict=False).rows()] == ["claimed", "claimed", "", "never"]


def test_commands_name_the_instance_only_where_it_is_the_readers() -> None:
    assert small.cold(instance="alice").command("logs", "root") == "machinelab logs dns root --as alice"
    assert small.cold(instance="alice", own=False).command("logs", "root") == "machinelab logs dns root"
