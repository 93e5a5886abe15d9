"""Who is on call: turns by the clock on the wall, over its changes, and turns that are given away."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ivr.company.on_call import rules as on_call_rules
from ivr.company.on_call.rules import Rotation, Turn
from ivr.company.shifts.rules import Span
from tests.support.world import pacific

ZONE = "America/Los_Angeles"
DANA, TOMAS, KIM = 1, 2, 3
#: From a Thursday on; the turn changes on Mondays.
WEEKLY = Rotation(ZONE, (DANA, TOMAS, KIM), 0, time(7), date(2026, 11, 19))
DAILY = replace(WEEKLY, weekday=None)


def at(wall: str) -> datetime:
    return pacific(f"{wall}:00")


@pytest.mark.parametrize(
    ("moment", "order"),
    [
        ("2026-11-19 06:59", []),
        ("2026-11-19 07:00", [DANA, TOMAS, KIM]),
        ("2026-11-23 06:59", [DANA, TOMAS, KIM]),
        ("2026-11-23 07:00", [TOMAS, KIM, DANA]),
        ("2026-11-30 07:00", [KIM, DANA, TOMAS]),
        ("2026-12-07 12:00", [DANA, TOMAS, KIM]),
    ],
)
def test_the_turn_changes_on_its_day(moment: str, order: list[int]) -> None:
    assert on_call_rules.on_call(WEEKLY, at(moment)) == order


def test_a_daily_turn_is_an_hour_longer_or_shorter_when_the_clocks_change() -> None:
    autumn = on_call_rules.turns(
        replace(DAILY, starts_on=date(2026, 10, 30)), at("2026-10-31 12:00"), at("2026-11-01 12:00")
    )
    assert [one.span.ends_at - one.span.starts_at for one in autumn] == [
        timedelta(hours=25),
        timedelta(hours=24),
    ]
    spring = on_call_rules.turn_at(DAILY, at("2027-03-13 23:00"))
    assert spring is not None
    assert spring.span == Span(at("2027-03-13 07:00"), at("2027-03-14 07:00"))
    assert spring.span.ends_at - spring.span.starts_at == timedelta(hours=23)


@given(
    weekday=some.none() | some.integers(0, 6),
    changes=some.times(),
    moment=some.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31)),  # noqa: DTZ001  # with a zone they are UTC
)
def test_somebody_is_on_call_at_every_moment_and_turns_touch(
    weekday: int | None, changes: time, moment: datetime
) -> None:
    rotation = Rotation(ZONE, (DANA, TOMAS, KIM), weekday, changes.replace(fold=0), date(2025, 12, 1))
    now = moment.replace(tzinfo=pacific("2026-01-01 00:00:00").tzinfo)

    found = on_call_rules.turns(rotation, now, now + timedelta(days=20))

    assert found[0].span.holds(now)
    assert on_call_rules.on_call(rotation, now)[0] == found[0].staff_id
    for one, following in pairwise(found):
        assert one.span.ends_at == following.span.starts_at
        assert on_call_rules.on_call(rotation, following.span.starts_at)[0] == following.staff_id


def test_who_gives_a_turn_away_is_not_rung_in_it() -> None:
    night = Span(at("2026-11-24 16:00"), at("2026-11-25 07:00"))
    given_away = replace(WEEKLY, overrides=(Turn(night, KIM),))

    assert on_call_rules.on_call(given_away, at("2026-11-24 15:59")) == [TOMAS, KIM, DANA]
    assert on_call_rules.on_call(given_away, at("2026-11-24 16:00")) == [KIM, DANA]
    shown = on_call_rules.turns(given_away, at("2026-11-24 12:00"), at("2026-11-26 12:00"))
    assert [(one.staff_id, one.span.starts_at) for one in shown] == [
        (TOMAS, at("2026-11-23 07:00")),
        (KIM, at("2026-11-24 16:00")),
        (TOMAS, at("2026-11-25 07:00")),
    ]


def test_the_later_of_two_overrides_wins_and_nobody_is_on_call_before_the_first_turn() -> None:
    week = Span(at("2026-11-16 00:00"), at("2026-11-21 00:00"))
    rotation = replace(WEEKLY, overrides=(Turn(week, TOMAS), Turn(week, KIM)))

    assert on_call_rules.on_call(rotation, at("2026-11-18 12:00")) == []
    shown = on_call_rules.turns(rotation, at("2026-11-16 00:00"), at("2026-11-22 00:00"))
    assert [(one.staff_id, one.span.starts_at) for one in shown] == [
        (KIM, at("2026-11-19 07:00")),
        (DANA, at("2026-11-21 00:00")),
    ]


def test_nobody_in_the_order_is_nobody_on_call_and_one_is_always() -> None:
    alone = replace(WEEKLY, order=(DANA,))
    assert on_call_rules.on_call(replace(WEEKLY, order=()), at("2026-11-25 12:00")) == []
    assert on_call_rules.next_turns(replace(WEEKLY, order=()), at("2026-11-25 12:00"), 8) == []
    assert on_call_rules.on_call(alone, at("2026-11-25 12:00")) == [DANA]


def test_the_next_turns_are_from_the_present_one_on() -> None:
    shown = on_call_rules.next_turns(WEEKLY, at("2026-11-25 12:00"), 8)
    assert [one.staff_id for one in shown] == [TOMAS, KIM, DANA, TOMAS, KIM, DANA, TOMAS, KIM]
    before = on_call_rules.next_turns(WEEKLY, at("2026-11-01 12:00"), 2)
    assert [one.span.starts_at for one in before] == [at("2026-11-19 07:00"), at("2026-11-23 07:00")]
