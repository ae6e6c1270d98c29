"""The outputs are those of docker 20.10's two builders and of 28.2."""

from pathlib import Path

import pytest

from machinelab.engine import builder, docker
from machinelab.engine.builder import BuildFailed, Steps

CLASSIC = """\
DEPRECATED: The legacy builder is deprecated and will be removed in a future release.
            Install the buildx component to build images with BuildKit:
            https://docs.docker.com/go/buildx/

Sending build context to Docker daemon  89.05MB
Step 1/3 : FROM machinelab/base:trixie
 ---> d8e802ea304a
Step 2/3 : RUN echo hi
 ---> Running in 877a71c71411
hi
Removing intermediate container 877a71c71411
 ---> bf86fe289bcb
Step 3/3 : RUN echo there && exit 3
 ---> Running in bcc7c0723f09
there
The command '/bin/sh -c echo there && exit 3' returned a non-zero code: 3
"""

BUILDKIT = """\
#1 [internal] load build definition from Dockerfile
#1 sha256:ca26a73654930f9031fb62dc83f5750dda1925722419e5d0a621b5a37cdcf8fe
#1 DONE 0.0s

#4 [1/3] FROM docker.io/machinelab/base:trixie
#4 DONE 0.0s

#5 [2/3] RUN echo hi
#5 0.239 hi
#5 DONE 0.3s

#6 [3/3] RUN echo there && exit 3
#6 0.367 there
#6 ERROR: executor failed running [/bin/sh -c echo there && exit 3]: exit code: 3
------
executor failed running [/bin/sh -c echo there && exit 3]: exit code: 3
"""


def read(text: str) -> tuple[Steps, list[tuple[str, float | None]]]:
    told: list[tuple[str, float | None]] = []
    steps = Steps("dns", lambda what, state, fraction=None, /: told.append((state, fraction)))
    for line in text.splitlines():
        steps.read(line)
    return steps, told


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MACHINELAB_HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("text", [CLASSIC, BUILDKIT], ids=["classic", "BuildKit"])
def test_each_step_is_told_once(text: str) -> None:
    steps, told = read(text)
    assert [state for state, _ in told][1:] == ["step 2/3: RUN echo hi", "step 3/3: RUN echo there && exit 3"]
    assert [fraction for _, fraction in told] == [0, 1 / 3, 2 / 3]
    assert steps.at == "step 3/3"


@pytest.mark.parametrize("text", [CLASSIC, BUILDKIT], ids=["classic", "BuildKit"])
def test_a_failed_build_names_the_step_and_keeps_the_log(text: str, home: Path) -> None:
    steps, _ = read(text)
    error = builder.failed(steps, docker.Result(1, "", text), ["build", "-t", "machinelab/dns:latest", "."])
    assert isinstance(error, BuildFailed)
    assert error.message.startswith("dns could not be built (step 3/3). The build said last:\n  ")
    assert "there" in error.message
    assert "DEPRECATED" not in error.message and "sha256" not in error.message
    assert error.log == home / "logs" / "build-dns.log"
    assert (
        text in error.log.read_text() and "docker build -t machinelab/dns:latest ." in error.log.read_text()
    )
    assert error.hint == f"Read what went wrong, and mend it. The whole log: {error.log}"


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        (
            "W: Failed to fetch http://mirror.example/debian/dists/trixie/InRelease  Temporary failure resolving",
            "See whether this machine reaches",
        ),
        ("dpkg: error: failed to write: No space left on device", "Free some space"),
        (
            "ssl.SSLCertVerificationError: certificate verify failed: unable to get local issuer certificate",
            "Put your office's authority into",
        ),
    ],
)
def test_hints_of_a_failed_build(said: str, hint: str) -> None:
    text = f"Step 1/2 : FROM x\n{said}\n"
    steps, _ = read(text)
    assert builder.failed(steps, docker.Result(1, "", text), ["build"]).hint.startswith(hint)


def test_a_build_that_never_began_is_the_engines_failure() -> None:
    said = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?"
    steps, _ = read(said)
    assert (
        builder.failed(steps, docker.Result(1, "", said), ["build"]).hint
        == "Start it: machinelab doctor --fix"
    )


def test_long_instructions_are_cut_and_put_on_one_line() -> None:
    assert builder.gist("RUN  a \t b") == "RUN a b"
    assert len(builder.gist("RUN " + "x" * 100)) == 48
