"""What a person is told when the engine that was installed does not start: the daemon's reason, in one line."""

from pathlib import Path

import pytest

from machinelab.engine import docker, install
from machinelab.errors import EngineError

# What dockerd 26.1 wrote in a container that may not touch the firewall.
LOG = """\
time="2026-11-24T06:24:31.1Z" level=info msg="Loading containers: start."
time="2026-11-24T06:24:31.2Z" level=info msg="stopping event stream following graceful shutdown"
failed to start daemon: Error initializing network controller: iptables failed: Permission denied (you must be root)
 (exit status 4)
"""


@pytest.mark.parametrize(
    ("log", "said"),
    [
        (
            LOG,
            " It said: Error initializing network controller: iptables failed: Permission denied (you must be root)",
        ),
        ("a\nb\nc\nd\ne\n", " It said last:\n  b\n  c\n  d\n  e"),
        (None, ""),
    ],
)
def test_why_the_engine_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: str | None, said: str
) -> None:
    monkeypatch.setattr(docker, "run", lambda *words, **more: docker.Result(1, "", "nobody answers"))
    path = tmp_path / "dockerd.log"
    if log is not None:
        path.write_text(log)
    with pytest.raises(EngineError) as caught:
        install.wait_for_engine(lambda: False, str(path))
    assert caught.value.message == f"The container engine ended as soon as it was started.{said}"
    assert caught.value.hint == f"Read why: {path}"
