"""<Redirect>, <Hangup>, <Reject>, the end of a document, and what happens when one cannot be had."""

import pytest
from flask import Response, redirect

from simulator_tests.desk import LINE, ORIGIN, Desk, Desks, twiml
from twilio_simulator import Switches
from twilio_simulator.reader import APOLOGY


def test_redirect_takes_over_and_later_verbs_are_not_reached(desk: Desk) -> None:
    desk.serve(voice="<Redirect>/other</Redirect><Say>Never.</Say>", other="<Say>Other.</Say>")
    desk.caller.dial(LINE).hears("other").waits(5)
    assert desk.caller.ended
    assert not any(entry.text == "Never." for entry in desk.caller.phone.transcript)


def test_an_empty_redirect_is_the_document_itself(desk: Desk) -> None:
    desk.serve(voice="<Say>Round.</Say><Redirect/>")
    desk.caller.dial(LINE).hears("round").hears("round").hears("round").hangs_up()


def test_relative_urls_stand_on_the_document(desk: Desk) -> None:
    desk.serve(
        voice="<Redirect>a/b</Redirect>", **{"a/b": "<Redirect>c?x=1</Redirect>", "a/c": "<Say>Here.</Say>"}
    )
    desk.caller.dial(LINE).hears("here")
    assert desk.last("a/c")["x"] == "1"


def test_redirect_with_get(desk: Desk) -> None:
    desk.serve(voice='<Redirect method="GET">/other?x=1</Redirect>', other="<Say>Other.</Say>")
    desk.caller.dial(LINE).hears("other")
    assert desk.app.asked[-1].method == "GET"
    assert desk.last("other")["CallSid"] == desk.caller.sid


def test_a_call_that_redirects_for_ever_is_found_out(desk: Desk) -> None:
    desk.serve(voice="<Redirect/>")
    with pytest.raises(AssertionError, match="never comes to rest"):
        desk.caller.dial(LINE)
    desk.exchange.legs[desk.caller.sid].end("completed")


def test_the_end_of_a_document_hangs_up_and_so_does_an_empty_one(desk: Desk) -> None:
    desk.serve(voice="")
    desk.caller.dial(LINE).waits(1)
    assert desk.caller.ended
    assert desk.last("status")["CallStatus"] == "completed"


def test_hangup_first_still_answers(desk: Desk) -> None:
    desk.serve(voice="<Hangup/>")
    desk.caller.dial(LINE).waits(1)
    assert desk.last("status")["CallStatus"] == "completed"


@pytest.mark.parametrize(("attributes", "status"), [("", "no-answer"), ('reason="busy"', "busy")])
def test_reject_first_never_answers(desk: Desk, attributes: str, status: str) -> None:
    desk.serve(voice=f"<Reject {attributes}/><Say>Never.</Say>")
    desk.caller.dial(LINE).waits(1)
    assert desk.caller.ended
    assert desk.last("status")["CallStatus"] == status
    assert desk.last("status")["CallDuration"] == "0"


def test_reject_of_an_answered_call_is_a_fault(desk: Desk) -> None:
    desk.serve(voice="<Say>Hello.</Say><Reject/>")
    desk.caller.dial(LINE)
    with pytest.raises(AssertionError, match="answered already"):
        desk.caller.waits(5)


@pytest.mark.parametrize("answers", [False, True])
def test_whether_a_redirect_answers(desks: Desks, *, answers: bool) -> None:
    desk = desks(Switches(redirect_answers=answers))
    desk.serve(voice="<Redirect>/other</Redirect>", other="<Reject/>")
    desk.exchange.forgive(12200)
    desk.caller.dial(LINE)
    assert desk.last("other")["CallStatus"] == ("in-progress" if answers else "ringing")


