"""Who answers a telephone that we ring, by what is said there; how long we wait for them, and how it ends."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.callcenter.calls import dialogue
from ivr.callcenter.calls.dialogue import LONGEST_PATIENCE, MACHINES, PATIENCE, Heard, Said
from ivr.callcenter.calls.outcomes import Outcome, of_end, of_silence
from ivr.callcenter.calls.rules import CallStatus

ANSWERED = datetime(2026, 11, 23, 17, tzinfo=UTC)
HEARD = [None, *Heard]


@pytest.mark.parametrize(
    ("amounts_to", "words"),
    [
        ("one", ["One", "one please", "uno", "el uno"]),
        ("yes", ["Yes.", "Yeah", "sí", "claro", "OK"]),
        ("who", ["Hello? Who is this?", "who's this", "What is this?", "¿Quién habla?", "de parte de quién"]),
        ("short", ["Hello?", "Yes?", "¿Bueno?", "This is he", "speaking", "Maria here", "operator", ""]),
        (
            "screening",
            [
                "Hi, if you record your name and reason for calling, I'll see if this person is available.",
                "and reason for calling I'll see if this person is available",
                "The person you're calling is using a screening service from Google, and will get a copy of it.",
                "say your name and why you're calling",
                "Who's calling, please?",
                "May I ask who is calling?",
                "Tell me more about why you called.",
                "Hola, si graba su nombre y el motivo de su llamada, veré si esta persona está disponible.",
                "Diga su nombre y por qué llama.",
                "¿Quién llama y cuál es el motivo?",
            ],
        ),
        (
            "hold",
            ["Thanks. One moment.", "Please stay on the line.", "hold on", "I'll get him", "Un momento", "no cuelgue"],
        ),
        (
            "mailbox",
            [
                "You have reached Dana, please leave a message",
                "Your call has been forwarded to an automatic voice message system",
                "after the tone.",
                "the tone",
                "Deje su mensaje después del tono",
                "buzón de voz",
            ],
        ),
        (
            "machine",
            [
                "Thank you for calling Acme. For sales, press 1.",
                "press one",
                "I'm sorry, I didn't get that.",
                "This person is not available. Goodbye.",
                "Para ventas, oprima uno.",
                "Perdón, no entendí.",
            ],
        ),
        ("long", ["Hello, Acme Plumbing, this is Mike speaking", "I asked for that callback an hour ago"]),
    ],
)  # fmt: skip
def test_what_is_said_is_told_apart(amounts_to: str, words: list[str]) -> None:
    assert {text: dialogue.said(text).value for text in words} == dict.fromkeys(words, amounts_to)


@pytest.mark.parametrize("before", HEARD)
def test_one_is_a_persons_key_unless_a_machine_has_talked(before: Heard | None) -> None:
    is_person = before in {None, Heard.GREETING, Heard.YES}
    assert dialogue.counts_as_key(before, Said.ONE) == is_person


@pytest.mark.parametrize("said", [one for one in Said if one != Said.ONE])
def test_no_other_word_is_a_key_by_itself(said: Said) -> None:
    assert not any(dialogue.counts_as_key(before, said) for before in HEARD)


@given(st.lists(st.sampled_from(Said), max_size=8))
def test_a_machine_stays_a_machine_whatever_it_says_next(more: list[Said]) -> None:
    heard = dialogue.after(None, Said.MACHINE)
    for said in more:
        assert not dialogue.counts_as_key(heard, said)
        heard = dialogue.after(heard, said)
        assert heard in MACHINES


def test_only_a_yes_that_nothing_follows_stands_as_a_yes() -> None:
    for said in Said:
        heard = dialogue.after(Heard.YES, said)
        assert (heard == Heard.YES) == (said == Said.YES)


@given(st.lists(st.tuples(st.floats(0, 20), st.sampled_from(Said)), max_size=20))
def test_nobody_has_more_than_the_longest_patience_or_less_than_the_usual(
    said: list[tuple[float, Said]],
) -> None:
    until, now = ANSWERED + PATIENCE, ANSWERED
    for seconds, one in said:
        now += timedelta(seconds=seconds)
        after = dialogue.more_patience(until, one, now, answered=ANSWERED)
        assert until <= after <= ANSWERED + LONGEST_PATIENCE
        until = after


def test_the_patience_begins_anew_for_a_telephone_that_rings_its_owner() -> None:
    now, until = ANSWERED + timedelta(seconds=12), ANSWERED + PATIENCE
    for said in (Said.SCREENING, Said.HOLD):
        assert dialogue.more_patience(until, said, now, answered=ANSWERED) == now + PATIENCE
    for said in (Said.MAILBOX, Said.MACHINE, Said.LONG):
        assert dialogue.more_patience(until, said, now, answered=ANSWERED) == until


@pytest.mark.parametrize(
    ("status", "heard", "outcome"),
    [
        (CallStatus.BUSY, None, Outcome.BUSY),
        (CallStatus.NO_ANSWER, None, Outcome.NO_ANSWER),
        (CallStatus.FAILED, None, Outcome.FAILED),
        (CallStatus.CANCELED, None, None),
        (CallStatus.COMPLETED, None, Outcome.DECLINED),
        (CallStatus.COMPLETED, Heard.GREETING, Outcome.DECLINED),
        (CallStatus.COMPLETED, Heard.SCREENING, Outcome.SCREENED),
        (CallStatus.COMPLETED, Heard.MAILBOX, Outcome.MAILBOX),
        (CallStatus.COMPLETED, Heard.MACHINE, Outcome.MAILBOX),
    ],
)
def test_how_a_leg_ended_that_hung_up(
    status: CallStatus, heard: Heard | None, outcome: Outcome | None
) -> None:
    assert of_end(status, heard) == outcome


def test_whoever_says_nothing_in_all_the_time_is_a_mailbox() -> None:
    assert of_silence(None) == Outcome.MAILBOX
    assert {of_silence(heard) for heard in Heard} == {Outcome.DECLINED, Outcome.SCREENED, Outcome.MAILBOX}
