"""A day as people and browsers type it."""

from datetime import date

import pytest

from ivr.web.console.common import days

MAY = date(2026, 5, 1)


@pytest.mark.parametrize("typed", ["2026-05-01", "0026-05-01", "05/01/2026", "05/01/26", "5/1/26"])
def test_a_day_is_read_as_it_is_written_here_and_two_digits_are_a_year_of_this_century(typed: str) -> None:
    assert days.read(typed) == MAY


def test_an_empty_field_is_no_day() -> None:
    assert days.read("") is None


@pytest.mark.parametrize(
    "typed", ["yesterday", "0202-05-01", "13/01/26", "02/30/2026", "1999-12-31", "3000-01-01", "1/1/126"]
)
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        days.read(typed)


def test_of_two_days_each_has_its_own_error_and_the_other_counts() -> None:
    found = days.read_range({"from": "yesterday", "to": " 05/01/26 "})
    assert (found.first, found.last, list(found.errors)) == (None, MAY, ["from"])
    assert "“yesterday”" in found.errors["from"]


def test_days_in_the_wrong_order_are_said_at_the_second() -> None:
    found = days.read_range({"from": "2026-05-02", "to": "2026-05-01"})
    assert list(found.errors) == ["to"]
    assert not days.read_range({"from": "2026-05-01", "to": "2026-05-01"}).errors
