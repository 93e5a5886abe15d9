"""What gunicorn reads before it starts: a desk, whose keys are printed, is open to this machine alone."""

import runpy
import sys
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest

from ivr.core.config import DESK, VARIABLES
from tests.support.paths import ROOT

Start = Callable[..., None]
HERE = ("127.0.0.1", 8000)
EVERYWHERE = ("0.0.0.0", 8000)  # noqa: S104  # it is what is refused


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Has gunicorn start, bound to these addresses, with this environment.

    It forgets the modules of the service; the tests that follow in this process need those they have imported.
    """
    modules = dict(sys.modules)
    on_starting = runpy.run_path(str(ROOT / "gunicorn.conf.py"))["on_starting"]
    for one in VARIABLES:
        monkeypatch.delenv(one.name, raising=False)

    def start(*addresses: object, **environment: str) -> None:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        on_starting(SimpleNamespace(cfg=SimpleNamespace(address=list(addresses))))

    yield start
    sys.modules.update(modules)


def test_an_empty_environment_starts_nothing(start: Start) -> None:
    with pytest.raises(SystemExit, match=r"SECRET_KEY: missing.*\n  - PUBLIC_URL: give the https address"):
        start(HERE)


@pytest.mark.parametrize("address", [EVERYWHERE, ("192.168.1.7", 8000), ("::", 8000, 0, 0), ("", 8000)])
def test_a_desk_is_bound_to_loopback(start: Start, address: tuple[str, int]) -> None:
    start(HERE, ("::1", 8000, 0, 0), "/run/line.sock", **DESK)
    with pytest.raises(SystemExit, match="bind it to"):
        start(HERE, address, **DESK)


def test_production_may_be_bound_to_all(start: Start) -> None:
    start(
        EVERYWHERE,
        PUBLIC_URL="https://line.example.com",
        DATABASE_URL="sqlite://",
        SECRET_KEY="3f0c9be1d47a2865b3e09f1c7d52a846",
        TWILIO_ACCOUNT_SID="AC" + "a" * 32,
        TWILIO_AUTH_TOKEN="9b1d6f20c4e8a7535d0f2e91b8c6a347",
    )
