"""A run without what is confidential: every reference of the OAuth lab, in every format, searched for all that it holds."""

import ast
import base64
import html
import json
import re
from functools import cache
from pathlib import Path
from urllib.parse import quote

import pytest

from machinelab import catalog
from machinelab.export import writing
from machinelab.export.redaction import Redactor, scrub
from machinelab.export.sensitive import Confidential
from tests import references

RANDOM = (
    "oauth2.code",
    "oauth2.code_verifier",
    "oauth2.access_token",
    "oauth2.refresh_token",
    "oauth2.id_token",
    "oauth2.state",
    "oauth2.nonce",
    "oauth2.device_code",
    "oauth2.dpop",
    "oauth2.client_assertion",
    "oauth2.token",
    "oauth2.user_code",
    "oauth2.request_uri",
)
OPEN_CLAIMS = {"iss", "aud", "exp", "iat", "scope", "client_id", "htm", "htu", "cnf"}
COOKIE = re.compile(rb"(?:session|interaction|resume)(?:\.sig|\.legacy)?=([\w.-]{16,})")
EXPERIMENTS = [experiment.id for experiment in catalog.load_lab("oauth2").experiments]
# What the lab itself says, whoever logs in: its guide, and the words of its headlines.
PROSE = html.unescape(re.sub("[`*]", "", catalog.guide_file("oauth2").read_text())) + "".join(
    each.value
    for each in ast.walk(ast.parse((catalog.lab_file("oauth2").parent / "headlines.py").read_text()))
    if isinstance(each, ast.Constant) and isinstance(each.value, str)
)
# Between them they have every kind of secret: codes, tokens of all sorts, cookies, forms, answers about somebody.
PAGES = ("openid", "device", "introspection", "nonce", "dpop")
WINDOW = 10  # characters of a secret that must not be left anywhere


def opened(experiment: str):
    """A reference, opened with its keys."""
    return references.opened("oauth2", experiment)


@cache
def held(experiment: str) -> tuple[set[str], set[str]]:
    """What a reference holds, once for all formats; found without the code under test: random texts, and texts that name a person or a password."""
    random, told = set(), set()
    for event in opened(experiment).run.trace.events:
        random |= {str(value) for name in RANDOM for value in event.values(name)}
        told |= {str(value) for value in event.values("oauth2.client_secret")}
        for data in event.content.buffers().values():
            random |= {found.decode() for found in COOKIE.findall(data)}
            told |= {"wonderland"} if b"password=wonderland" in data else set()
            told |= {"malice"} if b"password=malice" in data else set()
    for said in map(claims, tuple(random)):
        for name, value in said.items():
            if name in ("sub", "name"):
                told |= {value} - {said.get("client_id")}
            elif name not in OPEN_CLAIMS:
                random.add(str(value))
    return random, told


def claims(text: str) -> dict[str, object]:
    """What a token says; nothing if it is none (a cookie of Flask's has three parts as well)."""
    try:
        return dict(json.loads(base64.urlsafe_b64decode(text.split(".")[1] + "==")))
    except (IndexError, ValueError):
        return {}


def written(experiment: str, ending: str, folder: Path) -> bytes:
    """The export, as a file."""
    file = folder / f"run.{ending}"
    assert "masked" in writing.export(opened(experiment), file, redact=True)
    return file.read_bytes()


def readings(data: bytes) -> list[str]:
    """A file as a reader may take it: as it is, with its escapes undone, and what its hex digits and its base64 stand for.

    Without the page's map, which is made of the compose file: what runs there, not what went over the wire.
    """
    text = re.sub(r'<section class="lab">.*?</section>', "", data.decode("latin-1"), flags=re.DOTALL)
    pools = re.findall(r'"bytes":"([A-Za-z0-9+/=]*)"', text)
    text = re.sub(r'"bytes":"[A-Za-z0-9+/=]*"', "", text)
    plain = (
        html.unescape(re.sub(r"</?(?:code|em|strong|span|p|li|a|h[1-6])\b[^>]*>", "", text))
        .replace('\\"', '"')
        .replace("\\/", "/")
    )
    digits = re.findall(r"(?:[0-9a-f]{2}:?){6,}", text)
    packed = [bytes.fromhex(re.sub("[: ]", "", each)).decode("latin-1") for each in digits]
    return [plain, "\n".join([*packed, *(base64.b64decode(pool).decode("latin-1") for pool in pools)])]


def coded(text: str) -> set[str]:
    """A text in the ways that it may be written: as it is, for an address, in hex, in base64 of both alphabets."""
    raw = text.encode()
    in64 = {make(raw).decode().rstrip("=") for make in (base64.b64encode, base64.urlsafe_b64encode)}
    return {text, quote(text, safe=""), raw.hex(), raw.hex(":"), raw.hex().upper(), *in64}


def places(word: str, text: str) -> list[tuple[str, str]]:
    """The word with what stands before it and with what stands behind, wherever it stands by itself."""
    found = re.finditer(rf"(?<![\w-]){re.escape(word)}(?!\w)", text) if word in text else ()
    return [
        (text[max(0, each.start() - WINDOW) : each.end()], text[each.start() : each.end() + WINDOW])
        for each in found
    ]


