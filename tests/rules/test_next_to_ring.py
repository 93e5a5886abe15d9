"""Whom to ring next."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ivr.callcenter.routing.rules import ROUNDS, Candidate, next_to_ring

NOON = datetime(2026, 11, 23, 20, tzinfo=UTC)


def candidate(number: int, *, idle_minutes: int = 0, free: bool = True, languages: str = "en") -> Candidate:
    return Candidate(number, frozenset(languages.split()), free, NOON - timedelta(minutes=idle_minutes))


def rung(*candidates: Candidate, asked: dict[int, int] | None = None, language: str = "en") -> int | None:
    choice = next_to_ring(candidates, asked or {}, language)
    return choice.ring.id if choice.ring else None


def test_the_one_idle_longest() -> None:
    assert rung(candidate(1, idle_minutes=5), candidate(2, idle_minutes=9), candidate(3)) == 2


def test_never_one_who_is_engaged() -> None:
    assert rung(candidate(1, idle_minutes=9, free=False), candidate(2)) == 2


def test_who_speaks_the_language() -> None:
    assert rung(candidate(1, idle_minutes=9), candidate(2, languages="es en"), language="es") == 2


def test_nobody_is_offered_a_caller_they_cannot_talk_with() -> None:
    choice = next_to_ring([candidate(1)], {}, "es")

    assert choice.ring is None
    assert not choice.wait


def test_who_was_asked_less_often_first() -> None:
    assert rung(candidate(1, idle_minutes=9), candidate(2), asked={1: 1}) == 2


def test_nobody_is_left_after_every_round() -> None:
    choice = next_to_ring([candidate(1)], {1: ROUNDS}, "en")

    assert choice.ring is None
    assert not choice.wait


def test_waiting_is_worth_while_as_long_as_somebody_will_be_free() -> None:
    choice = next_to_ring([candidate(1, free=False), candidate(2)], {2: ROUNDS}, "en")

    assert choice.ring is None
    assert choice.wait


CANDIDATES = st.lists(
    st.builds(
        candidate,
        st.integers(1, 6),
        idle_minutes=st.integers(0, 500),
        free=st.booleans(),
        languages=st.sampled_from(["en", "es", "en es"]),
    ),
    unique_by=lambda one: one.id,
)


@given(CANDIDATES, st.dictionaries(st.integers(1, 6), st.integers(0, 3)), st.sampled_from(["en", "es"]))
def test_whoever_is_chosen_is_free_and_not_asked_out(
    candidates: list[Candidate], asked: dict[int, int], language: str
) -> None:
    choice = next_to_ring(candidates, asked, language)

    if choice.ring:
        assert choice.ring.is_free
        assert asked.get(choice.ring.id, 0) < ROUNDS
        assert not choice.wait
