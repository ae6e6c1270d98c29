"""Runs on real nodes: what is kept, when a run ends, and that nothing stays behind however it ends."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from machinelab.engine import docker
from machinelab.engine.capture import TapLost
from machinelab.engine.session import attempt, perform
from machinelab.engine.topology import LabNotUp, RunningLab
from machinelab.errors import EngineError, UsageError
from machinelab.model import At, Experiment, Gather, Lab
from machinelab.store import runs

from .two_nodes import CAST, address, taps, two_nodes

pytestmark = pytest.mark.live

Make = Callable[..., Experiment]


@pytest.fixture(scope="module")
def up() -> Iterator[RunningLab]:
    with two_nodes() as topology:
        yield topology


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MACHINELAB_HOME", str(tmp_path))
    return runs.create("two")[1]


def _experiment(
    *run: At, limit: float = 10.0, reset: tuple[At, ...] = (), after: tuple[At, ...] = ()
) -> Experiment:
    return Experiment("talk", "Two nodes talk", run=run, steps=(), limit=limit, reset=reset, after=after)


def _lab(up: RunningLab) -> Lab:
    return Lab(up.lab, ())


def _cast(up: RunningLab, count: int) -> At:
    return At("left", f'python3 -c "{CAST}" {address(up, "right", "front")} {count}')


def _processes(up: RunningLab, node: str) -> str:
    script = "for each in /proc/[0-9]*; do tr '\\0' ' ' < $each/cmdline; echo; done"
    return docker.run("exec", up.container(node), "sh", "-c", script).stdout


def _frames(folder: Path) -> int:
    from scapy.utils import RawPcapNgReader

    with RawPcapNgReader(str(folder / runs.CAPTURE)) as reader:
        return sum(frame[12:14] == b"\x08\x00" and frame[23] == 17 for frame, _ in reader)


def test_a_run_is_kept_whole(up: RunningLab, folder: Path) -> None:
    experiment = _experiment(
        _cast(up, 7),
        reset=(At("left", "echo forgotten"),),
        after=(At("right", "echo tidied"),),
    )
    pieces: list[bytes] = []
    info = perform(_lab(up), experiment, {"kind": "plain"}, folder, topology=up, on_data=pieces.append)
    assert runs.read(folder) == info
    assert [command.phase for command in info.commands] == ["reset", "run", "after"]
    assert [command.exit for command in info.commands] == [0, 0, 0]
    assert info.commands[0].stdout == "forgotten\n"
    assert (info.lab, info.experiment, info.id, info.knobs) == (up.lab, "talk", 1, {"kind": "plain"})
    assert info.networks == up.subnets() and info.nodes == up.nodes
    assert info.commands[0].ended < info.started < info.commands[1].started < info.ended
    assert (info.dropped, info.notes) == (0, ())
    assert _frames(folder) == 7
    assert b"".join(pieces) == (folder / runs.CAPTURE).read_bytes()
    assert taps(up) == []


def test_evidence_is_kept_as_the_nodes_gave_it(up: RunningLab, folder: Path) -> None:
    wanted = (
        Gather("left", "octets", "printf '%b' '\\0377\\0000end'"),
        Gather("left", "keys", "echo one {word}"),
        Gather("right", "keys", "echo two"),
        Gather("right", "octets", "sh -c 'echo half; echo broken >&2; exit 3'"),
    )
    experiment = replace(_experiment(At("left", "true")), gather=wanted)
    info = perform(_lab(up), experiment, {"word": "$(id)"}, folder, topology=up)
    assert (folder / "evidence" / "left.octets").read_bytes() == b"\xff\x00end"
    assert (folder / runs.KEYS).read_text() == "one $(id)\ntwo\n"
    assert not (folder / "evidence" / "right.octets").exists()
    assert info.notes == ("`sh -c 'echo half; echo broken >&2; exit 3'` on right gave no evidence: broken",)


def test_no_shell_reads_a_knob(up: RunningLab, folder: Path) -> None:
    value = "; echo $(id) > /tmp/hit & `touch /tmp/hit`"
    info = perform(
        _lab(up), _experiment(At("left", "printf %s {name}")), {"name": value}, folder, topology=up
    )
    assert info.commands[0].stdout == value
    assert docker.run("exec", up.container("left"), "ls", "/tmp").stdout == ""


def test_a_run_ends_when_what_it_waits_for_has_come(up: RunningLab, folder: Path) -> None:
    # The command ends at once; what it started in the background speaks a second later.
    say = "import socket,sys,time; time.sleep(1); socket.socket(2,2).sendto(b'enough',(sys.argv[1],9))"
    later = At("left", f'python3 -c "{say}" {address(up, "right", "front")}', background=True)
    seen: list[bytes] = []
    begun = time.monotonic()
    info = perform(
        _lab(up),
        _experiment(later, At("left", "true"), limit=30),
        {},
        folder,
        topology=up,
        on_data=seen.append,
        settled=lambda: b"enough" in b"".join(seen),
    )
    assert 1 < time.monotonic() - begun < 10
    assert info.notes == ()
    assert _frames(folder) == 1


def test_a_run_that_waits_in_vain_ends_at_its_limit_and_says_so(up: RunningLab, folder: Path) -> None:
    experiment = _experiment(At("left", "true"), limit=1.0)
    info = perform(_lab(up), experiment, {}, folder, topology=up, settled=lambda: False)
    assert info.notes == ("The run came to its limit before all that was waited for had been seen.",)
    assert 1e9 <= info.ended - info.started < 2e9


def test_a_command_past_the_limit_is_ended_on_its_node(up: RunningLab, folder: Path) -> None:
    stubborn = At("left", "sh -c 'trap \"\" TERM; sleep 4321 & wait; wait'")
    info = perform(_lab(up), _experiment(stubborn, limit=1.0), {}, folder, topology=up)
    assert info.commands[0].exit is None
    assert info.notes[0].endswith("on left was ended: the run had come to its limit.")
    assert "4321" not in _processes(up, "left")


def test_background_commands_end_with_the_run_and_their_children_too(up: RunningLab, folder: Path) -> None:
    server = At("right", "sh -c 'echo serving; sleep 4321 & sleep 4322'", background=True)
    info = perform(_lab(up), _experiment(server, At("left", "sleep 0.3")), {}, folder, topology=up)
    assert [(command.exit, command.stdout) for command in info.commands] == [(None, "serving\n"), (0, "")]
    assert info.notes == ()
    assert "432" not in _processes(up, "right")


def test_an_exit_code_out_of_the_ordinary_is_noted_and_the_run_goes_on(up: RunningLab, folder: Path) -> None:
    expected = At("left", "sh -c 'exit 9'", exits=(0, 9))
    absent = At("left", "no-such-program")
    info = perform(_lab(up), _experiment(expected, absent, _cast(up, 2)), {}, folder, topology=up)
    assert [command.exit for command in info.commands] == [9, 127, 0]
    assert info.notes == ("`no-such-program` on left ended with exit code 127.",)
    assert "not found" in info.commands[1].stderr
    assert _frames(folder) == 2


def test_only_the_beginning_of_a_long_output_is_kept(up: RunningLab, folder: Path) -> None:
    flood = At("left", "sh -c 'yes | head -c 3000000; yes no | head -c 3000000 >&2'")
    (command,) = perform(_lab(up), _experiment(flood), {}, folder, topology=up).commands
    assert (command.exit, len(command.stdout), len(command.stderr)) == (0, 64 << 10, 64 << 10)


def test_a_reset_that_fails_is_told_and_nothing_is_kept(up: RunningLab, folder: Path) -> None:
    reset = At("right", "sh -c 'echo the cache is stuck >&2; exit 4'")
    with pytest.raises(EngineError) as error:
        perform(_lab(up), _experiment(_cast(up, 1), reset=(reset,)), {}, folder, topology=up)
    assert "on right ended with exit code 4:\n  right | the cache is stuck" in error.value.message
    assert error.value.hint == f"See what the node says: machinelab logs {up.lab} right"
    assert not folder.exists() and taps(up) == []


def test_reset_commands_run_side_by_side_where_they_are_to(up: RunningLab, folder: Path) -> None:
    # The first ends only because the second runs meanwhile; the third finds both done.
    met = At("left", "sh -c 'until [ -e /tmp/met ]; do sleep 0.05; done; touch /tmp/seen'")
    meet = At("left", "touch /tmp/met", parallel=True)
    tidy = At("left", "rm /tmp/met /tmp/seen")
    experiment = _experiment(_cast(up, 1), reset=(met, meet, tidy), after=(met, meet, tidy))
    info = perform(_lab(up), experiment, {}, folder, topology=up)
    assert [command.exit for command in info.commands] == [0] * 7
    assert [command.argv[0] for command in info.commands if command.phase == "reset"] == ["sh", "touch", "rm"]


def test_the_nodes_logs_of_the_run_are_kept(up: RunningLab, folder: Path) -> None:
    docker.run("exec", up.container("left"), "sh", "-c", "echo before the run > /proc/1/fd/1")
    speak = At("left", "sh -c 'echo in the run > /proc/1/fd/1'")
    perform(_lab(up), _experiment(speak), {}, folder, topology=up)
    assert (folder / "logs/left.log").read_text() == "in the run\n"
    assert not (folder / "logs/right.log").exists()


def test_a_tap_lost_in_the_middle_keeps_what_it_heard(up: RunningLab, folder: Path) -> None:
    def lose(piece: bytes) -> None:
        if len(piece) > 500:
            docker.run("kill", *taps(up))

    commands = (_cast(up, 20), At("left", "sleep 60"))
    with pytest.raises(TapLost) as error:
        perform(_lab(up), _experiment(*commands, limit=60), {}, folder, topology=up, on_data=lose)
    assert str(folder / runs.CAPTURE) in error.value.message
    assert _frames(folder) == 20
    assert runs.listing("two") == []
    assert "sleep 60" not in _processes(up, "left")


def test_a_node_that_is_not_running(folder: Path) -> None:
    down = RunningLab("nothere", "default", {"left": ()}, {}, {"left": "running"})
    with pytest.raises(LabNotUp):
        perform(
            Lab("nothere", ()),
            _experiment(At("x", "true"), reset=(At("left", "true"),)),
            {},
            folder,
            topology=down,
        )
    assert not folder.exists()


def test_an_attempt_is_a_run_like_any_other(up: RunningLab, folder: Path) -> None:
    argv = ["python3", "-c", CAST, address(up, "right", "back"), "4"]
    info = attempt(_lab(up), "left", argv, folder, topology=up)
    assert info.experiment == "try"
    assert info.commands[0].argv == tuple(argv)
    assert _frames(folder) == 4
    with pytest.raises(UsageError):
        attempt(_lab(up), "middle", argv, folder, topology=up)


def _interrupted(up: RunningLab, folder: Path, call: str) -> subprocess.CompletedProcess[str]:
    """Run a call of the session in a process of its own, and press Ctrl-C when its command runs on the node."""
    program = (
        "from pathlib import Path; from machinelab.engine.session import *\n"
        "from machinelab.model import At, Experiment, Interface, Lab, Step; from machinelab.engine.topology import Network, RunningLab\n"
        f"lab, up, folder = Lab({up.lab!r}, ()), {up!r}, Path({str(folder)!r})\n"
        "tell = lambda what, state, *_: print(what, state, flush=True)\n"
        f"{call}\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        end = time.monotonic() + 20
        while "4321" not in _processes(up, "left"):
            assert time.monotonic() < end and process.poll() is None, process.communicate()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    return subprocess.CompletedProcess([], process.returncode, out, err)


def test_ctrl_c_leaves_nothing_running_and_nothing_half_done(up: RunningLab, folder: Path) -> None:
    call = (
        "perform(lab, Experiment('long', '', run=(At('right', 'sleep 4320', background=True), At('left', 'sleep 4321')),"
        " after=(At('right', 'touch /tmp/tidied'),), steps=(), limit=60), {}, folder, topology=up, progress=tell)"
    )
    ended = _interrupted(up, folder, call)
    assert "KeyboardInterrupt" in ended.stderr
    assert not folder.exists()
    assert taps(up) == []
    assert "432" not in _processes(up, "left") + _processes(up, "right")
    assert docker.run("exec", up.container("right"), "ls", "/tmp").stdout == "tidied\n"


def test_ctrl_c_ends_a_wait_for_what_does_not_come_and_keeps_the_run(up: RunningLab, folder: Path) -> None:
    call = (
        "perform(lab, Experiment('long', '', run=(At('left', 'sleep 4321', background=True),), steps=(), limit=60),"
        " {}, folder, topology=up, settled=lambda: False, progress=tell)"
    )
    ended = _interrupted(up, folder, call)
    assert ended.returncode == 0, ended.stderr
    assert runs.read(folder).notes == ("The wait for further packets was ended with Ctrl-C.",)
    assert "4321" not in _processes(up, "left") and taps(up) == []


def test_a_wait_that_lasts_is_told(up: RunningLab, folder: Path) -> None:
    told: list[str] = []
    long = Experiment("long", "", run=(At("left", "true"),), steps=(), until="never", limit=3)
    perform(
        Lab(up.lab, ()),
        long,
        {},
        folder,
        topology=up,
        settled=lambda: False,
        progress=lambda what, state, fraction=None, /: told.append(state),
    )
    assert any(each.startswith("waiting for the step never, 1 s at most") for each in told), told


def test_ctrl_c_ends_an_attempt_and_keeps_it(up: RunningLab, folder: Path) -> None:
    call = "attempt(lab, 'left', ['sleep', '4321'], folder, topology=up, progress=tell)"
    ended = _interrupted(up, folder, call)
    assert ended.returncode == 0, ended.stderr
    assert runs.read(folder).notes == ("`sleep 4321` on left was ended with Ctrl-C.",)
    assert "4321" not in _processes(up, "left")
    assert taps(up) == []
