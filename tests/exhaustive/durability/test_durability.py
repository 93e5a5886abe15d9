"""Processes die, a database restarts, a release comes, and no call is lost. All of it with ``--whole``.

Meanwhile the paid time of visits runs out, customers pay and get money back, staff set when they get calls.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from operator import itemgetter
from pathlib import Path
from random import Random
from threading import Event

import pytest

from ivr.core.db import Database
from tests.exhaustive.durability.crowd import Crowd
from tests.exhaustive.durability.fleet import Fleet
from tests.exhaustive.durability.ground import begins, have_shifts, only_when_whole, prepared
from tests.exhaustive.durability.laws import Journal, breaches
from tests.exhaustive.durability.laws_of_sales import breaches_of_sales, sold
from tests.exhaustive.durability.office import Office
from tests.exhaustive.durability.release import Release
from tests.exhaustive.durability.server import Server, own_server

#: What happens now and then while people talk: at this many of the calls begun, once.
Mishap = tuple[float, Callable[[], None]]
#: Who has sold the visits, and leaves; and who pays back.
SELLER, OWNER = "+14155551300", "+14155551301"
#: How fast talk and rings pass. On a busy machine a worker loses its leases at five times the pace of life.
SPEED = float(os.environ.get("DURABILITY_SPEED", "5"))
#: Real seconds: a customer whom nobody reached about more time is rung once more, and then left to an operator.
SETTLED_WITHIN = 1200 / SPEED
#: What the processes log when they make something good.
REPAIRS = (
    "turn_without_database",
    "turn_repeated",
    "worker_has_no_database",
    "job_failed",
    "job_retry",
    "job_lost",
)


@pytest.fixture(autouse=True)
def the_fleets_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is done from here is done at the time that the line's processes have."""
    monkeypatch.setenv("CLOCK_FILE", str(tmp_path / "clock"))


@pytest.fixture
def server() -> Iterator[Server]:
    with own_server() as server:
        yield server


def test_a_few_calls_on_postgresql_while_a_release_with_a_migration_comes(
    server: Server, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    only_when_whole(pytestconfig)
    play(tmp_path, server.url, calls=6, mishaps=[(0.8, server.restart)])


def test_a_few_calls_on_sqlite_while_a_release_with_a_migration_comes(
    tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    only_when_whole(pytestconfig)
    play(tmp_path, f"sqlite:///{tmp_path / 'line.db'}", calls=6, machines=1)


@pytest.mark.parametrize("calls", [200])
def test_many_calls_on_postgresql(
    server: Server, tmp_path: Path, pytestconfig: pytest.Config, calls: int
) -> None:
    """Killed at every instant, the database restarted twice, and a release with a migration in between."""
    only_when_whole(pytestconfig)
    restarts = [(0.3, server.restart), (0.8, server.restart)]
    play(tmp_path, server.url, calls=calls, kills=True, mishaps=restarts)


@pytest.mark.parametrize("calls", [200])
def test_many_calls_on_sqlite(tmp_path: Path, pytestconfig: pytest.Config, calls: int) -> None:
    only_when_whole(pytestconfig)
    play(tmp_path, f"sqlite:///{tmp_path / 'line.db'}", calls=calls, kills=True, machines=1)


def play(
    folder: Path,
    url: str,
    *,
    calls: int,
    kills: bool = False,
    mishaps: Sequence[Mishap] = (),
    machines: int = 2,
    seed: int = 7,
) -> None:
    """Everybody rings, mishaps happen, half-way comes another release, and the laws hold in the end."""
    chance = Random(seed)  # noqa: S311  # chance that can be repeated
    small = calls < 50
    staff = {f"+1415555{1000 + one}": "technician" for one in range(3 if small else 10)}
    staff |= {f"+1415555{1100 + one}": "operator" for one in range(3 if small else 8)}
    technicians = [one for one, role in staff.items() if role == "technician"]
    customers = [f"+1415555{2000 + one}" for one in range(calls)]
    sites = {f"+1415555{3000 + one}": f"+1415555{1400 + one // 2}" for one in range(4 if small else 30)}
    staff |= dict.fromkeys(sites.values(), "field")
    database = prepared(url, {**staff, SELLER: "operator", OWNER: "owner"}, folder)
    if not small:
        have_shifts(database, technicians)
    office = Office(database, SELLER, OWNER, chance)
    office.begin(begins(), sites, buyers=4 if small else 30)
    release = Release(folder, url)
    phones = {**dict.fromkeys([*customers, *sites], "Customer"), **staff}
    with Fleet(
        folder,
        url,
        phones,
        webs=machines,
        workers=machines,
        speed=SPEED,
        processes_a_web=1 if machines > 1 else 2,
    ) as fleet:
        journal = Journal(fleet.network)
        crowd = Crowd(
            fleet.network, customers, staff, at_once=4 if small else 12, chance=chance, comes_and_goes=True
        )
        broken = partial(found, database, journal, crowd, office)
        begun, killed_at, quiet = time.monotonic(), time.monotonic(), False
        release_comes: list[Mishap] = [(0.5, release.begin_upgrade), (0.65, partial(fleet.roll, release))]
        left = sorted([*mishaps, *release_comes], key=itemgetter(0))
        while not quiet:
            quiet = crowd.step()
            journal.read()
            share = len(crowd.dialled) / calls
            office.step(fleet.web, share)
            if left and share >= left[0][0]:
                left.pop(0)[1]()
            pause = chance.uniform(5, 15)
            if kills and share < 1 and time.monotonic() > killed_at + pause:
                fleet.kill_one(chance)
                killed_at = time.monotonic()
            assert time.monotonic() < begun + 120 + 60 * calls / SPEED, broken()
            Event().wait(0.1)
        talked = time.monotonic() - begun
        settle(fleet, crowd, broken)
        whole = time.monotonic() - begun
        assert release.is_in_force()
        show(fleet, journal, crowd, calls=calls, talked=talked, whole=whole)
        print(f"sold: {sold(database)}")  # noqa: T201  # as above
    database.engine.dispose()


def found(database: Database, journal: Journal, crowd: Crowd, office: Office) -> list[str]:
    """Every law that does not hold now."""
    sales = breaches_of_sales(database, agreed=crowd.agreed, paid=office.paid, refunded=office.refunded)
    return [*breaches(database, journal, crowd.dialled), *sales]


def settle(fleet: Fleet, crowd: Crowd, broken: Callable[[], list[str]]) -> None:
    """A lost report is noticed within a minute of the network's time: who is rung back meanwhile talks."""
    patience = time.monotonic() + SETTLED_WITHIN
    while wrong := broken():
        assert time.monotonic() < patience, "\n".join([*wrong, fleet.words("w")[-20000:]])
        crowd.step()
        Event().wait(0.2)


def show(fleet: Fleet, journal: Journal, crowd: Crowd, *, calls: int, talked: float, whole: float) -> None:
    """The figures, for docs/measured/exhaustive.md."""
    words = fleet.words()
    repairs = {word: words.count(word) for word in REPAIRS}
    print(  # noqa: T201  # the figures are what is wanted
        f"\n{calls} calls in {talked:.0f} s, settled after {whole:.0f} s; ended: {dict(fleet.kills)}; "
        f"network: {dict(journal.figures)}; heard: {dict(crowd.apologies)}; repairs: {repairs}"
    )
