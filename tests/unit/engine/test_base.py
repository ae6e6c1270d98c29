from pathlib import Path

import pytest

from machinelab.engine import base, host


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(host, "extra_cas", list)
    monkeypatch.setattr(host, "build_proxies", dict)
    monkeypatch.setattr(host, "debian_mirror", lambda: "http://mirror.example/debian")
    monkeypatch.setenv("MACHINELAB_HOME", str(tmp_path))
    return tmp_path


def argv() -> list[str]:
    return base.bootstrap_argv(Path("/tmp/base.tar"), Path("/keys.gpg"))


def test_the_base_is_made_from_the_hosts_mirror_with_debians_keys() -> None:
    assert argv()[-3:] == ["trixie", "/tmp/base.tar", "http://mirror.example/debian"]
    assert "--keyring=/keys.gpg" in argv()
    assert "--include=ca-certificates,iproute2" in argv()


def test_a_proxy_is_used_and_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "build_proxies", lambda: {"http_proxy": "http://proxy.example:3128"})
    assert '--aptopt=Acquire::http::Proxy "http://proxy.example:3128"' in argv()
    assert '--customize-hook=rm -f "$1/etc/apt/apt.conf.d/99mmdebstrap"' in argv()


def test_authorities_go_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "extra_cas", lambda: [Path("/usr/local/share/ca-certificates/my office.crt")])
    hooks = [word for word in argv() if word.startswith("--customize-hook=")]
    assert any("upload '/usr/local/share/ca-certificates/my office.crt'" in hook for hook in hooks)
    assert any("update-ca-certificates" in hook for hook in hooks)


def test_a_silent_registry_is_remembered_for_an_hour(bare: Path) -> None:
    import os

    assert not base.registry_silent()
    (bare / "no-registry").touch()
    assert base.registry_silent()
    old = (bare / "no-registry").stat().st_mtime - 2 * base.REMEMBER
    os.utime(bare / "no-registry", (old, old))
    assert not base.registry_silent()


def test_without_a_mirror_of_its_own_mmdebstrap_takes_debians(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "debian_mirror", lambda: "")
    assert argv()[-2:] == ["trixie", "/tmp/base.tar"]
