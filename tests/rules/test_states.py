"""Which state may follow which."""

import pytest

from ivr.calls import rules as call_rules
from ivr.intake import rules


def test_every_state_is_in_the_table_and_can_be_reached() -> None:
    states = set(rules.MAY_FOLLOW)
    reachable, new = {rules.COLLECTING}, {rules.COLLECTING}
    while new:
        new = {after for state in new for after in rules.MAY_FOLLOW[state]} - reachable
        reachable |= new

    assert reachable == states


def test_everything_can_end() -> None:
    for state in rules.MAY_FOLLOW:
        ends, new = {state}, {state}
        while new:
            new = {after for one in new for after in rules.MAY_FOLLOW[one]} - ends
            ends |= new
        assert rules.CLOSED in ends, state


def test_what_is_closed_stays_closed() -> None:
    assert not any(
        rules.may_become(rules.CLOSED, state) for state in rules.MAY_FOLLOW if state != rules.CLOSED
    )


@pytest.mark.parametrize("state", sorted(rules.MAY_FOLLOW))
def test_staying_is_always_allowed(state: str) -> None:
    assert rules.may_become(state, state)


@pytest.mark.parametrize("final", sorted(call_rules.FINAL))
@pytest.mark.parametrize("status", [*call_rules.RANK, "exploded", ""])
def test_a_final_status_is_never_reopened(final: str, status: str) -> None:
    assert not call_rules.is_news(status, known=final)


def test_a_leg_only_moves_forward() -> None:
    assert call_rules.is_news("in-progress", known="queued")
    assert call_rules.is_news("busy", known="ringing")
    assert not call_rules.is_news("ringing", known="in-progress")
