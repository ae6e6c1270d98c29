"""What a person types and reads, on the shipped references: no engine."""

import json
import os
import subprocess
import sys

import pytest

from tests.captures import containers

TLS = str(containers.TLS[0])


@pytest.fixture
def type_(tmp_path):
    def run(*words):
        environment = {
            **os.environ,
            "MACHINELAB_HOME": str(tmp_path),
            "NO_COLOR": "1",
            "COLUMNS": "120",
            "DOCKER_HOST": "unix:///nowhere",
        }
        argv = [sys.executable, "-m", "machinelab", *words]
        return subprocess.run(argv, capture_output=True, text=True, env=environment, timeout=60, check=False)

    return run


def test_packets_of_the_reference_need_no_engine(type_):
    told = type_("packets", "dns", "cold", "--reference")
    assert told.returncode == 0, told.stderr
    assert "ask-root" in told.stdout and "10 of 10 steps, in order." in told.stdout


def test_without_a_run_the_reference_is_shown_and_said(type_):
    told = type_("packets", "dns", "cold")
    assert told.returncode == 0
    assert "reference" in told.stderr


def test_json_has_the_keys_that_scripts_rely_on(type_):
    lines = type_("packets", "dns", "cold", "--reference", "--json").stdout.splitlines()
    first = json.loads(lines[0])
    wanted = "number time source network node src dst protocol summary step steps exchange same_as fields"
    assert set(wanted.split()) <= first.keys()
    assert [json.loads(line)["number"] for line in lines] == list(range(1, len(lines) + 1))
    assert first["src"] == "stub" and first["step"] == "ask-resolver"
    assert first["fields"]["dns.flags.recdesired"] == [True]
    assert first["fields"]["dns.qry.name"] == ["www.example.test"]


def test_filter_and_step_choose_packets(type_):
    lines = type_(
        "packets", "dns", "cold", "--reference", "--json", "--filter", "dns.qry.type == DNSKEY"
    ).stdout.splitlines()
    assert lines and all("48" in json.loads(line)["fields"]["dns.qry.type"] for line in lines)
    (line,) = type_(
        "packets", "dns", "cold", "--reference", "--json", "--step", "root-refers"
    ).stdout.splitlines()
    assert json.loads(line)["src"] == "root"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("packets", "dsn"), 2, "Did you mean sni, dns"),
        (("packets", "dns", "clod"), 2, "Did you mean cold"),
        (("packets", "bgp"), 2, "planned, not ready yet"),
        (
            ("packets", "dns", "cold", "--reference", "--filter", "dns.flags.recdesire == 1"),
            2,
            "dns.flags.recdesired",
        ),
        (("packets", "dns", "cold", "--reference", "--step", "ask-rot"), 2, "Did you mean ask-root"),
        (("packets", "dns", "cold", "--run", "99"), 2, "no run 99"),
        (("packets", "no/such.pcap"), 2, "no file"),
        (("packets", "no/such.pcap", "--json"), 2, "no file"),
        (("packets", "no/such.pcap", "--step", "ask-root"), 2, "--guide"),
        (("packets", "dns", "--count", "3"), 2, "--count goes with a file"),
        (("annotate", "no/such.pcap", "--guide", "dns"), 2, "no file"),
        (("annotate", TLS, "--guide", "tls", "--keys", "no/such.log"), 2, "cannot be read"),
        (("annotate", TLS, "--guide", "tls", "--keys", __file__), 2, "holds no TLS secrets"),
        (("explain", "dns", "dns.flags.recdesire"), 2, "dns.flags.recdesired"),
        (("run", "dns", "cold", "--set", "typ=A"), 2, "Did you mean type"),
        (("run", "dns", "cold", "--set", "type"), 2, "KNOB=VALUE"),
        (("up", "acid"), 2, "planned"),
        (("down",), 2, "machinelab down --all"),
        (("nonsense",), 2, "No such command"),
        (("run", "dns", "cold"), 3, ""),
    ],
)
def test_errors_are_one_clear_line_and_a_hint(type_, words, code, said):
    told = type_(*words)
    assert told.returncode == code, told.stderr
    assert said in told.stderr
    assert "Traceback" not in told.stderr


def test_a_file_that_is_no_capture_is_told(type_, tmp_path):
    (tmp_path / "x.pcap").write_text("hello, this is not a capture at all")
    told = type_("annotate", str(tmp_path / "x.pcap"), "--guide", "dns")
    assert told.returncode in (2, 3) and "no capture" in told.stderr


def test_annotate_finds_who_is_who(type_, tmp_path):
    from machinelab import catalog

    capture = tmp_path / "mine.pcapng"
    capture.write_bytes((catalog.reference_folder("dns") / "cold.pcapng").read_bytes())
    told = type_("annotate", str(capture), "--guide", "dns", "--experiment", "cold", "--json")
    assert told.returncode == 0, told.stderr
    steps = [json.loads(line)["step"] for line in told.stdout.splitlines()]
    assert steps[0] == "ask-resolver" and steps[-1] == "answer"
    assert "root-refers" in steps


