"""Every state has its words: a member that is added to an enum and to no table of words fails here, by its name."""

from collections.abc import Collection, Mapping
from enum import StrEnum

import pytest

from ivr.backoffice.estimates.rules import GOOD, EstimateKind, EstimateState
from ivr.callcenter.callbacks.rules import CallbackReason, CallbackState
from ivr.callcenter.calls.outcomes import Outcome
from ivr.callcenter.intake.stages import IntakeState, Stage
from ivr.callcenter.recording.rules import RecordingState
from ivr.callcenter.routing.rules import OfferState
from ivr.callcenter.transfers import rules as transfers_rules
from ivr.web.console.common import words
from ivr.web.customer import texts


@pytest.mark.parametrize(
    ("table", "states"),
    [
        (words.STATES, IntakeState),
        (words.STAGES, Stage),
        (words.RECORDINGS, set(RecordingState) - {RecordingState.COMPLETED}),
        (words.OFFER_STATES, OfferState),
        (words.OUTCOMES, Outcome),
        (words.QUOTE_STATES, EstimateState),
        (words.QUOTE_TONES, EstimateState),
        (words.QUOTE_KINDS, EstimateKind),
        (words.CALLBACK_STATES, CallbackState),
        (words.CALLBACK_REASONS, CallbackReason),
        (words.TRANSFERS, transfers_rules.OPEN),
    ],
)
def test_every_state_has_its_words(table: Mapping[StrEnum, str], states: Collection[StrEnum]) -> None:
    assert set(table) == set(states)


@pytest.mark.parametrize("language", texts.WORDS)
@pytest.mark.parametrize("state", sorted(set(EstimateState) - GOOD - {EstimateState.DRAFT}))
def test_a_customer_is_told_why_an_estimate_cannot_be_paid(state: EstimateState, language: str) -> None:
    assert {state, f"{state}_title"} <= set(texts.WORDS[language])
