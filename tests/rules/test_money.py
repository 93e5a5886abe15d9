"""Sums as people type them: read as what they can only mean, otherwise refused with what they could mean."""

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ivr.company.policy import rules as policy_rules
from ivr.company.policy.field_types import BadValueError
from ivr.core.money import BadSumError, cents_of, format_cents

NO_BREAK = "\N{NO-BREAK SPACE}"
NARROW = "\N{NARROW NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("25.00", 25_00),
        ("2500", 2500_00),
        ("350.50", 350_50),
        (" $700 ", 700_00),
        ("$1,350", 1350_00),
        ("1,350.00", 1350_00),
        ("1.350", 1350_00),
        ("1 350", 1350_00),
        ("$ 1 350.00", 1350_00),
        (f"1{NO_BREAK}350", 1350_00),
        (f"1{NARROW}350.00", 1350_00),
        ("1,234,567", 1234567_00),
        ("1.234.567", 1234567_00),
        ("USD 700", 700_00),
        ("US$700", 700_00),
        ("$700 USD", 700_00),
        ("700$", 700_00),
        ("700 dollars", 700_00),
        ("1 dollar", 1_00),
        ("700 dólares", 700_00),
        ("\uff17\uff10\uff10", 700_00),
        ("\uff04\uff11\uff0c\uff13\uff15\uff10", 1350_00),
        ("0", 0),
    ],
)
def test_a_sum_is_what_it_can_only_mean(typed: str, cents: int) -> None:
    assert cents_of(typed) == cents


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("25,00", "25,00 could mean $25.00 or $2,500: write 25.00 or 2500."),
        ("$25,5", "$25,5 could mean $25.50 or $255: write 25.50 or 255."),
        ("25.5", "25.5 could mean $25.50 or $255: write 25.50 or 255."),
        ("1.350,00", "1.350,00 could mean $1,350.00 or $135,000: write 1350.00 or 135000."),
        ("1,350,00", "1,350,00 could mean $1,350.00 or $135,000: write 1350.00 or 135000."),
        ("1.350.00", "1.350.00 could mean $1,350.00 or $135,000: write 1350.00 or 135000."),
        ("13,50", "13,50 could mean $13.50 or $1,350: write 13.50 or 1350."),
        ("1350,000", "1350,000 could mean $1,350,000: write 1350000."),
        ("12,34,567", "12,34,567 could mean $1,234,567: write 1234567."),
        ("1,350.000", "1,350.000 could mean $1,350,000: write 1350000."),
        ("700,", "700, could mean $700: write 700."),
        ("-25", "-25 is below zero. Enter an amount from $0 up."),
        ("$-25", "$-25 is below zero. Enter an amount from $0 up."),
        ("\N{MINUS SIGN}25", "\N{MINUS SIGN}25 is below zero. Enter an amount from $0 up."),
        ("(25)", "(25) is below zero. Enter an amount from $0 up."),
    ],
)
def test_what_could_be_two_sums_is_refused_with_what_was_understood(typed: str, understood: str) -> None:
    with pytest.raises(BadSumError) as refused:
        cents_of(typed)

    assert refused.value.shown == understood


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "$",
        "free",
        "1e3",
        "350 each",
        "350 - 400",
        "0x10",
        "€700",
        "7\N{SUPERSCRIPT TWO}",
        "\u0663\u0665\u0660",
        "9" * 400,
        "$" * 400,
        ".",
        "\0",
    ],
)
def test_anything_else_is_no_sum(typed: str) -> None:
    with pytest.raises(BadSumError) as refused:
        cents_of(typed)

    assert refused.value.shown == "That isn't an amount. Enter dollars, such as 350 or 1,350.00."


@given(cents=some.integers(0, 999_999_99), before=some.sampled_from(["", "$", "$ ", "USD "]))
def test_what_pages_write_is_read_as_the_same_sum(cents: int, before: str) -> None:
    written = format_cents(cents)

    assert cents_of(written) == cents
    assert cents_of(before + written.removeprefix("$")) == cents


@given(typed=some.text(alphabet="0123456789,. $-", max_size=14))
def test_a_mark_that_is_not_before_three_digits_never_groups(typed: str) -> None:
    try:
        cents = cents_of(typed)
    except BadSumError:
        return
    digits = re.sub("[^0-9]", "", typed)
    has_cents = re.search(r"(?<!\d)\d*(?:[, ]\d{3})*\.\d{2}\D*$", typed) is not None
    assert cents == int(digits) * (1 if has_cents else 100)
    assert not re.search(r"\d,\d{0,2}(?!\d)", typed)


@given(typed=some.text(max_size=30))
def test_whatever_is_typed_is_a_sum_or_a_refusal(typed: str) -> None:
    with suppress(BadSumError):
        assert cents_of(typed) >= 0


@pytest.mark.parametrize("name", ["base_fee_cents", "increment_cents", "hourly_rate_cents"])
def test_the_owners_prices_are_read_by_the_same_rules(name: str) -> None:
    kind = policy_rules.value(name).kind

    assert kind.read("1 000") == 1000_00
    for typed, words in {
        "25,00": "$25.00 or $2,500",
        "25.50": "$25.50 has cents. Enter whole dollars",
    }.items():
        with pytest.raises(BadValueError) as refused:
            kind.read(typed)
        assert words in refused.value.shown
