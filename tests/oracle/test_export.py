"""tshark 4.4 opens what `export` writes: comments, node names, keys."""

import subprocess
from pathlib import Path

import pytest

from machinelab import catalog
from machinelab.analysis import reading
from machinelab.export import writing
from machinelab.render.pcapng import comment

pytestmark = pytest.mark.oracle

TSHARK = "machinelab/test-tshark:latest"


def tshark(file: Path, *words: str) -> list[str]:
    argv = [
        "docker",
        "run",
        "--rm",
        "-v",
        f"{file.parent}:/in:ro",
        "--entrypoint",
        "tshark",
        TSHARK,
        "-r",
        f"/in/{file.name}",
    ]
    told = subprocess.run([*argv, *words], capture_output=True, text=True, check=True)
    return told.stdout.splitlines()


@pytest.mark.parametrize("experiment", ["cold", "truncated"])
def test_comments_and_names_are_there(experiment, tmp_path):
    found = reading.open_reference(catalog.load_lab("dns"), experiment)
    file = tmp_path / "out.pcapng"
    writing.export(found, file)
    view = found.view()
    fields = (
        "frame.number",
        "frame.time_epoch",
        "frame.interface_name",
        "ip.src_host",
        "ip.dst_host",
        "frame.comment",
    )
    rows = tshark(file, "-N", "n", "-T", "fields", *(word for name in fields for word in ("-e", name)))
    assert len(rows) == len(view.trace.events)
    for line, event in zip(rows, view.trace.events, strict=True):
        number, time, network, src, dst, said = line.split("\t")
        assert (number, network) == (event.id, event.network)
        assert round(float(time) * 1000) == round(event.time / 1e6)
        assert (src, dst) == (view.name(event.src), view.name(event.dst))
        assert said == comment(view, event)


def test_keys_stand_where_wireshark_looks_for_them(tmp_path):
    found = reading.open_reference(catalog.load_lab("dns"), "dot")
    keys = tmp_path / "keys.log"
    keys.write_text("CLIENT_RANDOM " + "00" * 32 + " " + "11" * 48 + "\n")
    file = tmp_path / "out.pcapng"
    writing.export(found, file, keys=keys)
    argv = ["docker", "run", "--rm", "-v", f"{tmp_path}:/in", "--entrypoint", "editcap", TSHARK]
    subprocess.run(
        [*argv, "--extract-secrets", "/in/out.pcapng", "/in/again.log"], capture_output=True, check=True
    )
    assert (tmp_path / "again.log").read_text() == keys.read_text()
    assert len(tshark(file)) == len(found.run.trace.events)
