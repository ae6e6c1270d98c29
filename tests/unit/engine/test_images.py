from pathlib import Path

import pytest

from machinelab.engine import images
from machinelab.engine.images import Image


@pytest.fixture
def context(tmp_path: Path) -> Path:
    (tmp_path / "Dockerfile").write_text("FROM x\n")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "run").write_text("#!/bin/sh\n")
    return tmp_path


def digest(context: Path) -> str:
    return Image("machinelab/dns:latest", context).digest()


def test_the_hash_is_the_same_for_the_same_files(context: Path) -> None:
    before = digest(context)
    (context / "bin" / "run").touch()
    (context / "bin" / "run").chmod(0o640)
    (context / "__pycache__").mkdir()
    (context / "__pycache__" / "x.pyc").write_bytes(b"1")
    assert digest(context) == before


def test_the_hash_changes_with_content_name_and_mode(context: Path) -> None:
    seen = {digest(context)}
    (context / "Dockerfile").write_text("FROM y\n")
    seen.add(digest(context))
    (context / "bin" / "run").chmod(0o755)
    seen.add(digest(context))
    (context / "bin" / "run").rename(context / "bin" / "walk")
    seen.add(digest(context))
    (context / "more").write_text("")
    seen.add(digest(context))
    assert len(seen) == 5


def test_names() -> None:
    assert Image("machinelab/test-tshark:latest", None).name == "test-tshark"


def test_images_of_a_folder(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "Dockerfile").write_text("FROM x\n")
    (tmp_path / "none").mkdir()
    assert [image.tag for image in images.of_folder(tmp_path, "test-")] == [
        "machinelab/test-a:latest",
        "machinelab/test-b:latest",
    ]


def test_an_image_is_good_if_it_was_built_from_these_files(context: Path) -> None:
    image = Image("machinelab/dns:latest", context)
    assert images._good(image, image.digest())
    assert not images._good(image, "something else")
    assert not images._good(image, "")
    assert not images._good(image, None)
    assert images._good(Image("machinelab/base:trixie", None), "another machine's")


def test_what_is_shared_is_part_of_an_image_that_may_copy_it(tmp_path: Path) -> None:
    for name, text in (("dns/Dockerfile", "FROM x\n"), ("shared/node.sh", "first")):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text)
    alone = Image("machinelab/dns:latest", tmp_path / "dns")
    whole = Image("machinelab/dns:latest", tmp_path / "dns", tmp_path)
    before = (alone.digest(), whole.digest())
    (tmp_path / "shared/node.sh").write_text("second")
    assert alone.digest() == before[0] != before[1] != whole.digest()


def test_an_image_is_built_from_where_its_dockerfile_stands() -> None:
    build = {"context": "/kit/compose/images", "dockerfile": "dns/Dockerfile"}
    images_ = Path("/kit/compose/images")
    assert images._built("machinelab/dns:latest", build) == Image(
        "machinelab/dns:latest", images_ / "dns", images_
    )
    assert images._built("machinelab/dns:latest", {"context": "/x/image"}) == Image(
        "machinelab/dns:latest", Path("/x/image")
    )
