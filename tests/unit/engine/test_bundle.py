"""What comes in a bundle may come from anywhere."""

import gzip
import hashlib
import io
import json
import tarfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from machinelab.engine import bundle
from machinelab.errors import LabError

TAG = "machinelab/dns:latest"


def archive(*extra: tarfile.TarInfo, tags: tuple[str, ...] = (TAG,), **files: object) -> bytes:
    """As docker 20.10 saves: manifest.json, repositories, a layer, a link between layers."""
    named = {
        "manifest.json": [{"Config": "c.json", "RepoTags": list(tags), "Layers": ["l/layer.tar"]}],
        **files,
    }
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, content in named.items():
            text = json.dumps(content).encode()
            info = tarfile.TarInfo(name)
            info.size = len(text)
            tar.addfile(info, io.BytesIO(text))
        link = tarfile.TarInfo("m/layer.tar")
        link.type, link.linkname = tarfile.SYMTYPE, "../l/layer.tar"
        tar.addfile(link)
        for info in extra:
            tar.addfile(info, io.BytesIO(b"\0" * info.size))
    return out.getvalue()


def bundled(
    saved: bytes, path: Path, *, tags: tuple[str, ...] = (TAG,), more: bytes | None = None, **index: object
) -> Path:
    told = {
        "format": 1,
        "machinelab": "0.1.0",
        "arch": "amd64",
        "sha256": hashlib.sha256(saved).hexdigest(),
        "images": [{"tag": tag, "id": "sha256:1", "context": "c"} for tag in tags],
        **index,
    }
    with tarfile.open(path, "w:gz") as tar:
        for name, content in (
            (bundle.INDEX, json.dumps(told).encode()),
            (bundle.ARCHIVE, saved),
            ("more", more),
        ):
            if content is not None:
                info = tarfile.TarInfo(name)
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))
    return path


def refused(file: Path, tmp_path: Path) -> str:
    with pytest.raises(LabError) as caught:
        bundle.unpack(file, tmp_path / "images.tar", "amd64")
    assert caught.value.message.startswith(f"{file} is not a bundle of images that can be loaded: ")
    assert caught.value.hint == "Make one with: machinelab images save FILE"
    return caught.value.message.partition(": ")[2]


def test_a_good_bundle_is_unpacked(tmp_path: Path) -> None:
    images = archive(repositories={"machinelab/dns": {"latest": "abc"}})
    found = bundle.unpack(bundled(images, tmp_path / "b.tar.gz"), tmp_path / "images.tar", "amd64")
    assert found == (bundle.Entry(TAG, "sha256:1", "c"),)
    assert (tmp_path / "images.tar").read_bytes() == images


def test_a_foreign_tag_is_refused_wherever_it_stands(tmp_path: Path) -> None:
    file = tmp_path / "b.tar.gz"
    both = (TAG, "debian:latest")
    assert "debian:latest" in refused(bundled(archive(tags=both), file, tags=both), tmp_path)
    assert "debian:latest" in refused(bundled(archive(tags=both), file), tmp_path)
    assert "debian:latest" in refused(
        bundled(archive(repositories={"debian": {"latest": "1"}}), file), tmp_path
    )
    mark = {"io.containerd.image.name": "docker.io/library/debian:latest"}
    assert "library/debian:latest" in refused(
        bundled(archive(**{"index.json": {"manifests": [{"annotations": mark}]}}), file), tmp_path
    )
    for sly in (
        "machinelab/../x:1",
        "evil.example/machinelab/dns:latest",
        "machinelab/dns@sha256:1",
        "machinelab/DNS:1",
        "machinelab/dns",
    ):
        assert sly in refused(bundled(archive(tags=(sly,)), file, tags=(sly,)), tmp_path)


def test_what_was_not_announced_is_refused(tmp_path: Path) -> None:
    images = archive(tags=(TAG, "machinelab/tap:latest"))
    assert "it announces machinelab/dns:latest, and holds" in refused(
        bundled(images, tmp_path / "b.tar.gz"), tmp_path
    )


def info(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    found = tarfile.TarInfo(name)
    found.type, found.linkname = kind, link
    return found


@pytest.mark.parametrize(
    "member",
    [
        info("../outside"),
        info("/etc/passwd"),
        info("a/../../outside"),
        info("a/link", tarfile.SYMTYPE, "../../outside"),
        info("link", tarfile.SYMTYPE, "/etc/passwd"),
        info("hard", tarfile.LNKTYPE, "manifest.json"),
        info("device", tarfile.CHRTYPE),
        info("pipe", tarfile.FIFOTYPE),
    ],
    ids=lambda member: member.name,
)
def test_paths_that_lead_out_and_things_that_are_no_files_are_refused(
    member: tarfile.TarInfo, tmp_path: Path
) -> None:
    assert repr(member.name) in refused(bundled(archive(member), tmp_path / "b.tar.gz"), tmp_path)


def test_damage_and_surplus_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "b.tar.gz"
    assert refused(bundled(archive(), file, sha256="0" * 64), tmp_path) == "it is damaged."
    assert refused(bundled(archive(), file, more=b"x"), tmp_path) == "there is more in it than its images."
    assert "made for arm64" in refused(bundled(archive(), file, arch="arm64"), tmp_path)
    assert "later machinelab" in refused(bundled(archive(), file, format=2), tmp_path)
    assert "cannot be read" in refused(bundled(archive(), file, images=[{"tag": 1}]), tmp_path)
    assert "holds no image" in refused(bundled(archive(), file, tags=()), tmp_path)


def test_a_second_naming_file_is_read_too(tmp_path: Path) -> None:
    # docker load takes the last of two files of one name.
    images = io.BytesIO()
    with tarfile.open(fileobj=images, mode="w") as tar:
        for tag in (TAG, "debian:latest"):
            text = json.dumps([{"RepoTags": [tag]}]).encode()
            member = tarfile.TarInfo("./manifest.json" if tag != TAG else "manifest.json")
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text))
    assert "debian:latest" in refused(bundled(images.getvalue(), tmp_path / "b.tar.gz"), tmp_path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(data=st.data())
def test_a_broken_bundle_ends_in_a_plain_error(data: st.DataObject, tmp_path: Path) -> None:
    whole = gzip.decompress(bundled(archive(), tmp_path / "b.tar.gz").read_bytes())
    at = data.draw(st.integers(0, len(whole) - 1))
    mangled = (
        whole[:at] if data.draw(st.booleans()) else whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :]
    )
    file = tmp_path / "broken.tar.gz"
    file.write_bytes(gzip.compress(mangled, 1))
    try:
        bundle.checked(file, tmp_path / "images.tar", "amd64")
    except LabError as error:
        assert error.hint


def test_podman_saves_what_nobody_else_could_load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle.api, "podman", lambda: "5.4.2")
    with pytest.raises(LabError) as caught:
        bundle.save([], tmp_path / "class.tar.gz")
    assert caught.value.hint == "Save them where Docker runs: Podman loads that file too."
    assert list(tmp_path.iterdir()) == []
