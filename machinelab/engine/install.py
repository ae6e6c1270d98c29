"""`doctor --fix`: installs and starts a container engine on Debian and Ubuntu. Says what it will do, and asks first."""

import getpass
import os
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import EngineError
from . import base, compose, docker, doctor, endpoint, host
from .doctor import Check

Say = Callable[[str], None]
Confirm = Callable[[str], bool]

PLUGINS = Path("/usr/local/lib/docker/cli-plugins")
DOCKERD_LOG = Path("/var/log/machinelab-dockerd.log")
START = 60.0  # seconds an engine gets to answer; 2 are usual, the first start on a slow disk takes 20
INSTALL = 1200.0
_COMPOSE_SUITE = "trixie"  # the oldest Debian with Compose v2


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that `fix` does, and the words it is announced with."""

    words: str
    do: Callable[[], None]


def fix(say: Say, confirm: Confirm) -> list[Check]:
    """Install and start what is missing, as far as this system is known. Gives the checks as they are afterwards.

    May be called again: what is well is left alone. Raises EngineError if something cannot be done.
    """
    actions = plan(doctor.diagnose())
    if actions:
        say("This will be done, with sudo where root is needed:" if os.geteuid() else "This will be done:")
        for action in actions:
            say(f"  · {action.words}")
        if not confirm("Go on?"):
            raise EngineError("Nothing was changed.", "Say yes, or pass --yes, to have it done.")
    for action in actions:
        say(f"{action.words} …")
        action.do()
    return doctor.diagnose()


def plan(checks: Sequence[Check]) -> list[Action]:
    """What has to be done to make these checks pass. Raises EngineError on a system that this cannot be done on."""
    by_name = {check.name: check for check in checks}
    engine, cli, plugin = by_name["engine"], by_name["docker"], by_name["compose"]
    release = host.os_release()
    absent = not cli.ok or (not engine.ok and not _remote() and not shutil.which("dockerd"))
    # Where an engine works and a registry answers, nobody needs mmdebstrap.
    maker = not by_name["base image"].needed and (not engine.ok or not plugin.ok or base.registry_silent())
    wanted = packages(release, engine=absent, plugin=not plugin.ok, maker=maker)
    actions = []
    if (absent or not plugin.ok) and not doctor.install_supported(release):
        name = release.get("PRETTY_NAME", "this system")
        raise EngineError(
            f"doctor --fix knows Debian 12 and later and Ubuntu 22.04 and later, not {name}.",
            "Install Docker with Compose 2.20.3 or later by hand: https://docs.docker.com/engine/install/",
        )
    if missing := [package for package in wanted if not _installed(package)]:
        actions.append(Action(f"install {', '.join(missing)} with apt", lambda: apt_install(missing)))
    if not plugin.ok and _compose_by_hand(release):
        actions.append(Action(f"put Compose from Debian {_COMPOSE_SUITE} into {PLUGINS}", install_compose))
    if not engine.ok and not _remote():
        if "may not talk" not in engine.detail:
            actions.append(Action("start the container engine", start_engine))
        if os.geteuid():
            user = getpass.getuser()
            actions.append(
                Action(
                    f"let {user} use the engine (the group docker)",
                    lambda: join_group(user),
                )
            )
    return actions


def _remote() -> bool:
    # An engine somewhere else is not ours to install or start.
    return endpoint.found().socket is None


def _compose_by_hand(release: Mapping[str, str]) -> bool:
    return release.get("ID") == "debian" and release.get("VERSION_ID", "") == "12"


def packages(release: Mapping[str, str], *, engine: bool, plugin: bool, maker: bool) -> list[str]:
    """The packages that give this system an engine, Compose, and (`maker`) the means to make a base image."""
    if not doctor.install_supported(release):
        return []
    debian = release.get("ID") == "debian"
    wanted = ["docker.io"] if engine else []
    if debian and not _compose_by_hand(release):
        wanted += ["docker-cli"] if engine else []
        wanted += ["docker-compose"] if plugin else []
    elif not debian and plugin:
        wanted.append("docker-compose-v2")
    wanted += ["mmdebstrap", "debian-archive-keyring"] if maker else []
    # Without root, mmdebstrap works in a user namespace.
    return [*wanted, *(["uidmap"] if maker and os.geteuid() else [])]


def _installed(package: str) -> bool:
    told = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Status}", package], capture_output=True, text=True, check=False
    )
    return told.stdout.startswith("install ok installed")


def _as_root(*argv: str, limit: float = INSTALL, env: Mapping[str, str] | None = None) -> str:
    """Run a command as root, by sudo where we are not. Raises EngineError with its last lines if it fails."""
    words = (
        list(argv)
        if os.geteuid() == 0
        else ["sudo", *(["env", *(f"{k}={v}" for k, v in (env or {}).items())] if env else []), *argv]
    )
    return _run(words, limit=limit, env=env)


def _run(
    words: Sequence[str],
    *,
    limit: float = INSTALL,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> str:
    try:
        told = subprocess.run(
            list(words),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=limit,
            env={**os.environ, **(env or {})},
            cwd=cwd,
            check=False,
        )
    except FileNotFoundError as error:
        hint = "Become root and try again." if words[0] == "sudo" else f"Install {words[0]}."
        raise EngineError(f"There is no {words[0]} on this machine.", hint) from error
    except subprocess.TimeoutExpired as error:
        raise EngineError(
            f"`{shlex.join(words)}` did not end within {limit:g} seconds.", "Run it by hand to see why."
        ) from error
    if told.returncode:
        last = "\n".join(f"  {line}" for line in told.stdout.strip().splitlines()[-8:])
        raise EngineError(
            f"`{shlex.join(words)}` failed (exit {told.returncode}):\n{last}",
            "Mend that, then: machinelab doctor --fix",
        )
    return told.stdout


_QUIET = {"DEBIAN_FRONTEND": "noninteractive", "NEEDRESTART_MODE": "l"}


def apt_install(names: Sequence[str]) -> None:
    """Install packages with apt, from the sources that this machine has."""
    _as_root("apt-get", "update", "-q", env=_QUIET)
    _as_root("apt-get", "install", "-y", "-q", "--no-install-recommends", *names, env=_QUIET)


def install_compose() -> None:
    """Fetch Debian's own Compose v2 from a later suite and put it among docker's plugins.

    apt fetches it, with lists and sources of its own, so that Debian's signatures are checked as ever and nothing
    else on the system comes to know of that suite.
    """
    if not host.debian_mirror():
        raise EngineError(
            "This machine has no source of Debian's packages to take Compose from.",
            "Install Compose 2.20.3 or later by the machine's own means, then: machinelab doctor",
        )
    keyring = host.keyring()
    if not keyring:
        raise EngineError(
            "This machine has no keys of Debian's archive.",
            "Install them: apt-get install debian-archive-keyring",
        )
    with tempfile.TemporaryDirectory(prefix="machinelab-") as name:
        folder = Path(name)
        # apt fetches as the user _apt, who has to see into the folder.
        folder.chmod(0o755)
        options = private_apt(folder, keyring)
        _run(["apt-get", *options, "update", "-q"], env=_QUIET)
        _run(["apt-get", *options, "download", "-q", "docker-compose"], env=_QUIET, cwd=folder)
        package = next(folder.glob("docker-compose_*.deb"))
        _run(["dpkg-deb", "-x", str(package), str(folder / "files")])
        plugin = next((folder / "files").rglob("cli-plugins/docker-compose"))
        _as_root("install", "-D", "-m", "0755", str(plugin), str(PLUGINS / "docker-compose"))
    compose.version()


def private_apt(folder: Path, keyring: Path) -> list[str]:
    """The options that make apt look at a later suite only, and keep its lists in `folder`."""
    for name in ("lists/partial", "cache/archives/partial", "parts"):
        (folder / name).mkdir(parents=True)
    sources = folder / "sources.list"
    sources.write_text(
        f"deb [signed-by={keyring}] {host.debian_mirror()} {_COMPOSE_SUITE} main\n", encoding="utf-8"
    )
    settings = {
        "Dir::Etc::sourcelist": sources,
        "Dir::Etc::sourceparts": folder / "parts",
        "Dir::State::lists": folder / "lists",
        "Dir::Cache": folder / "cache",
        "APT::Sandbox::User": "root" if os.geteuid() == 0 else getpass.getuser(),
    }
    return [word for key, value in settings.items() for word in ("-o", f"{key}={value}")]


def join_group(user: str) -> None:
    """Let a user talk to the engine; it counts from the next login, or under `sg docker`."""
    _as_root("usermod", "-aG", "docker", user)


def start_engine() -> None:
    """Start dockerd by the system's own means, else by hand, and wait until it answers. Raises EngineError with its last words."""
    if Path("/run/systemd/system").is_dir():
        _as_root("systemctl", "enable", "--now", "docker")
        wait_for_engine(lambda: True, "journalctl -u docker")
        return
    process = _dockerd()
    wait_for_engine(lambda: process.poll() is None, str(DOCKERD_LOG))


