"""`ps` as people see it."""

from machinelab.render.processes import Process, processes


def test_without_figures_a_line_for_each_container() -> None:
    rows = (Process("dns", "ada", "root", "Up 1 minute"), Process("dns", "bob", "root", "Exited (1)"))
    assert list(processes(rows)) == [
        "dns             ada          root         Up 1 minute",
        "dns             bob          root         Exited (1)",
    ]


def test_with_figures_their_sums_too_and_nothing_for_what_does_not_run() -> None:
    rows = (
        Process("dns", "ada", "root", "Up 1 minute", (2 << 20, 1.5)),
        Process("dns", "ada", "tap", "Up 2 seconds", (1 << 20, 0.25)),
        Process("dns", "bob", "root", "Exited (1)"),
    )
    shown = list(processes(rows))
    assert shown[0] == "dns             ada          root             2.0 MiB    1.5 s  Up 1 minute"
    assert shown[2] == "dns             ada          all              3.0 MiB    1.8 s  2 running"
    assert shown[3].endswith(" Exited (1)") and len(shown) == 4