def test_a_failed_document_is_replaced_by_the_fallback(desk: Desk) -> None:
    desk.exchange.numbers.owned(LINE).voice_fallback_url = f"{ORIGIN}/spare"  # type: ignore[union-attr]
    desk.exchange.forgive(11200)
    desk.serve(voice=Response("oh", 500), spare="<Say>Spare.</Say>")
    desk.caller.dial(LINE).hears("spare")
    assert desk.last("spare")["ErrorCode"] == "11200"
    assert desk.last("spare")["ErrorUrl"] == f"{ORIGIN}/voice"
    assert desk.last("spare")["CallStatus"] == "ringing"


def test_without_fallback_the_caller_hears_twilios_own_words_and_is_hung_up(desk: Desk) -> None:
    desk.exchange.forgive(12100)
    desk.serve(voice=Response("<Response><Say>", mimetype="text/xml"))
    desk.caller.dial(LINE).hears(APOLOGY).waits(10)
    assert desk.caller.ended


def test_when_the_fallback_fails_too_it_is_over(desk: Desk) -> None:
    desk.exchange.numbers.owned(LINE).voice_fallback_url = f"{ORIGIN}/spare"  # type: ignore[union-attr]
    desk.exchange.forgive(11200)
    desk.serve(voice=Response("oh", 500), spare=Response("oh", 500))
    desk.caller.dial(LINE).hears(APOLOGY).waits(10)
    assert desk.caller.ended
    assert len(desk.asked("spare")) == 1


def test_the_code_of_a_bad_answer_is_a_switch(desks: Desks) -> None:
    desk = desks(Switches(fetch_error_code=11217))
    desk.exchange.forgive(11217)
    desk.serve(voice=Response("oh", 404))
    desk.caller.dial(LINE).hears("application error")
    assert desk.exchange.log[0].startswith("11217")


def test_nobody_at_the_other_end_is_tried_twice(desk: Desk) -> None:
    desk.exchange.forgive(11205)
    desk.exchange.numbers.owned(LINE).voice_url = "https://nobody.test/voice"  # type: ignore[union-attr]
    desk.caller.dial(LINE).hears("application error")
    assert [sent.url for sent in desk.exchange.post.sent] == ["https://nobody.test/voice"] * 2


def test_http_redirects_are_followed_and_lose_the_digits(desk: Desk) -> None:
    desk.serve(
        voice='<Gather numDigits="1" action="/moved"/>',
        moved=lambda _: redirect("/got"),  # type: ignore[arg-type, return-value]
        got="<Say>Got it.</Say>",
    )
    desk.caller.dial(LINE).presses("1").hears("got it")
    assert "Digits" not in desk.last("got")
    assert desk.app.asked[-1].method == "GET"


def test_more_than_ten_http_redirects_are_too_many(desk: Desk) -> None:
    desk.exchange.forgive(11215)
    desk.serve(voice=lambda _: redirect("/voice"))  # type: ignore[arg-type, return-value]
    desk.caller.dial(LINE).hears("application error")
    assert len(desk.asked("voice")) == 11


def test_cookies_of_an_answer_come_back_with_the_next_request(desk: Desk) -> None:
    def bake(_: object) -> Response:
        answer = twiml("<Redirect>/other</Redirect>")
        answer.set_cookie("basket", "eggs")
        return answer

    desk.serve(voice=bake, other="<Hangup/>")
    desk.caller.dial(LINE)
    assert desk.exchange.post.sent[1].headers["Cookie"] == "basket=eggs"


@pytest.mark.parametrize(
    ("fragment", "tries"), [("", 1), ("#rp=5xx", 2), ("#rc=3&rp=all", 4), ("#rc=9&rp=4xx", 1)]
)
def test_a_url_says_how_often_it_is_asked_again(desk: Desk, fragment: str, tries: int) -> None:
    desk.exchange.numbers.owned(LINE).voice_url = f"{ORIGIN}/voice{fragment}"  # type: ignore[union-attr]
    desk.exchange.forgive(11200)
    desk.serve(voice=Response("oh", 503))
    desk.caller.dial(LINE).hears("application error")
    sent = [request for request in desk.exchange.post.sent if request.kind == "voice.inbound"]
    assert len(desk.asked("voice")) == len(sent) == tries
    assert len({request.headers["I-Twilio-Idempotency-Token"] for request in sent}) == 1