def _dockerd() -> "subprocess.Popen[bytes]":
    # A session of its own and no pipe of ours: it has to outlive this command, and whoever waits for its output.
    script = f"exec dockerd >>{shlex.quote(str(DOCKERD_LOG))} 2>&1 </dev/null"
    words = ["sh", "-c", script] if os.geteuid() == 0 else ["sudo", "sh", "-c", script]
    return subprocess.Popen(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL if os.geteuid() == 0 else None,
        start_new_session=os.geteuid() == 0,
        cwd="/",
    )


def wait_for_engine(alive: Callable[[], bool], log: str, limit: float = START) -> None:
    """Wait until the engine answers (also "you are not allowed": it is there then). Raises EngineError if it ends or is late."""
    end = time.monotonic() + limit
    while time.monotonic() < end:
        told = docker.run("version", "--format", "{{.Server.Version}}", check=False, limit=limit)
        if told.exit == 0 or "permission denied" in told.stderr:
            return
        if not alive():
            raise EngineError(
                f"The container engine ended as soon as it was started.{_tail(log)}", f"Read why: {log}"
            )
        time.sleep(0.2)
    raise EngineError(
        f"The container engine did not answer within {limit:g} seconds.{_tail(log)}", f"Read why: {log}"
    )


def _tail(log: str) -> str:
    """Why the daemon says it ended, if it says so; else the end of what it said."""
    try:
        lines = Path(log).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    reasons = [line for line in lines if line.startswith("failed to start daemon: ")]
    if reasons:
        return f" It said: {reasons[-1].removeprefix('failed to start daemon: ')}"
    return " It said last:" + "".join(f"\n  {line}" for line in lines[-4:])
