"""Images against a real engine: built when their files change, saved and brought back, pruned."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from machinelab.engine import base, builder, bundle, docker, doctor, images, labels
from machinelab.engine.images import Image
from machinelab.errors import EngineError

from .engines import home, service, write

__all__ = ["home"]
pytestmark = pytest.mark.live

TAG = f"machinelab/selftest-{os.getpid()}:latest"


@pytest.fixture
def image(home: Path) -> Iterator[Image]:
    context = home / "context"
    context.mkdir()
    (context / "Dockerfile").write_text("ARG BASE\nFROM ${BASE}\nCOPY word /word\n")
    (context / "word").write_text("first")
    yield Image(TAG, context)
    docker.run("image", "rm", "-f", TAG, check=False)


def word() -> str:
    return docker.run("run", "--rm", TAG, "cat", "/word").stdout


def test_an_image_is_built_once_and_again_when_its_files_change(image: Image) -> None:
    told: list[tuple[str, float | None]] = []

    def progress(what: str, state: str, fraction: float | None = None, /) -> None:
        told.append((state, fraction))

    assert images.ensure([image], progress) == (image,)
    assert ("step 3/3: COPY word /word" in [s for s, _ in told]) or (
        "step 3/4: COPY word /word" in [s for s, _ in told]
    )
    assert told[-1] == ("ready", 1.0)
    assert word() == "first"
    assert images.ensure([image], progress) == ()
    assert image.context
    (image.context / "word").write_text("second")
    assert images.stale([image]) == (image,)
    assert images.ensure([image]) == (image,)
    assert word() == "second"


def test_a_build_that_fails_shows_its_last_lines(image: Image) -> None:
    assert image.context
    (image.context / "Dockerfile").write_text("ARG BASE\nFROM ${BASE}\nRUN echo the reason is here; exit 9\n")
    with pytest.raises(builder.BuildFailed) as caught:
        images.build([image])
    assert caught.value.message.startswith(f"{image.name} could not be built (step 3/")
    assert "the reason is here" in caught.value.message
    assert caught.value.log and "the reason is here" in caught.value.log.read_text()


def test_saved_and_brought_back(image: Image, home: Path) -> None:
    images.build([image])
    file = home / "class.tar.gz"
    saved = bundle.save([image], file)
    assert [entry.tag for entry in saved] == sorted([base.TAG, TAG])
    docker.run("image", "rm", "-f", TAG)
    assert images.present([TAG]) == {}
    with pytest.raises(EngineError) as caught:
        images.require([image])
    assert caught.value.message == f"Not on this machine: {TAG}."
    assert bundle.load(file) == saved
    assert images.stale([image]) == ()
    assert word() == "first"
    assert not list((home / "home" / "tmp").iterdir())


def test_prune_takes_what_is_superseded_and_ours_and_nothing_else(image: Image) -> None:
    images.build([image])
    first = docker.run("image", "inspect", "-f", "{{.Id}}", TAG).stdout.strip()
    assert image.context
    (image.context / "word").write_text("second")
    images.build([image])
    docker.run("tag", base.TAG, "selftest-foreign:latest")
    try:
        before = set(
            docker.run("image", "ls", "-q", "--no-trunc", "--filter", "dangling=false").stdout.split()
        )
        images.prune()
        assert docker.run("image", "inspect", first, check=False).exit == 1
        after = set(
            docker.run("image", "ls", "-q", "--no-trunc", "--filter", "dangling=false").stdout.split()
        )
        assert before <= after
    finally:
        docker.run("image", "rm", "selftest-foreign:latest")


def test_the_images_of_a_lab_are_its_nodes_and_the_tap(home: Path) -> None:
    for name in ("word", "tap"):
        (home / "images" / name).mkdir(parents=True)
        (home / "images" / name / "Dockerfile").write_text("FROM x\n")
    (home / "lab").mkdir()
    built = service(image="machinelab/word:latest", build={"context": "../images/word"})
    found = images.of_lab("lab", write(home / "lab", {"a": built, "b": built, "c": service()}))
    assert {(image.tag, image.context) for image in found} == {
        ("machinelab/word:latest", home / "images" / "word"),
        ("machinelab/base:trixie", None),
        ("machinelab/tap:latest", home / "images" / "tap"),
    }


def test_doctor_finds_this_engine_well() -> None:
    found = {check.name: check for check in doctor.diagnose()}
    assert {name for name, check in found.items() if check.needed and not check.ok} == set()
    assert found["engine"].detail.startswith("version ")


def test_the_base_says_what_it_was_made_of() -> None:
    told = docker.run(
        "image", "inspect", "-f", f'{{{{index .Config.Labels "{labels.CONTEXT}"}}}}', base.TAG
    ).stdout.strip()
    assert told.startswith(f"{base.RECIPE}-")
