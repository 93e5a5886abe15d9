"""Card numbers, however people write and say them, and what looks like one and is none. The numbers are for tests."""

import pytest

from ivr.core.card_numbers import has_mark, masked

SPELLINGS = (
    ("4111111111111111", "1111"),
    ("4111 1111 1111 1111", "1111"),
    ("4111-1111-1111-1111", "1111"),
    ("4111.1111.1111.1111", "1111"),
    ("4111_1111_1111_1111", "1111"),
    ("4111/1111/1111/1111", "1111"),
    ("4111*1111*1111*1111", "1111"),
    ("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "1111"),
    ("4111  1111\n1111\t1111", "1111"),
    ("4111\N{ZERO WIDTH SPACE}1111\N{NO-BREAK SPACE}1111\N{EN DASH}1111", "1111"),
    ("\N{FULLWIDTH DIGIT FOUR}111 1111 1111 1111", "1111"),
    ("Visa4111111111111111", "1111"),
    ("411-111-1111 111-111", "1111"),  # as a recogniser writes ten digits and six
    ("four one one one, one one one one, one one one one, one one one one", "1111"),
    ("forty-one eleven, eleven eleven, eleven eleven, eleven eleven", "1111"),
    ("four triple one and then triple one one triple one one quadruple one", "1111"),
    ("cuatro uno uno uno uno uno uno uno y uno uno uno uno uno uno uno uno", "1111"),
    ("cuarenta y uno once once once once once once once", "1111"),
    ("3782 822463 10005", "0005"),
    ("three seven eight two eight two two four six three one oh oh oh five", "0005"),
    ("30569309025904", "5904"),
    ("2223 0031 2200 3222", "3222"),
    ("6011000990139424", "9424"),
    ("4222222222222", "2222"),
    ("4111 1111 1111 1111 12/29 123", "1111"),  # its date and its security code go with it
    ("41111111111111111229123", "1111"),
)
NONE = (
    "+378282246310005",  # with a plus it is a telephone number, of up to 15 digits
    "+44 20 7946 0958 and +1 (415) 555-2671",
    "(415) 555-2671, 415.555.2671 and 415-555-2671 #123",
    "347-555-2671, 12345",
    "4111 1111 1111 1112",  # the check digit is wrong
    "0000 0000 0000 0000",
    "2026-11-23 2026-11-24",
    "CA41111111111111111111111111111111ab",
    "https://api.twilio.com/2010-04-01/Accounts/AC0123456789/Recordings/RE0123456789",
    "We have 16 phones, 4 lines and 2 buildings at 1200 4th Street, Oakland 94107",
    "four phones for one office, and two more for the other one",
)


@pytest.mark.parametrize(("said", "last"), SPELLINGS)
def test_a_card_number_is_cut_down(said: str, last: str) -> None:
    told = masked(f"My card: {said} - thank you.")
    assert f"[card ending {last}]" in told
    assert told.startswith("My card: ")
    assert told.endswith(" - thank you.")
    assert has_mark(told)
    assert masked(told) == told


@pytest.mark.parametrize("said", NONE)
def test_any_other_number_stays(said: str) -> None:
    assert masked(said) == said
    assert not has_mark(said)


def test_two_cards_and_a_telephone_number_in_one_text() -> None:
    told = masked("Ring 4155552671, not 4111111111111111, or else 5500 0000 0000 0004; security code 123")
    assert told == "Ring 4155552671, not [card ending 1111], or else [card ending 0004]; security code ***"
