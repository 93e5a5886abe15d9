"""The eleven rules, held to the ``holidays`` package and to dates that were looked up."""

from datetime import date

import holidays
import pytest

from ivr.company.hours import federal


@pytest.mark.parametrize("year", range(2021, 2101))
def test_every_year_agrees_with_the_holidays_package(year: int) -> None:
    package = {
        day: name.removesuffix(" (observed)")
        for day, name in holidays.country_holidays("US", years=year).items()
    }
    assert federal.holidays(year) == package


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 7, 3), "Independence Day"),  # the 4th is a Saturday
        (date(2027, 7, 5), "Independence Day"),  # the 4th is a Sunday
        (date(2027, 6, 18), "Juneteenth National Independence Day"),
        (date(2027, 12, 24), "Christmas Day"),
        (date(2027, 12, 31), "New Year's Day"),  # of 2028, a Saturday
        (date(2023, 1, 2), "New Year's Day"),
        (date(2028, 11, 10), "Veterans Day"),
    ],
)
def test_a_holiday_on_a_weekend_is_kept_beside_it(day: date, name: str) -> None:
    assert federal.holidays(day.year)[day] == name


def test_eleven_holidays_a_year() -> None:
    assert len(federal.NAMES) == len(set(federal.NAMES)) == 11
    assert set(federal.holidays(2025).values()) == set(federal.NAMES)
    assert len(federal.holidays(2025)) == 11
