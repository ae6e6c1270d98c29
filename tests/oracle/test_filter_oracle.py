"""Display filters against tshark 4.4: the same packets for every filter, and refused where it refuses."""

import io
import shutil
import subprocess
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import pytest

from machinelab import catalog
from machinelab import filter as display
from machinelab.columns import Capture
from machinelab.filter import FilterError
from machinelab.sources import pcap
from tests import references
from tests.oracle import agreed, exemptions, judge, made
from tests.oracle.exemptions import is_ours
from tests.oracle.pdml import APART, OPTIONS, packed
from tests.oracle.test_tshark import FOREIGN
from tests.references import keys_of, lab_of

HERE = Path(__file__).parent
AT_ONCE = 400  # filters asked in one reading of a file
CHECKOUT = HERE.parent.parent
BOTH = (HERE / "filters.txt").read_text().splitlines()
REFUSED = (HERE / "refused.txt").read_text().splitlines()

# What Wireshark takes and we do not, with the reason.
OURS_REFUSES = {
    'dns.qry.type matches "A"': "the words of an enumeration are for people; the number is compared",
    'dns contains "www"': "a filter is asked of fields, and a protocol's bytes are none",
    "dns[0:2] == 00:01": "the same",
    "dns == dns": "the same",
    "@ip.src == c6:12:00:01": "the same",
    "ip.src#1 == 198.18.0.1": "no lab has needed layers",
    "dns.a & 255.255.255.0": "a prefix says it: dns.a == 198.18.5.0/24",
    "eth.dst[0] & 1": "bits of bytes: no lab has needed them",
    "tcp.flags & tcp.flags": "a mask is a number",
    "ip.ttl + 1 == 64": "sums: no lab has needed them",
    "ip.src in {ip.dst, 198.18.0.1}": "== says it",
    "dns.count.answers == dns.flags.response": "a number and a flag; Wireshark refuses it the other way round",
    "any dns.a not in {198.18.5.1}": "Wireshark 4.4 answers as if it said all",
    "dns.qry.type == -1": "never true",
    "dns.qry.type in {-1..2}": "never true in Wireshark, though 1 lies between",
    "tcp.options contains 05e4": "reads like a power of ten",
    "tcp.options contains 4:5": "half bytes",
    "tcp.options contains 04:": "half a byte string",
    'dns.flags.rcode == "No such name"': "our words are the standard's (NXDOMAIN), not Wireshark's descriptions",
    'frame.time_epoch > "2023-11-14 22:13:22 UTC"': "dates",
}
ESCAPED = "we keep control characters in a TXT record written out (\\n), tshark keeps them"
OURS_DIFFER = {r'dns.txt == "Hello World\n.x"': ESCAPED, r'dns.txt matches "world\n.x$"': ESCAPED}
OURS_TAKES = {"dns.qry.type == 65536": "our registry does not know how wide a number is"}

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(shutil.which("docker") is None, reason="tshark 4.4 runs in a container"),
]


