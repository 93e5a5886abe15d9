"""Every story runs on SQLite, and on PostgreSQL everyday one of eight, all with ``--whole``."""

import gc
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
import time_machine
from flask import before_render_template
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import none
from jinja2 import Template
from sqlalchemy import create_engine, make_url, text
from structlog.processors import format_exc_info
from structlog.testing import capture_logs

from ivr.core.db import Database, transaction_is_open, wipe_remains
from tests.support.browser import ARGUMENTS, CHROMIUM
from tests.support.kept import QUICK_SQLITE, copied
from tests.support.paths import ROOT
from tests.support.positions import other_positions, thrown
from tests.support.postgres import empty_tables, make_tables, start_postgres
from tests.support.world import Everybody, World
from twilio_simulator import Switches

#: Folders whose tests are in ``make quick`` without saying so; others have one module of each kind that does.
QUICK = {"rules", "program"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--whole", action="store_true", help="walk every state of a call, throw every switch: hours"
    )


def pytest_configure(config: pytest.Config) -> None:
    """The same examples every day: a red run tells of the change. ``--whole`` tries others. Slowness is no finding."""
    whole = bool(config.getoption("--whole"))
    settings.register_profile(
        "house",
        deadline=None,
        database=None,
        derandomize=not whole,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("house")


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Iterator[None]:
    """What takes longest comes first: nobody waits for it at the end, and a walk forks while the process is small."""
    for item in items:
        if item.path.parent.name in QUICK:
            item.add_marker("quick")  # before ``-m`` chooses
    yield
    if not config.getoption("--whole"):
        left_out = [item for item in items if _is_not_everydays(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not _is_not_everydays(item)]
    items.sort(key=_turn)


def _is_not_everydays(item: pytest.Item) -> bool:
    """Every story, and every form pressed twice, is told on SQLite, and everyday one of eight on PostgreSQL as well.

    What differs between the two has its tests in tests/services, on both. Of a test of many cases that is marked
    ``one_of(n)`` everyday tells one of so many. They are the same ones every day; ``--whole`` tells all.
    """
    if item.get_closest_marker("whole"):
        return True
    share = item.get_closest_marker("one_of")
    if share is not None and crc32(item.nodeid.encode()) % share.args[0] > 0:
        return True
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    is_story = not {ROOT / "tests" / "stories", ROOT / "tests" / "web" / "twice"}.isdisjoint(
        item.path.parents
    )
    return is_story and parameters.get("database_url") == "postgresql" and crc32(item.nodeid.encode()) % 8 > 0


def _turn(item: pytest.Item) -> int:
    if "walked" in getattr(item, "fixturenames", ()):
        return 0
    return 1 if item.get_closest_marker("slow") else 2


def pytest_collection_finish() -> None:
    """The collector need not look at what was imported and collected again and again.

    Hypothesis looks for whoever holds its source of chance when it first needs one. Since Python 3.14 that holder would
    be among what is frozen, and nobody finds it there; so it is needed first now.
    """
    given(none())(lambda _: None)()
    gc.collect()
    gc.freeze()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The usual position of every switch; with ``--whole`` each of them thrown as well."""
    if "switches" in metafunc.fixturenames:
        others = list(other_positions()) if metafunc.config.getoption("--whole") else []
        ids = [pytest.HIDDEN_PARAM, *map(thrown, others)]
        metafunc.parametrize("switches", [Switches(), *others], ids=ids)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How far the walks of tests/exhaustive/walks went."""
    figures = [
        value
        for report in terminalreporter.stats.get("passed", [])
        for name, value in getattr(report, "user_properties", [])
        if name == "walked"
    ]
    if figures:
        states, steps, silences = zip(*figures, strict=True)
        terminalreporter.write_line(
            f"walked {sum(states)} states of a call by {sum(steps)} moves; the longest silence {max(silences):.0f} s"
        )


@pytest.fixture(scope="session", autouse=True)
def pages_are_rendered_outside_transactions() -> Iterator[None]:
    """Everywhere: the one who is logged in is looked up while a page is rendered, and would find a transaction open."""

    def look(_app: object, template: Template, **_more: object) -> None:
        assert not transaction_is_open(), f"{template.name} is rendered inside a transaction"

    with before_render_template.connected_to(look):
        yield


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table, to be copied."""
    file = tmp_path_factory.mktemp("template") / "line.db"
    database = Database(f"sqlite:///{file}{QUICK_SQLITE}")
    make_tables(database.engine)
    assert wipe_remains(database)  # all of it is in the file, which is copied without its log
    database.engine.dispose()
    return file


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """For pytest-playwright: Debian's browser."""
    return {"executable_path": str(CHROMIUM), "args": ARGUMENTS}


@pytest.fixture
def sqlite_alone(sqlite_template: Path, tmp_path: Path) -> str:
    """SQLite, with every table, where what differs between the databases is tested elsewhere."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'line.db')}{QUICK_SQLITE}"


@pytest.fixture
def sqlite_stories(sqlite_template: Path) -> str:
    """SQLite, with every table, at the same address each time."""
    return f"sqlite:///{copied(sqlite_template, sqlite_template.with_name('stories.db'))}{QUICK_SQLITE}"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a real PostgreSQL."""
    url, stop = start_postgres()
    yield url
    stop()


@pytest.fixture(scope="session")
def postgres_database(postgres: str, worker_id: str) -> Iterator[Database]:
    """A database with every table, this test process's own."""
    name = f"stories_{worker_id}"
    admin = create_engine(postgres, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = make_url(postgres).set(database=name).render_as_string(hide_password=False)
    database = Database(url)
    make_tables(database.engine)
    yield database
    database.engine.dispose()
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database with every table. The same address each time, so that an application can be kept."""
    if request.param == "sqlite":
        url: str = request.getfixturevalue("sqlite_stories")
        return url
    database: Database = request.getfixturevalue("postgres_database")
    empty_tables(database.engine)
    return database.engine.url.render_as_string(hide_password=False)


@pytest.fixture
def world(database_url: str, switches: Switches) -> Iterator[World]:
    """The line, Monday morning at nine."""
    with time_machine.travel(0, tick=False) as traveller, capture_logs([format_exc_info]) as logs:
        world = World(database_url, traveller, switches)
        yield world
        world.database.engine.dispose()
        shutil.rmtree(world.letters_folder, ignore_errors=True)
    faults = [entry for entry in logs if entry["log_level"] in {"error", "critical"}]
    assert world.faults_expected or not faults, "\n".join(
        str(fault.get("exception", fault)) for fault in faults
    )
    assert world.exchange.nested_rest == [], "a provider was called inside a webhook"


@pytest.fixture
def people(world: World) -> Everybody:
    """Everybody's telephones."""
    return world.people
