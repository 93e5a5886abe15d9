"""Calls to customers are counted: what the settings allow is made and not one more, whoever asks at the same time."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from sqlalchemy import func, select

from ivr.callcenter.calls.service import new_intake
from ivr.company.dialing import service as dialing
from ivr.company.dialing.models import Dial
from ivr.company.dialing.rules import NotDialed
from ivr.company.mail.models import Mail
from ivr.company.policy import service as policy
from ivr.company.policy.service import Command
from ivr.core.db import Database, session
from ivr.platform.jobs.embedded import EmbeddedQueue
from ivr.platform.providers.telephone import Permit

OWNER = Command("the owner")
NUMBER = "+14155552671"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, queue=EmbeddedQueue())
    with database.transaction():
        limits = {
            "dial_number_limit": "3",
            "dial_matter_limit": "2",
            "dial_hour_limit": "5",
            "dial_day_limit": "6",
        }
        policy.change_all({**limits, "operations_email": "office@example.com"}, OWNER)
    yield database
    database.engine.dispose()


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-11-23 17:00:00+00:00", tick=False) as traveller:
        yield traveller


def intakes(database: Database, many: int) -> list[int]:
    with database.transaction():
        return [new_intake(f"+1212555{2000 + number}").id for number in range(many)]


def asks(database: Database, number: str, intake_id: int, key: str) -> Permit | NotDialed:
    with database.transaction():
        return dialing.permit_customer(number, intake_id, key=key)


def letters(database: Database) -> list[str]:
    with database.reading():
        return list(session.scalars(select(Mail.subject).order_by(Mail.id)))


def test_each_limit_holds_and_is_free_again_when_its_time_is_over(
    database: Database, clock: time_machine.Traveller
) -> None:
    one, two, *others = intakes(database, 6)
    assert asks(database, NUMBER, one, "1") == Permit(NUMBER, longest_seconds=14_400)
    assert asks(database, NUMBER, one, "1") == Permit(NUMBER, longest_seconds=14_400), "a repeat counts once"
    assert isinstance(asks(database, NUMBER, one, "2"), Permit)
    assert asks(database, "+12125550000", one, "3") == NotDialed.MATTER_LIMIT
    assert isinstance(asks(database, NUMBER, two, "4"), Permit)
    assert asks(database, NUMBER, others[0], "5") == NotDialed.NUMBER_LIMIT

    assert letters(database) == []
    assert isinstance(asks(database, "+12125552001", others[0], "6"), Permit)
    assert letters(database) == ["The line has made 4 of 5 calls to customers"]
    assert isinstance(asks(database, "+12125552002", others[1], "7"), Permit)
    assert asks(database, "+12125552003", others[2], "8") == NotDialed.HOUR_LIMIT
    with database.reading():
        assert [(one.window, one.made, one.most) for one in dialing.standing()] == [
            ("hour", 5, 5),
            ("day", 5, 6),
        ]

    clock.shift(timedelta(hours=1, seconds=1))
    assert isinstance(asks(database, "+12125552003", others[2], "8"), Permit)
    assert asks(database, "+12125552004", others[3], "9") == NotDialed.DAY_LIMIT
    assert letters(database) == [
        "The line has made 4 of 5 calls to customers",
        "The line calls no more customers back for now: 5 of 5 calls",
        "The line has made 5 of 6 calls to customers",
        "The line calls no more customers back for now: 6 of 6 calls",
    ]

    clock.shift(timedelta(days=1))
    assert isinstance(asks(database, NUMBER, one, "10"), Permit)
    clock.shift(timedelta(days=2, seconds=1))
    with database.transaction():
        dialing.forget()
        assert session.scalar(select(func.count()).select_from(Dial)) == 0


def test_of_many_who_ask_for_the_last_place_one_gets_it(database: Database) -> None:
    ids = intakes(database, 4)
    for number, intake_id in enumerate(ids):
        asks(database, f"+1212555200{number}", intake_id, f"before-{number}")
    together = Barrier(4)

    def run(number: int) -> Permit | NotDialed:
        together.wait()
        return asks(database, f"+1212555200{number}", ids[number], f"now-{number}")

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(run, range(4)))

    assert sum(isinstance(one, Permit) for one in answers) == 1
    assert answers.count(NotDialed.HOUR_LIMIT) == 3


def test_staff_are_never_counted_and_a_number_that_is_none_of_ours_is_not_rung(database: Database) -> None:
    with database.transaction():
        for _ in range(9):
            assert isinstance(dialing.permit_staff("+14155550111"), Permit)
        assert dialing.permit_staff("+18765551234") == NotDialed.COUNTRY
        policy.change("dial_countries", "US, Jamaica", OWNER)
        assert isinstance(dialing.permit_staff("+18765551234"), Permit)