def test_a_tampered_reference_is_refused_by_name(type_, tmp_path, monkeypatch):
    import shutil

    from machinelab import catalog

    for part in ("labs", "compose", "guides"):
        shutil.copytree(catalog.root() / part, tmp_path / "content" / part)
    capture = tmp_path / "content/labs/dns/reference/cold.pcapng"
    capture.write_bytes(capture.read_bytes()[:-4] + b"\0\0\0\0")
    monkeypatch.setenv("MACHINELAB_CONTENT", str(tmp_path / "content"))
    told = type_("packets", "dns", "cold", "--reference")
    assert told.returncode == 4 and "cold.pcapng" in told.stderr


def test_every_command_has_help(type_):
    for command in (
        "run",
        "try",
        "packets",
        "events",
        "ladder",
        "annotate",
        "explain",
        "guide",
        "worksheet",
        "list",
        "path",
        "up",
        "down",
        "reset",
        "ps",
        "shell",
        "logs",
        "doctor",
        "images",
        "record",
    ):
        told = type_(command, "--help")
        assert told.returncode == 0 and "Usage" in told.stdout, command


def test_other_evidence_is_listed_beside_packets(type_):
    told = type_("events", "wal", "commit", "--reference")
    assert told.returncode == 0, told.stderr
    for word in ("pgwal:2", "strace:2", "fdatasync", "query: COMMIT", "10 of 10 steps, in order."):
        assert word in told.stdout
    only = type_("packets", "wal", "commit", "--reference", "--json")
    assert {json.loads(line)["source"] for line in only.stdout.splitlines()} == {"packets"}


def test_a_filter_reaches_every_kind_of_evidence(type_):
    told = type_(
        "events", "wal", "commit", "--reference", "--filter", "wal.fpi == 0 or syscall.length > 0", "--json"
    )
    assert [json.loads(line)["source"] for line in told.stdout.splitlines()] == ["pgwal", "pgwal", "strace"]


def test_a_plot_is_numbers_and_a_picture(type_):
    told = type_("show", "wal", "images", "--reference")
    assert told.returncode == 0, told.stderr
    assert "full_page_writes on: first: 2," in told.stdout and "█" in told.stdout
    assert "full_page_writes off: first: 71," in told.stdout
    data = json.loads(type_("show", "wal", "latency", "--reference", "--json").stdout)
    assert [x for x, _ in data["series"][0]["points"]] == [1, 2, 4, 8, 16]
    assert data["runs"] == ["reference"]


def test_pictures_are_listed_drawn_and_written(type_, tmp_path):
    listed = type_("show", "nat")
    assert listed.returncode == 0 and "topology" in listed.stdout
    told = type_("show", "nat", "topology", "--reference")
    assert told.returncode == 0 and "nat-a" in told.stdout and "10.71.1.0/24" in told.stdout
    assert type_("plot", "nat", "topology", "--reference").stdout == told.stdout
    data = json.loads(type_("show", "nat", "topology", "--reference", "--json").stdout)
    assert data["kind"] == "topology" and data["data"]["nodes"][0]["name"] == "alice"
    file = tmp_path / "map.svg"
    assert type_("show", "nat", "topology", "--reference", "-o", str(file)).returncode == 0
    assert file.read_text(encoding="utf-8").startswith("<svg ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "wal", "imagse"), "Did you mean images"),
        (("show", "wal", "images", "--run", "1"), "is of several runs"),
        (("show", "wal", "topology", "--reference", "-o", "map.png"), "ends in .svg"),
    ],
)
def test_a_picture_that_cannot_be_shown(type_, words, said):
    told = type_(*words)
    assert told.returncode == 2 and said in told.stderr and "Traceback" not in told.stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("worksheet", "dns", "--print"), 0),
        (("worksheet", "dns", "--answer", "root-visits=1", "--json"), 0),
        (("worksheet", "dns", "--answer", "root-visits=2"), 1),
        (("list",), 0),
        (("list", "--json"), 0),
        (("path", "wire-up"), 0),
    ],
)
def test_answers_that_could_not_be_read_are_told_of(type_, tmp_path, words, code):
    kept = tmp_path / "progress" / "dns" / "default.json"
    kept.parent.mkdir(parents=True)
    kept.write_text("{")
    told = type_(*words)
    aside = kept.with_name("default.json.damaged-1")
    assert told.returncode == code
    assert aside.read_text() == "{"
    assert str(aside) in told.stderr and "damaged" not in told.stdout
    assert " ".join(told.stderr.split()).count("could not be read") == 1


def test_the_list_says_how_far_you_are(type_):
    assert "questions right" not in type_("list").stdout
    type_("worksheet", "dns", "--answer", "root-visits=1")
    (line,) = [line for line in type_("list").stdout.splitlines() if line.startswith("  dns ")]
    assert "1 of 12 questions right" in line


def test_a_choice_of_packets_that_is_empty_says_so(type_):
    told = type_("packets", "dns", "cold", "--reference", "--step", "ask-root", "--filter", "tcp", "-v")
    assert (told.returncode, told.stdout) == (0, "")
    assert "Nothing in reference is of the step ask-root and tcp." in told.stderr
    assert (
        "Nothing in reference passes tcp."
        in type_("packets", "dns", "cold", "--reference", "--filter", "tcp").stderr
    )