def is_prose(place: tuple[str, str]) -> bool:
    """Whether the guide itself says so, of Alice in general; `mallory` is the name of a node."""
    return any(each in PROSE for each in place) or place[0].endswith(('"mallory', "> mallory", "→ mallory"))


def windows(texts: set[str]) -> set[str]:
    """Every piece of them: a secret that a packet's end tore in two has not become harmless."""
    return {text[at : at + WINDOW] for text in texts for at in range(max(1, len(text) - WINDOW + 1))}


def cases():
    """Every experiment in every format; pages of several megabytes by the dozen are for the long tests."""
    for experiment in EXPERIMENTS:
        yield from ((experiment, ending) for ending in ("json", "svg", "pcapng"))
        marks = [] if experiment in PAGES else [pytest.mark.soak]
        yield pytest.param(experiment, "html", marks=marks)


@pytest.mark.parametrize(("experiment", "ending"), list(cases()))
def test_nothing_confidential_is_in_the_file(experiment: str, ending: str, tmp_path: Path) -> None:
    random, told = held(experiment)
    pieces = windows({text for text in random if len(text) >= WINDOW and not text.startswith("urn:")})
    for text in readings(written(experiment, ending, tmp_path)):
        assert not pieces & windows(set(re.findall(rf"[\w.-]{{{WINDOW},}}", text)))
        assert not [each for secret in random for each in coded(secret) if len(each) > 5 and each in text]
        for each in {each for secret in told for each in coded(secret)}:
            assert not [place for place in places(each, text) if not is_prose(place)], each
    assert random or experiment == "redirect"


def test_what_a_reference_holds_is_found_by_the_search() -> None:
    """The search above would find what it looks for: in the same export without masks, each text is there."""
    random, told = held("openid")
    assert {"alice", "Alice", "wonderland", "web-secret"} <= told
    assert len(random) > 12


@pytest.mark.parametrize("ending", ["json", "html"])
def test_an_open_export_holds_it_all(ending: str, tmp_path: Path) -> None:
    random, told = held("openid")
    file = tmp_path / f"run.{ending}"
    writing.export(opened("openid"), file)
    text = "\n".join(readings(file.read_bytes()))
    assert not [secret for secret in random | told if not [each for each in coded(secret) if each in text]]


def test_what_is_nobodys_secret_stays(tmp_path: Path) -> None:
    found = json.loads(written("openid", "json", tmp_path))
    known = [event["fields"] for event in found["events"]]

    def said(name: str) -> set[str]:
        return {item["value"] for fields in known for item in fields.get(name, ())}

    assert said("jwt.iss") == {"https://login.example.test"} and said("jwt.aud") == {"web"}
    assert said("oauth2.client_id") == {"web"} and "openid profile" in said("oauth2.scope")
    assert said("oauth2.grant_type") == {"authorization_code"}
    assert said("jwt.sub") == {"*****"} and said("jwt.name") == {"*****"}
    assert len(said("oauth2.code").pop()) == 43 and said("oauth2.code").pop().strip("*") == ""
    assert all(item["value"] for fields in known for item in fields.get("jwt.exp", ()))


def test_a_program_is_no_person(tmp_path: Path) -> None:
    text = written("client-credentials", "json", tmp_path).decode()
    assert '"value": "job"' in text and "job-secret" not in text


def test_a_secret_is_scrubbed_in_every_form_it_is_written_in() -> None:
    secret = b'pa"ss&word'
    text = b'pa"ss&word pa\\"ss&word pa&quot;ss&amp;word pa%22ss%26word ' + secret.hex().encode()
    assert not set(scrub(text, [secret])) - set(b"* ")


SECRET = b"T2css2eqPSOkh1_JS94Rwda1re3g"


@pytest.mark.parametrize("cut", range(1, len(SECRET)))
def test_a_secret_that_a_packet_ends_in_is_masked_on_both_sides(cut: int) -> None:
    redactor = Redactor(Confidential(frozenset((SECRET,)), frozenset()))
    before, after = b"head Set: " + SECRET[:cut], b"....." + SECRET[cut:] + b" and on"
    first, second = redactor.fragment(before), redactor.fragment(after, 5)
    assert first == (before if cut < 4 else b"head Set: " + b"*" * cut)
    rest = len(SECRET) - cut
    assert second == (after if rest < 4 else b"....." + b"*" * rest + b" and on")


def test_a_packet_in_the_midst_of_a_secret_is_masked_whole() -> None:
    redactor = Redactor(Confidential(frozenset((SECRET,)), frozenset()))
    assert redactor.fragment(b"head" + SECRET[5:20], 4) == b"head" + b"*" * 15
    assert redactor.fragment(b"short", 0) == b"short"


def test_a_name_is_masked_where_it_is_a_word() -> None:
    redactor = Redactor(Confidential(frozenset(), frozenset((b"alice",))))
    assert redactor(b"name=alice&to=%2Falice") == b"name=*****&to=%2F*****"
    assert redactor(b"malice alices palice2 /alice/") == b"malice alices palice2 /*****/"
