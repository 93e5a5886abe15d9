"""What is installed: a release in a folder of its own, its units, its compose file and its settings.

tests/exhaustive/image builds the image and installs on a machine.
"""

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
from configparser import ConfigParser
from http.client import HTTPConnection
from pathlib import Path
from secrets import token_hex
from typing import Any, Final

import pytest
import yaml  # type: ignore[import-untyped]  # it ships no types

from ivr.core.config import from_environment
from tests.support.installed import STATE, Installed, size
from tests.support.paths import ROOT

DEPLOY: Final = ROOT / "deploy"
COMPOSE: Final[dict[str, Any]] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
PRODUCTION: Final[dict[str, str]] = {
    "PUBLIC_URL": "https://line.example.com",
    "SECRET_KEY": token_hex(),
    "TWILIO_ACCOUNT_SID": "AC" + "a" * 32,
    "TWILIO_AUTH_TOKEN": token_hex(16),
}
CURRENT: Final = "/opt/support-line/current"
RELEASES: Final = "/opt/support-line/releases"
#: Imports every module there is, and prints the files that are neither of Python nor of this folder.
STRANGERS: Final = """
import sys, pkgutil, importlib, ivr, flows
for package in (ivr, flows):
    for one in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        importlib.import_module(one.name)
files = [one.__file__ for one in list(sys.modules.values()) if getattr(one, "__file__", None)]
print(*[file for file in files if not file.startswith((sys.argv[1], sys.base_prefix + "/lib/python"))])
"""


def unit(file: Path) -> ConfigParser:
    """A unit of systemd. What may stand several times has its last value; no test looks at it."""
    parser = ConfigParser(strict=False, interpolation=None, delimiters="=")
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # the way to keep capitals
    parser.read(file)
    return parser


UNITS: Final = {
    file.name.removeprefix("support-line-"): unit(file)
    for file in (DEPLOY / "systemd").glob("support-line-*.*[et]")
}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    one = Installed(tmp_path_factory.mktemp("opt"))
    one.lend_packages()
    return one


def test_a_release_is_the_program_and_nothing_of_its_developers(installed: Installed) -> None:
    assert {one.name for one in installed.release.iterdir()} == {
        *("ivr", "flows", "migrations", "alembic.ini", "gunicorn.conf.py", "requirements.txt"),
        *("LICENSE", "NOTICE", "RELEASE", "run", "venv", "var"),
    }
    assert str((installed.release / "var").readlink()) == STATE
    assert not [one for one in installed.release.rglob("test*") if one.suffix == ".py"]
    assert not [
        one
        for one in installed.release.rglob("*")
        if one.stat(follow_symlinks=False).st_mode & 0o022 and not one.is_symlink()
    ]
    parts = [installed.release / part for part in ("ivr", "flows", "migrations")]
    assert size(installed.site, *parts, bytecode=False) < 210_000_000, "with bytecode, 250 MB at most"


def test_it_runs_on_what_is_locked_and_on_nothing_else(installed: Installed) -> None:
    said = installed.run("python3", "-c", STRANGERS, str(installed.folder))

    assert said.split() == []


def test_who_comes_while_the_web_is_started_anew_waits(installed: Installed, tmp_path: Path) -> None:
    """As systemd does it: the address is open before the web is there."""
    environment = PRODUCTION | {"DATABASE_URL": f"sqlite:///{tmp_path / 'line.db'}"}
    assert "up to date" in installed.run("flask", "--app", "ivr", "db", "upgrade", **environment)
    command = UNITS["web.service"]["Service"]["ExecStart"].replace(CURRENT, str(installed.release))

    with socket.create_server(("127.0.0.1", 0)) as address:
        caller = HTTPConnection("127.0.0.1", address.getsockname()[1], timeout=30)
        caller.request("GET", "/ready")
        web = subprocess.Popen(  # noqa: S603  # our own words
            ("/bin/bash", "-c", f"LISTEN_FDS=1 LISTEN_PID=$$ exec {command} 3<&{address.fileno()}"),
            env=environment | {"PATH": "/usr/bin:/bin", "GUNICORN_CMD_ARGS": "--workers 1 --log-level error"},
            cwd="/",
            pass_fds=(address.fileno(),),
        )
        try:
            assert caller.getresponse().status == 204
        finally:
            caller.close()
            web.terminate()
            assert web.wait(timeout=15) == 0


def test_the_web_and_the_worker_are_started_in_one_way() -> None:
    """By the Procfile, by systemd, in a container. The Procfile alone leaves the port to its host."""
    procfile = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
    containerfile = (DEPLOY / "Containerfile").read_text()
    (web,) = re.findall(r"^CMD (\[\"gunicorn.*\])$", containerfile, re.MULTILINE)
    services = COMPOSE["services"]
    upgrade = f"{RELEASES}/%i/run {procfile['release']}"

    assert shlex.split(procfile["web"].replace("${PORT:-8000}", "8000")) == json.loads(web)
    assert UNITS["web.service"]["Service"]["ExecStart"] == f"{CURRENT}/run " + procfile["web"].replace(
        "0.0.0.0:${PORT:-8000}", UNITS["web.socket"]["Socket"]["ListenStream"]
    )
    assert UNITS["worker.service"]["Service"]["ExecStart"] == f"{CURRENT}/run {procfile['worker']}"
    assert UNITS["upgrade@.service"]["Service"]["ExecStart"] == upgrade
    assert " ".join(services["worker"]["command"]) == procfile["worker"]
    assert " ".join(services["upgrade"]["command"]) == procfile["release"]


