"""The arithmetic of estimates: every hour, every rate, every surcharge, on the grid and off it."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ivr.backoffice.estimates import rules as estimates_rules
from ivr.backoffice.estimates.rules import BadPriceError, BadRateError, EstimateKind, NotPayableError, Price

UNIT = 25_00
BASE = 350_00


def price(
    hours: int, rate: int = 150_00, surcharge: int = 0, *, kind: EstimateKind = EstimateKind.VISIT
) -> Price:
    return Price(kind, BASE if kind == EstimateKind.VISIT else 0, hours, rate, surcharge, UNIT)


@pytest.mark.parametrize("kind", [EstimateKind.VISIT, EstimateKind.MORE_TIME])
@pytest.mark.parametrize("hours", range(estimates_rules.MOST_HOURS + 1))
def test_every_number_of_hours_is_base_and_units(hours: int, kind: EstimateKind) -> None:
    if kind == EstimateKind.MORE_TIME and hours == 0:
        with pytest.raises(estimates_rules.NoHoursError):
            price(hours, kind=kind)
        return
    made = price(hours, kind=kind)
    assert made.total_cents == (35000 if kind == EstimateKind.VISIT else 0) + hours * 15000
    assert made.units == hours * 6


@given(
    hours=some.integers(0, estimates_rules.MOST_HOURS),
    rate_units=some.integers(1, 400),
    surcharge=some.integers(0, estimates_rules.MOST_CENTS),
)
def test_what_is_on_the_grid_is_made_and_what_is_not_is_refused(
    hours: int, rate_units: int, surcharge: int
) -> None:
    asked = BASE + hours * rate_units * UNIT + surcharge
    if (asked - BASE) % UNIT == 0:
        made = price(hours, rate_units * UNIT, surcharge)
        assert made.total_cents == asked == made.base_cents + made.units * UNIT
        return
    with pytest.raises(NotPayableError) as refused:
        price(hours, rate_units * UNIT, surcharge)
    below, above = refused.value.below, refused.value.above
    assert below < asked < above == below + UNIT
    for sum_ in (below, above):  # what is offered is taken
        assert price(hours, rate_units * UNIT, surcharge + sum_ - asked).total_cents == sum_
        assert f"${sum_ // 100:,}" in refused.value.shown


@given(hours=some.integers(0, estimates_rules.MOST_HOURS), rate=some.integers(0, estimates_rules.MOST_CENTS))
def test_a_rate_off_the_grid_is_refused_with_its_neighbours(hours: int, rate: int) -> None:
    if rate and rate % UNIT == 0:
        assert price(hours, rate).units == hours * rate // UNIT
        return
    with pytest.raises(BadRateError) as refused:
        price(hours, rate)
    below, above = refused.value.below, refused.value.above
    assert 0 < below <= max(rate, UNIT) < above == below + UNIT
    for offered in (below, above):
        assert price(hours, offered).units == hours * offered // UNIT


@pytest.mark.parametrize(
    ("hours", "rate", "surcharge", "field"),
    [
        (-1, 150_00, 0, "extra_hours"),
        (41, 150_00, 0, "extra_hours"),
        (1, -25_00, 0, "rate"),
        (1, 10_025_00, 0, "rate"),
        (1, 150_00, -25_00, "surcharge"),
        (1, 150_00, 10_025_00, "surcharge"),
        (1, 150_00, 1, "surcharge"),
    ],
)
def test_a_slip_of_the_finger_is_refused_beside_its_field(
    hours: int, rate: int, surcharge: int, field: str
) -> None:
    with pytest.raises(BadPriceError) as refused:
        price(hours, rate, surcharge)
    assert refused.value.field == field
    assert len(refused.value.shown) > 10
