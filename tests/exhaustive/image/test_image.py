"""The image is built, run and tried, and the service installed on a machine. All of it with ``--whole``."""

import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from secrets import token_hex
from tempfile import mkdtemp
from threading import Event
from typing import Final

import pytest

from tests.exhaustive.image.engine import CAREFUL, Engine, why_none
from tests.support.paths import ROOT

pytestmark = pytest.mark.slow

BASE: Final = "localhost/support-line-base"
SERVICE: Final = "localhost/support-line"
PRODUCTION: Final = {
    "PUBLIC_URL": "https://line.example.com",
    "DATABASE_URL": "sqlite:////var/lib/support-line/line.db",
    "SECRET_KEY": token_hex(),
    "TWILIO_ACCOUNT_SID": "AC" + "a" * 32,
    "TWILIO_AUTH_TOKEN": token_hex(16),
}
SETTINGS: Final = [f"--env={name}={value}" for name, value in PRODUCTION.items()]
#: Asks until the web answers that it can work.
ASK: Final = """
import time, urllib.request as web
for _ in range(100):
    try:
        print(web.urlopen("http://127.0.0.1:8000/ready", timeout=60).status)
        break
    except OSError:
        time.sleep(0.2)
"""
#: A machine as an installer finds it.
MACHINE: Final = """
FROM localhost/support-line-base
RUN apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends \
    ca-certificates dbus python3 python3-venv systemd systemd-sysv
"""


@pytest.fixture(scope="module")
def engine(pytestconfig: pytest.Config) -> Iterator[Engine]:
    if not pytestconfig.getoption("--whole"):
        pytest.skip("minutes of building: --whole")
    if why := why_none():
        pytest.skip(f"no image can be built here: {why}")
    folder = Path(mkdtemp(prefix="image-"))  # its layers are no business of pytest's tmp_path
    one = Engine(folder)
    one.base(BASE)
    yield one
    one("system", "reset", "--force")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def image(engine: Engine) -> str:
    engine.build("service", BASE)
    return SERVICE


def test_it_says_what_it_is_and_is_small(engine: Engine, image: str) -> None:
    (told,) = json.loads(engine("image", "inspect", image))
    layers = json.loads(engine("history", "--format=json", image))

    labels, config = told["Labels"], told["Config"]
    assert (
        labels["org.opencontainers.image.version"]
        == engine("run", "--rm", image, "cat", "RELEASE").split()[0]
    )
    assert re.match("[0-9a-f]{40}|unknown", labels["org.opencontainers.image.revision"])
    assert (config["User"], config["StopSignal"]) == ("10001:10001", "SIGTERM")
    assert config["Cmd"] == ["gunicorn", "--bind", "0.0.0.0:8000", "ivr:create_app()"]
    ours = sum(layer["size"] for layer in layers if layer["CreatedBy"].startswith("/bin/sh -c #(nop) COPY"))
    assert 100_000_000 < ours < 250_000_000, "beside Debian, its Python and pg_dump"
    assert engine("run", "--rm", image, "sh", "-c", "ls; which pip make gcc || true").split() == [
        *("LICENSE", "NOTICE", "RELEASE", "alembic.ini", "flows", "gunicorn.conf.py", "ivr", "migrations"),
        *("requirements.txt", "run", "var", "venv"),
    ]


def test_web_and_worker_run_with_nothing_but_their_volume_to_write_to(engine: Engine, image: str) -> None:
    state = f"--volume=line-{token_hex(4)}:/var/lib/support-line"
    one = (*CAREFUL, *SETTINGS, "--network=none", state)
    engine("run", "--rm", *one, image, "flask", "--app", "ivr", "db", "upgrade")

    with (
        engine.running(*one, image) as web,
        engine.running(*one, image, "flask", "--app", "ivr", "worker") as worker,
    ):
        assert engine("exec", web, "python3", "-c", ASK).strip() == "204"
        engine("healthcheck", "run", web)
        until(lambda: "at work" in engine("logs", worker))
        for name in (web, worker):
            began = time.monotonic()
            engine("stop", "--time=20", name)
            assert time.monotonic() - began < 15, "it ends by itself"
            assert engine("inspect", "--format={{.State.ExitCode}}", name).strip() == "0"


def test_a_whole_call_is_played_without_a_network(engine: Engine, image: str) -> None:
    assert image
    engine.build("try", BASE)

    told = engine("run", "--rm", *CAREFUL, "--network=none", f"{SERVICE}:try")

    assert "the phones at the front desk are dead since this morning" in told
    assert "handed_over" in told


def test_it_is_installed_on_a_machine_and_a_release_is_that_again(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "Containerfile").write_text(MACHINE)
    flags = ("--network=host", *engine.own_certificates().split())
    engine("build", *flags, "--tag=machine", str(tmp_path), seconds=600)
    source = tmp_path / "source"
    shutil.copytree(
        ROOT, source, ignore=shutil.ignore_patterns(".venv", ".git", "var", "*_cache", "__pycache__")
    )
    booted = (
        "--privileged",
        "--network=bridge",
        "--systemd=always",
        f"--volume={source}:/source",
        "machine",
        "/sbin/init",
    )

    with engine.running(*booted) as machine:
        until(lambda: "running" in engine("exec", machine, "sh", "-c", "systemctl is-system-running || true"))

        def installed(*given: str) -> str:
            return engine(
                "exec",
                machine,
                "sh",
                "-c",
                f"/source/deploy/install {' '.join(given)} 2>&1 || true",
                seconds=600,
            )

        def current() -> str:
            return engine("exec", machine, "readlink", "-f", "/opt/support-line/current").strip()

        told = installed("PUBLIC_URL=https://line.example.com")
        assert "fill in TWILIO_ACCOUNT_SID TWILIO_AUTH_TOKEN" in told
        told = installed(
            *(f"{name}={PRODUCTION[name]}" for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"))
        )
        assert "answers at http://127.0.0.1:8000" in told, told
        first = current()
        for unit in ("support-line-web", "support-line-worker", "support-line-web.socket"):
            assert engine("exec", machine, "systemctl", "is-active", unit).strip() == "active"
        assert "up to date" in engine("exec", machine, "support-line", "db", "upgrade")

        conf = source / "gunicorn.conf.py"
        good = conf.read_text()
        conf.write_text(good + "raise SystemExit(3)\n")
        assert "The new release does not answer. The one before is back." in installed()
        assert current() == first

        conf.write_text(good + "# The next release.\n")
        assert "answers at" in installed()
        assert current() != first
        assert "answers." in installed("--back")
        assert current() == first


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        Event().wait(0.2)