def test_systemd_has_nothing_to_say_of_the_units(tmp_path: Path) -> None:
    """Neither of their words nor of what they may touch: 1.5 of 10, where 10 is a service that may do everything."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd here")
    shutil.copytree(DEPLOY / "systemd", tmp_path, dirs_exist_ok=True)
    for unit in tmp_path.glob("*.service"):
        unit.write_text(
            re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", unit.read_text(), flags=re.MULTILINE)
        )
    services = [tmp_path / "support-line-web.service", tmp_path / "support-line-worker.service"]

    for words in (("verify", "--man=no"), ("security", "--offline=yes", "--threshold=15")):
        told = subprocess.run(  # noqa: S603  # our own words
            ("systemd-analyze", *words, *services),  # noqa: S607  # wherever it is
            env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert told.returncode == 0, told.stdout + told.stderr
        assert told.stderr == ""


def test_in_a_container_nothing_may_be_written_and_only_the_proxy_is_open() -> None:
    services: dict[str, Any] = COMPOSE["services"]
    assert {name for name, one in services.items() if "ports" in one} == {"proxy"}
    assert services["proxy"]["ports"] == ["80:80", "443:443"]
    assert COMPOSE["networks"]["database"] == {"internal": True}
    assert services["database"]["networks"] == ["database"]
    for name in ("upgrade", "web", "worker", "proxy"):
        assert services[name]["read_only"]
        assert services[name]["cap_drop"] == ["ALL"]
        assert services[name]["security_opt"] == ["no-new-privileges:true"]
    for name in ("web", "worker"):
        assert services[name]["depends_on"] == {"upgrade": {"condition": "service_completed_successfully"}}
    assert services["upgrade"]["depends_on"] == {"database": {"condition": "service_healthy"}}


def test_the_proxy_of_the_compose_file_is_the_sample_of_the_documents() -> None:
    sample = ROOT / "docs/proxies/Caddyfile"
    proxy = COMPOSE["services"]["proxy"]
    assert (DEPLOY / proxy["volumes"][0].partition(":")[0]).resolve() == sample
    assert set(re.findall(r"\{\$(\w+):", sample.read_text())) == set(proxy["environment"])


def test_what_a_release_is_made_of_is_let_into_the_build() -> None:
    parts = re.search(r'^PARTS="(.*)"$', (DEPLOY / "tree").read_text(), re.MULTILINE)
    assert parts is not None
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert {one for one in parts[1].split() if not {one, one.partition("/")[0]} & let_in} == set()


def test_settings_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    file = tmp_path / "env"
    awkward = r"smtp://office:p%40ss\w&ord\1@mail.example.com:587"
    given = [f"{name}={PRODUCTION[name]}" for name in ("PUBLIC_URL", "TWILIO_ACCOUNT_SID")]

    told = settings(file, *given, f"SMTP_URL={awkward}", "MAIL_FROM=office@example.com")

    assert told.returncode == 1
    assert told.stderr == f"{file}: fill in TWILIO_AUTH_TOKEN\n"
    first = written(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert first["SMTP_URL"] == awkward
    assert len({first[name] for name in ("SECRET_KEY", "METRICS_TOKEN", "POSTGRES_PASSWORD")} - {""}) == 3

    again = settings(
        file, f"TWILIO_AUTH_TOKEN={PRODUCTION['TWILIO_AUTH_TOKEN']}", "DATABASE_URL=sqlite:////tmp/x"
    )

    assert again.returncode == 0, again.stderr
    assert written(file) == first | {
        "TWILIO_AUTH_TOKEN": PRODUCTION["TWILIO_AUTH_TOKEN"],
        "DATABASE_URL": "sqlite:////tmp/x",
    }
    assert from_environment(written(file)).proxies == 1


@pytest.mark.parametrize("script", ["base", "install", "run", "settings", "support-line", "tree"])
def test_each_script_is_one_of_any_shell(script: str) -> None:
    assert os.access(DEPLOY / script, os.X_OK)
    subprocess.run(("/bin/sh", "-n", DEPLOY / script), check=True)  # noqa: S603  # reads it, and runs nothing


def settings(file: Path, *given: str) -> "subprocess.CompletedProcess[str]":
    """Run deploy/settings where nobody can be asked."""
    command = (str(DEPLOY / "settings"), str(file), *given)
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)  # noqa: S603


def written(file: Path) -> dict[str, str]:
    """What a file of settings says."""
    lines = (line for line in file.read_text().splitlines() if line and not line.startswith("#"))
    return dict(line.split("=", 1) for line in lines)
