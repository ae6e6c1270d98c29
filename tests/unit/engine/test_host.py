from pathlib import Path

import pytest

from machinelab.engine import host

DEB822 = """\
Types: deb
# http://snapshot.example/archive
URIs: http://security.example/debian-security
Suites: bookworm-security
Components: main

Types: deb-src
URIs: http://sources.example/debian
Suites: bookworm
Components: main

Enabled: no
Types: deb
URIs: http://off.example/debian
Suites: bookworm
Components: main

Types: deb
URIs: http://mirror.example/debian/
Suites: bookworm bookworm-updates
Components: main
 contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
"""


def apt(tmp_path: Path, name: str, text: str) -> Path:
    (tmp_path / "sources.list.d").mkdir(exist_ok=True)
    (tmp_path / name).write_text(text)
    return tmp_path


def test_the_mirror_in_a_sources_file(tmp_path: Path) -> None:
    assert (
        host.debian_mirror(apt(tmp_path, "sources.list.d/debian.sources", DEB822))
        == "http://mirror.example/debian"
    )


def test_the_mirror_in_a_one_line_file(tmp_path: Path) -> None:
    text = "# deb http://no.example/debian trixie main\ndeb [arch=amd64 signed-by=/k.gpg] https://m.example/debian trixie main\n"
    assert host.debian_mirror(apt(tmp_path, "sources.list", text)) == "https://m.example/debian"


@pytest.mark.parametrize(
    "text",
    [
        "deb http://archive.ubuntu.com/ubuntu noble main universe\n",
        "deb https://packages.example/apt tool-bookworm main\n",
        "deb cdrom:[Debian 12]/ bookworm main\n",
        "",
    ],
)
def test_where_no_mirror_of_debian_is_told(text: str, tmp_path: Path) -> None:
    assert host.debian_mirror(apt(tmp_path, "sources.list", text)) == ""


def test_os_release(tmp_path: Path) -> None:
    (tmp_path / "os-release").write_text(
        '# x\nID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n'
    )
    found = host.os_release(tmp_path / "os-release")
    assert (found["ID"], found["VERSION_ID"]) == ("debian", "12")
    assert host.os_release(tmp_path / "none") == {}


@pytest.mark.parametrize(
    ("proxy", "local"),
    [
        ("http://127.0.0.1:3142", True),
        ("http://user:word@localhost:3142/", True),
        ("http://[::1]:3142", True),
        ("http://proxy.example:3128", False),
        ("http://localhost.example", False),
    ],
)
def test_a_proxy_that_only_this_machine_reaches(proxy: str, local: bool) -> None:
    assert host.is_local({"http_proxy": proxy}) is local


def test_proxies_go_on_to_builds(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "no_proxy", "ftp_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(host, "apt_proxy", lambda: "http://apt.example:3142")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    assert host.build_proxies() == {
        "http_proxy": "http://apt.example:3142",
        "https_proxy": "http://proxy.example:3128",
    }


def test_authorities_are_those_of_the_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "_EXTRA_CAS", (tmp_path, tmp_path / "none"))
    without = host.cas_hash()
    (tmp_path / "office.crt").write_text("A")
    (tmp_path / "README").write_text("not one")
    assert host.extra_cas() == [tmp_path / "office.crt"]
    assert host.cas_hash() != without