def tshark(script: str, data: bytes, *arguments: str) -> list[str]:
    """The lines that a shell script around tshark prints; the data is its standard input."""
    done = subprocess.run(
        judge.command(script, *arguments), input=data, capture_output=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().splitlines()


def passing(capture: Path, filters: list[str]) -> dict[str, list[int]]:
    """The packets that pass each filter, from one reading of the file: tshark 4.4 takes filters as columns."""
    # Twice not: a column of a bare field would hold its value, not whether it is there.
    columns = [word for filter in filters for word in ("-e", f"not not ({filter})")]
    into = io.BytesIO()
    keys = packed(capture, into)
    script = f'cd /tmp && tar -x && tshark -n -2 {OPTIONS} -r capture{keys} -T fields -e frame.number "$@" 2>/dev/null'
    found: dict[str, list[int]] = {filter: [] for filter in filters}
    for line in tshark(script, into.getvalue(), *columns):
        number, *marks = line.split("\t")
        assert len(marks) == len(filters), line
        for filter, mark in zip(filters, marks, strict=True):
            if mark:
                found[filter].append(int(number))
    return found


# Packets of which tshark itself says that it does not know what they are: `pdml` tells what is compared of them.
UNKNOWN = "kafka.unsupported_api_version or kafka.assumed_api_version or kafka.unknown_api_key or kafka.pdu_length_mismatch"


def compared(capture: Path, filters: list[str]) -> dict[str, str]:
    """Every filter on which we differ, and how."""
    events = [(event.number, event.fields) for event in pcap.load(capture, keys=keys_of(capture)).events]
    theirs = passing(capture, [*filters, UNKNOWN])
    unknown = set(theirs[UNKNOWN])
    differences = {}
    for filter in filters:
        matches = display.compile(filter).matches
        ours = sorted(number for number, fields in events if matches(fields) and number not in unknown)
        others = [number for number in theirs[filter] if number not in unknown]
        if ours != others:
            differences[filter] = f"we {ours}, tshark {others}"
    return differences


@lru_cache
def steps_of(lab: str) -> list[str]:
    """Every pattern that a lab's steps and background entries look for, but for those that name a field of ours alone."""
    experiments = catalog.load_lab(lab).experiments
    patterns = [
        entry.sees for experiment in experiments for entry in (*experiment.steps, *experiment.background)
    ]
    theirs = [pattern for pattern in patterns if not any(map(is_ours, display.compile(pattern).names))]
    return list(dict.fromkeys(filter(None, theirs)))


def asked_of(capture: Path, filters: Iterable[str]) -> list[str]:
    """The filters that can be compared: where a router passes segments or QUIC on, tshark takes each for one sent again, and we do not.

    (What we say of them is held against tshark for each network by itself: `pdml.ALONE`.)
    """
    networks: dict[object, set[str]] = {}
    told_apart = set()
    for event in pcap.load(capture).events:
        networks.setdefault(event.stream, set()).add(event.network)
        if event.stream and (event.stream[0] == "tcp" or "quic" in event.fields):
            told_apart.add(event.stream)
    passed_on = any(len(networks[stream]) > 1 for stream in told_apart)
    return [
        text
        for text in dict.fromkeys(filters)
        if not passed_on or not any(name.startswith(APART) for name in display.compile(text).names)
    ]


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fifteen packets that were made so that each filter has something to tell apart."""
    from scapy.utils import wrpcap

    from tests.oracle import mixture

    path = tmp_path_factory.mktemp("captures") / "mixed.pcap"
    wrpcap(str(path), mixture.packets())
    return path


def test_the_list_is_long() -> None:
    assert len(BOTH) > 250
    assert len(REFUSED) > 70


def test_the_same_packets_pass_in_a_made_capture(mixed: Path) -> None:
    differences = compared(mixed, BOTH)
    assert differences.keys() == OURS_DIFFER.keys(), differences


@pytest.mark.parametrize(
    "capture",
    sorted(CHECKOUT.glob("labs/*/reference/*.pcapng")),
    ids=lambda path: f"{path.parts[-3]}/{path.stem}",
)
def test_the_same_packets_pass_in_the_references(capture: Path, judged: agreed.Agreed) -> None:
    everything = [*BOTH, *steps_of(lab_of(capture))]
    filters = asked_of(capture, everything if judged.again else references.asked_of(capture, everything))
    allowed = {*OURS_DIFFER, *exemptions.of(capture).filters}

    def ask() -> None:
        differences = compared(capture, filters)
        assert differences.keys() <= allowed, differences

    # What is written down is of those that are asked of it day by day, also where all were asked.
    daily = asked_of(capture, references.asked_of(capture, everything))
    digest = agreed.of_filters(capture, {text: passing_here(capture, text) for text in daily}, allowed)
    judged.compare(lab_of(capture), f"{capture.stem} filters", digest, ask)


@pytest.mark.parametrize("capture", FOREIGN, ids=lambda path: path.stem)
def test_the_same_packets_pass_in_foreign_captures(capture: Path, judged: agreed.Agreed) -> None:
    """The list, and filters made from what the capture holds; ours are answered as `packets --filter` does."""
    columns = Capture.open(capture)
    ours = {
        text: sorted(int(number) for found in columns.filter(text) for number in found.numbers)
        for text in dict.fromkeys((*references.speaking(capture, BOTH), *made.filters(capture)))
    }
    allowed = set(exemptions.of(capture).filters)

    def ask() -> None:
        texts = [*ours]
        theirs: dict[str, list[int]] = {}
        for start in range(0, len(texts), AT_ONCE):
            theirs |= passing(capture, texts[start : start + AT_ONCE])
        differences = {text: (ours[text], theirs[text]) for text in ours if ours[text] != theirs[text]}
        assert differences.keys() <= allowed, differences

    digest = agreed.of_filters(capture, ours, allowed)
    judged.compare(exemptions.OWN, f"{capture.stem} filters", digest, ask)


def passing_here(capture: Path, text: str) -> list[int]:
    """The packets that pass a filter of ours."""
    matches = display.compile(text).matches
    return [event.number for event in references.events(capture, decrypted=True) if matches(event.fields)]


def refusals(mixed: Path, filters: list[str]) -> dict[str, bool]:
    """Whether tshark refuses each filter."""
    script = (
        'cat > /tmp/capture; for filter; do tshark -n -r /tmp/capture -c 1 -Y "$filter" >/dev/null 2>/tmp/said;'
        " if grep -q '^tshark:' /tmp/said; then echo refused; else echo taken; fi; done"
    )
    said = tshark(script, mixed.read_bytes(), *filters)
    return {filter: word == "refused" for filter, word in zip(filters, said, strict=True)}


def test_what_tshark_refuses_we_refuse(mixed: Path, judged: agreed.Agreed) -> None:
    wanted = {**dict.fromkeys([*REFUSED, *OURS_TAKES], True), **dict.fromkeys(OURS_REFUSES, False)}

    def ask() -> None:
        assert refusals(mixed, [*wanted]) == wanted

    judged.compare(exemptions.OWN, "refused filters", agreed.of_answers(wanted), ask)
    for filter in [*REFUSED, *OURS_REFUSES]:
        with pytest.raises(FilterError):
            display.compile(filter)
    for filter in OURS_TAKES:
        display.compile(filter)
