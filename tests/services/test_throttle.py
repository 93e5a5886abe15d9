"""How often a log-in may be tried: guessing is slow, and nobody is locked out by a stranger."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
import time_machine

from ivr.company.staff.hashing import BusyError, Places
from ivr.core.db import Database
from ivr.web.bad_links import BadLinks
from ivr.web.console.common import throttle

DANA = "dana@example.com"
OFFICE, ELSEWHERE = "203.0.113.1", "198.51.100.7"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(0, tick=False) as traveller:
        yield traveller


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.engine.dispose()


def tries(database: Database, email: str, network: str | None, device: str | None = None) -> bool:
    with database.transaction():
        return throttle.count_try(email, network, device) is not None


def test_five_tries_from_one_network_and_no_other_network_is_closed(
    database: Database, clock: time_machine.Traveller
) -> None:
    assert [tries(database, DANA, ELSEWHERE) for _ in range(6)] == [True] * 5 + [False]
    assert tries(database, DANA, OFFICE)
    assert tries(database, "olive@example.com", ELSEWHERE)
    clock.shift(timedelta(minutes=15))
    assert tries(database, DANA, ELSEWHERE)


def test_whoever_guesses_from_everywhere_is_slowed_and_a_known_browser_passes(
    database: Database, clock: time_machine.Traveller
) -> None:
    guesses = [tries(database, DANA, f"198.51.100.{number}") for number in range(51)]
    assert guesses == [True] * 50 + [False]
    assert not tries(database, DANA, None), "nor from a network that nobody names"
    known = [tries(database, DANA, OFFICE, "her browser") for _ in range(6)]
    assert known == [True] * 5 + [False], "and its own tries are counted"
    assert tries(database, DANA, OFFICE, "her telephone")
    clock.shift(timedelta(hours=1))
    assert tries(database, DANA, OFFICE)


def test_a_known_browser_passes_where_its_network_is_closed(database: Database) -> None:
    guesses = [tries(database, f"{number}@example.com", OFFICE) for number in range(21)]
    assert guesses == [True] * 20 + [False]
    assert tries(database, DANA, OFFICE, "her browser")
    assert not tries(database, DANA, OFFICE), "for any other it stays closed"


def test_a_log_in_forgets_the_slips_of_that_place_alone(database: Database) -> None:
    for number in range(50):
        tries(database, DANA, f"198.51.100.{number}")
    with database.transaction():
        attempt = throttle.count_try(DANA, OFFICE, "her browser")
        assert attempt is not None
        throttle.succeeded(attempt)
    assert not tries(database, DANA, OFFICE), "the guesses of others are still counted"


def test_tries_at_the_same_moment_do_not_all_pass(database: Database) -> None:
    with ThreadPoolExecutor(12) as pool:
        passed = list(pool.map(partial(tries, database, DANA), [OFFICE] * 12))
    assert passed.count(True) == throttle.MOST_AT_ONE_PLACE


def test_bad_links_are_counted_for_their_network_and_for_a_quarter_of_an_hour(
    clock: time_machine.Traveller,
) -> None:
    bad_links = BadLinks()
    assert [bad_links.status(OFFICE) for _ in range(21)] == [404] * 20 + [429]
    assert bad_links.status(ELSEWHERE) == 404
    assert [bad_links.status(None) for _ in range(21)] == [404] * 21
    clock.shift(timedelta(minutes=15))
    assert bad_links.status(OFFICE) == 404


def test_four_hash_some_wait_and_the_rest_are_told_to_come_back() -> None:
    places = Places(at_once=1, at_most=2, patience=0)
    with places.one(), pytest.raises(BusyError), places.one():
        pass
    with places.one():
        pass
    full = Places(at_once=1, at_most=1, patience=600)
    with full.one(), pytest.raises(BusyError), full.one():
        pass


def test_nobody_waits_while_a_transaction_is_open(database: Database) -> None:
    places = Places(at_once=1, at_most=1, patience=0)
    with places.one(), database.transaction(), places.one():
        pass
