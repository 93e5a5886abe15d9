"""A webhook that comes again gets the answer that it got, and nothing happens twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, insert, select

from ivr.callcenter.intake.models import Intake
from ivr.core.clock import now
from ivr.core.db import Database, session
from ivr.platform.idempotency import service as idempotency
from ivr.platform.idempotency.models import WebhookReply
from ivr.platform.idempotency.requests import WebhookRequest
from tests.support.world import LINE, World

CALL = {
    "CallSid": "CA" + "7" * 32,
    "From": "+14155552671",
    "To": LINE,
    "CallStatus": "ringing",
}


def ask(world: World, path: str, token: str | None, **form: str) -> str:
    """The document for this webhook."""
    request = world.signed(path, **CALL, **form)
    if token:
        request["headers"]["I-Twilio-Idempotency-Token"] = token
    answer = world.app.test_client().post(path, base_url="https://line.test", **request)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def chosen(world: World, token: str | None, digits: str) -> str:
    return ask(world, "/voice/front_door/menu_chosen?attempt=1", token, Digits=digits)


def answers(world: World) -> int:
    """How many requests were answered for themselves."""
    with world.database.reading() as look:
        return look.scalar(select(func.count()).select_from(WebhookReply)) or 0


def count(world: World) -> int:
    with world.database.reading() as look:
        return look.scalar(select(func.count()).select_from(Intake)) or 0


@pytest.mark.parametrize("token", ["a-token", None])
def test_the_same_request_again_gets_the_same_answer(world: World, token: str | None) -> None:
    first = ask(world, "/voice/incoming", token)
    assert ask(world, "/voice/incoming", token) == first
    taken = chosen(world, token, "1")
    events = len(world.record()["events"])
    assert "callback_number" in taken
    assert chosen(world, token, "1") == taken
    assert len(world.record()["events"]) == events
    assert count(world) == 1


def test_another_request_is_answered_for_itself(world: World) -> None:
    ask(world, "/voice/incoming", "one")
    assert "menu_chosen?attempt=2" in chosen(world, "two", "7")
    assert "callback_number" in chosen(world, "three", "1")


@pytest.mark.parametrize("tokens", [("one", "two", "three", "four"), (None, None, None, None)])
def test_the_same_words_are_a_new_request_once_they_are_asked_for_again(
    world: World, tokens: tuple[str | None, ...]
) -> None:
    """A wrong key, then 9 for the menu in Spanish, then the wrong key again."""
    ask(world, "/voice/incoming", tokens[0])
    assert "attempt=2" in chosen(world, tokens[1], "7")
    assert "menu_chosen?attempt=1" in chosen(world, tokens[2], "9")
    before = answers(world)
    assert "es-US" in chosen(world, tokens[3], "7")
    assert answers(world) == before + 1
    chosen(world, tokens[3], "7")
    assert answers(world) == before + 1


def test_a_request_that_a_stranger_has_caught_is_a_repeat_under_any_token(world: World) -> None:
    """Its signature holds. The call has gone on since, or is over."""
    welcome = ask(world, "/voice/incoming", "one")
    taken = chosen(world, "two", "1")
    chosen_number = "/voice/intake/callback_number_chosen?attempt=1"
    asked_for_words = ask(world, chosen_number, "three", Digits="1")
    ask(world, "/voice/intake/issue_heard?attempt=1", "four", SpeechResult="no dial tone", Confidence="0.9")
    world.advance(20)
    before, record = answers(world), world.record()

    for token in ("another", None):
        assert ask(world, "/voice/incoming", token) == welcome
        assert chosen(world, token, "1") == taken
        assert ask(world, chosen_number, token, Digits="1") == asked_for_words
    assert (answers(world), world.record()) == (before, record)


def test_without_a_token_the_same_words_a_while_later_are_a_new_request(world: World) -> None:
    """A job may send a leg to the same place twice."""
    ask(world, "/voice/incoming", None)
    place = "/voice/rescue/nobody_came"
    ask(world, place, None)
    before = answers(world)
    world.advance(idempotency.REPEATED_WITHIN.total_seconds() - 0.1)
    ask(world, place, None)
    assert answers(world) == before
    world.advance(0.1)
    ask(world, place, None)
    assert answers(world) == before + 1


def test_a_request_that_failed_is_tried_anew(world: World) -> None:
    world.faults_expected = True
    world.breaks(world.always_fails)
    assert "something went wrong" in ask(world, "/voice/incoming", "one")
    world.mends()
    assert "menu_chosen" in ask(world, "/voice/incoming", "one")


@pytest.mark.parametrize("token", ["one", None])
def test_both_of_two_at_the_same_moment_get_the_answer_of_one(world: World, token: str | None) -> None:
    together = Barrier(4)

    def ring() -> str:
        together.wait()
        return ask(world, "/voice/incoming", token)

    with ThreadPoolExecutor(4) as pool:
        answers = [future.result() for future in [pool.submit(ring) for _ in range(4)]]
    assert len(set(answers)) == 1
    assert "menu_chosen" in answers[0]
    assert count(world) == 1


def test_old_answers_are_forgotten_as_new_ones_come(world: World) -> None:
    database: Database = world.database
    long_ago = now() - idempotency.KEPT * 2
    with database.transaction():
        old = [
            {"key": f"old {n}", "answer": "said", "at": long_ago} for n in range(1, idempotency.SWEPT_EVERY)
        ]
        session.execute(insert(WebhookReply), old)
    with database.transaction():
        idempotency.keep("new", WebhookRequest("CA1", "/voice/incoming", {}), "said")
    with database.reading():
        assert session.scalars(select(WebhookReply.key)).all() == ["new"]
