"""The two machines of an intake, and the one word of both; and the order of what the network reports."""

from enum import StrEnum
from typing import Any

import pytest

from ivr.callcenter.calls.dialogue import Heard
from ivr.callcenter.calls.outcomes import Outcome, of_end
from ivr.callcenter.calls.rules import FINAL, CallStatus, is_news, understood
from ivr.callcenter.intake import stages
from ivr.callcenter.intake.stages import CallState, IntakeState, OutOfOrderError, Stage
from ivr.callcenter.routing.rules import OUTCOMES, STATE_OF_OUTCOME


@pytest.mark.parametrize(
    ("table", "machine"), [(stages.STAGE_MAY_FOLLOW, Stage), (stages.CALL_MAY_FOLLOW, CallState)]
)
def test_every_state_is_in_its_table_and_can_be_reached(table: Any, machine: type[StrEnum]) -> None:
    first = next(iter(machine))
    reachable, new = {first}, {first}
    while new:
        new = {after for state in new for after in table[state]} - reachable
        reachable |= new

    assert reachable == set(table) == set(machine)


def test_every_matter_can_be_closed_and_every_closed_one_reopened() -> None:
    others = set(Stage) - {Stage.CLOSED}
    assert all(Stage.CLOSED in stages.STAGE_MAY_FOLLOW[stage] for stage in others)
    assert stages.STAGE_MAY_FOLLOW[Stage.CLOSED] == others


def test_every_call_may_end_in_every_way_and_from_every_end_the_next_begins() -> None:
    for call in CallState:
        assert stages.ENDED - {call} <= stages.CALL_MAY_FOLLOW[call] | {call}
    for end in stages.ENDED:
        assert {CallState.ASKING, CallState.WITH_TECHNICIAN} <= stages.CALL_MAY_FOLLOW[end]


def test_a_visit_that_is_canceled_leaves_what_was_sold() -> None:
    assert stages.once_cancelled(has_paid=True, is_sent=False) is Stage.PAID
    for is_sent, stage in ((True, Stage.QUOTED), (False, Stage.OPEN)):
        assert stages.once_cancelled(has_paid=False, is_sent=is_sent) is stage
        assert stage in stages.STAGE_MAY_FOLLOW[Stage.BOOKED]


def test_what_may_not_follow_is_refused() -> None:
    assert stages.next_stage(Stage.BOOKED, Stage.BOOKED) is Stage.BOOKED
    with pytest.raises(OutOfOrderError):
        stages.next_stage(Stage.PAID, Stage.OPEN)
    with pytest.raises(OutOfOrderError):
        stages.next_call(CallState.WAITING, CallState.WITH_OPERATOR)


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("call", sorted(stages.ON_LINE))
def test_whoever_is_on_the_line_is_where_they_are_whatever_was_sold(stage: Stage, call: CallState) -> None:
    assert stages.state(stage, call) == ("collecting" if call == CallState.ASKING else call)


@pytest.mark.parametrize("call", sorted(stages.ENDED))
@pytest.mark.parametrize("stage", [Stage.QUOTED, Stage.PAID, Stage.BOOKED])
def test_no_end_of_a_call_hides_what_was_sold(stage: Stage, call: CallState) -> None:
    assert stages.state(stage, call).value == stage.value


def test_the_words_are_those_of_the_export() -> None:
    words = {stages.state(stage, call) for stage in Stage for call in CallState}

    assert words == set(IntakeState)
    assert words == {
        *("collecting", "waiting", "ringing", "with_technician", "transferring", "with_operator"),
        *("quoted", "paid", "booked", "closed", "abandoned", "message"),
    }


@pytest.mark.parametrize("before", [Stage.OPEN, Stage.QUOTED, Stage.PAID, Stage.BOOKED, Stage.DONE])
def test_what_is_sold_moves_every_stage_as_its_table_allows(before: Stage) -> None:
    for after in (stages.ONCE_SENT[before], stages.ONCE_PAID[before]):
        assert stages.next_stage(before, after) is after


@pytest.mark.parametrize("final", sorted(FINAL))
@pytest.mark.parametrize("status", CallStatus)
def test_a_final_status_is_never_reopened(final: CallStatus, status: CallStatus) -> None:
    assert not is_news(status, known=final)


def test_a_leg_only_moves_forward() -> None:
    assert is_news(CallStatus.IN_PROGRESS, known=CallStatus.QUEUED)
    assert is_news(CallStatus.BUSY, known=CallStatus.RINGING)
    assert not is_news(CallStatus.RINGING, known=CallStatus.IN_PROGRESS)


def test_the_words_of_the_network_are_understood_and_no_others() -> None:
    assert [understood(word) for word in ("no-answer", "exploded", "")] == [CallStatus.NO_ANSWER, None, None]


def test_every_end_of_a_leg_that_was_not_accepted_is_an_outcome_of_its_offer() -> None:
    assert set(STATE_OF_OUTCOME) == {None, *Outcome}
    ends = {of_end(status, heard) for status in FINAL for heard in (None, *Heard)}
    assert {STATE_OF_OUTCOME[end] for end in ends} <= OUTCOMES
