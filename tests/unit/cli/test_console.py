"""A run in Python's prompt, typed as a person does: by -c, and by lines."""

import os
import subprocess
import sys

import pytest

from machinelab import catalog


@pytest.fixture
def type_(tmp_path):
    def run(*words, lines=""):
        environment = {**os.environ, "MACHINELAB_HOME": str(tmp_path), "NO_COLOR": "1", "COLUMNS": "120"}
        argv = [sys.executable, "-m", "machinelab", "console", *words]
        return subprocess.run(
            argv, input=lines, capture_output=True, text=True, env=environment, timeout=60, check=False
        )

    return run


def test_one_statement_and_its_value(type_):
    told = type_("dns", "cold", "--reference", "-c", "events[3]")
    assert (told.returncode, told.stdout) == (0, "<4 ask-root: resolver → root  A? test  cd do>\n")


def test_a_block_and_scapys_packets(type_):
    told = type_("dns", "cold", "--reference", "-c", "for packet in packets[:4]: print(packet.step or '-')")
    assert told.stdout.splitlines() == ["ask-resolver", "-", "-", "ask-root"]


@pytest.mark.parametrize(
    ("code", "said"), [("1/0", "ZeroDivisionError"), ("x =", "SyntaxError"), ("y", "NameError")]
)
def test_what_the_code_does_wrong_is_its_own(type_, code, said):
    told = type_("dns", "cold", "--reference", "-c", code)
    assert told.returncode == 1
    assert said in told.stderr and "console.py" not in told.stderr


def test_lines_are_taken_and_what_is_there_is_said_in_one(type_):
    told = type_("dns", "cold", "--reference", lines="run.ok\nlen(packets)\n")
    assert told.returncode == 0
    assert "True" in told.stdout and "16" in told.stdout
    (said,) = [line for line in told.stderr.splitlines() if line.strip()]
    assert said.startswith("<dns cold, reference: 16 events>") and "packets" in said


def test_any_capture_with_a_guide(type_):
    file = str(catalog.reference_folder("dns") / "cold.pcapng")
    told = type_(file, "--guide", "dns", "-c", "run.experiment")
    assert told.stdout == "'cold'\n"
    told = type_(file, "-c", "run")
    assert told.returncode == 2 and "--guide" in told.stderr
