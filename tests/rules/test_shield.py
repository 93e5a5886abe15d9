"""Who is asked to press a key before anything else."""

import pytest

from ivr.callcenter.calls.attestation import Attestation, attestation
from ivr.callcenter.shield import rules as shield_rules


@pytest.mark.parametrize(
    ("stir_verstat", "found"),
    [
        ("TN-Validation-Passed-A", Attestation.FULL),
        ("TN-Validation-Passed-A-Diverted", Attestation.FULL),
        ("TN-Validation-Passed-B", Attestation.PARTIAL),
        ("TN-Validation-Passed-C", Attestation.GATEWAY),
        ("TN-Validation-Failed-A", Attestation.FAILED),
        ("TN-Validation-Failed", Attestation.FAILED),
        ("No-TN-Validation", Attestation.NONE),
        ("TN-Validation-Passed-Also", Attestation.NONE),
        ("", Attestation.UNTOLD),
        (None, Attestation.UNTOLD),
    ],
)
def test_what_a_carrier_says(stir_verstat: str | None, found: Attestation) -> None:
    assert attestation(stir_verstat) == found


@pytest.mark.parametrize("found", Attestation)
@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize("from_exchange", [0, 4, 5, 50])
def test_who_is_asked(found: Attestation, from_exchange: int, *, is_known: bool) -> None:
    nobody_vouches = found in {Attestation.GATEWAY, Attestation.FAILED, Attestation.NONE}

    asked = shield_rules.must_press(found, is_known=is_known, from_exchange=from_exchange)

    assert asked == (not is_known and (nobody_vouches or from_exchange >= 5))


def test_the_exchange_of_a_number() -> None:
    assert shield_rules.exchange("+14155552671") == "+1415555"
    assert [shield_rules.exchange(number) for number in ("+442079460000", "+1415555", "", None)] == [None] * 4


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 1), (0.5, 1), (60, 1), (61, 2), (3600, 60)])
def test_each_begun_minute_is_billed(seconds: float, minutes: int) -> None:
    assert shield_rules.minutes_billed(seconds) == minutes
