"""Which numbers the line dials: a table, and whatever anybody may think of."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.company.dialing.rules import Allowed, Counts, Network, NotDialed, limit_reached, not_dialed, told
from ivr.company.policy.field_types import BadValueError, Countries, Prefixes
from tests.support.numbers import DIALED, NOT_DIALED

LINE = "+18779437675"
HOME = Allowed(frozenset({"US", "CA"}), (), Network(LINE, is_simulated=False))
#: Area codes of the islands that share +1 (NANPA), and of numbers that are no place.
ISLANDS = "242 246 264 268 284 340 345 441 473 649 658 664 670 671 684 721 758 767 784 787 809 829 849 868 869 876 939"
NO_PLACE = "211 311 411 500 521 522 533 544 555 566 577 588 600 622 633 700 710 880 881 882 900 911 976"


@pytest.mark.parametrize("number", DIALED)
def test_these_are_dialed(number: str) -> None:
    assert not_dialed(number, HOME) is None


@pytest.mark.parametrize(("number", "why"), NOT_DIALED.items())
def test_these_are_not(number: str, why: NotDialed) -> None:
    assert not_dialed(number, HOME) == why


def _some(of_these: str, like: str) -> st.SearchStrategy[str]:
    return st.sampled_from(of_these.split()) | st.from_regex(like, fullmatch=True)


@given(
    st.builds(
        "+1{}{}{}".format,
        _some(f"{ISLANDS} {NO_PLACE} 415 514 800", "[0-9]{3}"),
        _some("976 911 411 555 943", "[0-9]{3}"),
        _some("0100 0199 1212 7675", "[0-9]{4}"),
    )
)
def test_of_north_america_only_places_in_two_countries_and_toll_free_numbers_are(number: str) -> None:
    area, exchange, line = number[2:5], number[5:8], number[8:]
    is_barred = (
        area in ISLANDS.split()
        or area in NO_PLACE.split()
        or area[0] in "01"
        or (area[0] != "8" and exchange in {"976", "911", "411"})
        or (area[0] != "8" and exchange == "555" and line.startswith("01"))
        or number == LINE
    )
    assert not (is_barred and not_dialed(number, HOME) is None)


@given(st.from_regex(r"\+[02-9][0-9]{0,16}|[+0-9a-z;=]{0,17}", fullmatch=True))
def test_nothing_else_is(number: str) -> None:
    if not re.match(r"\+?1", number):
        assert not_dialed(number, HOME) is not None


def test_what_the_owner_chooses_is_dialed_and_no_more() -> None:
    abroad = Allowed(frozenset({"PR", "GB"}), ("+44207",), Network(None, is_simulated=True))

    assert not_dialed("+17875551234", abroad) is None
    assert not_dialed("+441632960123", abroad) in {None, NotDialed.UNKNOWN}
    assert not_dialed("+442079460958", abroad) == NotDialed.PREFIX
    assert not_dialed("+14155552671", abroad) == NotDialed.COUNTRY
    assert not_dialed("+18005551234", abroad) is None
    assert not_dialed("+447012345678", abroad) == NotDialed.COSTS


def test_numbers_of_films_have_telephones_in_the_simulator_alone() -> None:
    assert (
        not_dialed("+14155550123", Allowed(frozenset({"US"}), (), Network(LINE, is_simulated=True))) is None
    )
    assert not_dialed("+14155550123", HOME) == NotDialed.FICTIONAL


def test_the_last_place_is_the_last() -> None:
    limits = Counts(number=2, matter=3, hour=4, day=5)

    assert limit_reached(Counts(1, 2, 3, 4), limits) is None
    assert limit_reached(Counts(2, 2, 3, 4), limits) == NotDialed.NUMBER_LIMIT
    assert limit_reached(Counts(0, 3, 3, 4), limits) == NotDialed.MATTER_LIMIT
    assert limit_reached(Counts(0, 0, 4, 4), limits) == NotDialed.HOUR_LIMIT
    assert limit_reached(Counts(0, 0, 0, 5), limits) == NotDialed.DAY_LIMIT
    assert [(one.window, one.is_reached) for one in told(Counts(9, 9, 4, 4), limits)] == [
        ("hour", True),
        ("day", False),
    ]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("US, CA", ("US", "CA")),
        ("united states; Puerto Rico", ("US", "PR")),
        ("us,US", ("US",)),
        ("", None),
        ("Atlantis", None),
        ("US CA", None),
        ("+1", None),
    ],
)
def test_countries_as_they_are_typed(typed: str, kept: tuple[str, ...] | None) -> None:
    if kept is None:
        with pytest.raises(BadValueError):
            Countries().read(typed)
    else:
        assert Countries().read(typed) == Countries().read(Countries().write(kept)) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ()),
        ("+1 (712) 432, +1605", ("+1712432", "+1605")),
        ("+1", None),
        ("712432", None),
        ("+1712x", None),
    ],
)
def test_beginnings_of_numbers_as_they_are_typed(typed: str, kept: tuple[str, ...] | None) -> None:
    if kept is None:
        with pytest.raises(BadValueError):
            Prefixes().read(typed)
    else:
        assert Prefixes().read(typed) == Prefixes().read(Prefixes().write(kept)) == kept
