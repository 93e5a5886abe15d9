"""What is a telephone number, and how it is spoken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.callcenter.intake import rules as intake_rules
from ivr.core import phone_numbers


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("+14155552671", "+14155552671"),
        ("(415) 555-2671", "+14155552671"),
        ("+442079460958", "+442079460958"),
        ("Anonymous", None),
        ("Restricted", None),
        ("unavailable", None),
        ("+266696687", None),
        ("266696687", None),
        ("+7378742833", None),
        ("+17378742833", None),
        ("+1", None),
        ("+", None),
        ("", None),
        (None, None),
        ("sip:bob@example.com", None),
        ("client:dana", None),
        ("+1415555267", None),
        ("+11115552671", None),
        ("+14155552671; DROP TABLE intake", None),
    ],
)
def test_a_caller_id_is_a_number_or_none(raw: str | None, number: str | None) -> None:
    assert phone_numbers.e164(raw) == number


@given(st.text(max_size=40))
def test_no_caller_id_breaks_anything(raw: str) -> None:
    number = phone_numbers.e164(raw)

    assert number is None or (number.startswith("+") and number[1:].isdigit() and len(number) <= 16)


@given(st.text(alphabet="0123456789*#", max_size=14))
def test_what_is_keyed_is_ten_digits_with_or_without_the_leading_one_or_nothing(digits: str) -> None:
    try:
        number = phone_numbers.from_caller(keyed=digits, spoken="").number
    except phone_numbers.BadNumberError:
        return
    ten = digits.strip("*#").removeprefix("1")
    assert number == f"+1{ten}"
    assert {ten[0], ten[3]} <= set("23456789")


@given(st.from_regex(r"[2-9][0-9]{2}[2-9][0-9]{6}", fullmatch=True))
def test_a_number_is_read_back_in_groups_of_3_3_4(digits: str) -> None:
    groups = phone_numbers.spoken_number(f"+1{digits}").split(", ")

    assert [group.count(" ") + 1 for group in groups] == [3, 3, 4]
    assert "".join(groups).replace(" ", "") == digits


def test_a_number_is_shown_as_people_write_it() -> None:
    assert phone_numbers.shown_number("+14155552671") == "(415) 555-2671"
    assert phone_numbers.shown_number("+442079460958") == "+442079460958"
    assert phone_numbers.shown_number(None) == ""


@pytest.mark.parametrize(
    ("seconds", "minutes"), [(0, None), (30, None), (31, 2), (120, 2), (121, 3), (600, 10)]
)
def test_a_wait_is_never_promised_shorter_than_it_is(seconds: int, minutes: int | None) -> None:
    assert intake_rules.minutes_to_wait(seconds) == minutes
