"""<Redirect>, <Hangup>, <Reject>, the end of a document, and what happens when one cannot be had."""

import pytest
from flask import Response, redirect

from simulator_tests.lab import LINE, ORIGIN, Lab, Labs, twiml
from twilio_simulator import Switches
from twilio_simulator.reader import APOLOGY


def test_redirect_takes_over_and_later_verbs_are_not_reached(lab: Lab) -> None:
    lab.serve(voice="<Redirect>/other</Redirect><Say>Never.</Say>", other="<Say>Other.</Say>")
    lab.caller.dials(LINE).hears("other").waits(5)
    assert lab.caller.ended
    assert not any(entry.text == "Never." for entry in lab.caller.phone.transcript)


def test_an_empty_redirect_is_the_document_itself(lab: Lab) -> None:
    lab.serve(voice="<Say>Round.</Say><Redirect/>")
    lab.caller.dials(LINE).hears("round").hears("round").hears("round").hangs_up()


def test_relative_urls_stand_on_the_document(lab: Lab) -> None:
    lab.serve(
        voice="<Redirect>a/b</Redirect>", **{"a/b": "<Redirect>c?x=1</Redirect>", "a/c": "<Say>Here.</Say>"}
    )
    lab.caller.dials(LINE).hears("here")
    assert lab.last("a/c")["x"] == "1"


def test_redirect_with_get(lab: Lab) -> None:
    lab.serve(voice='<Redirect method="GET">/other?x=1</Redirect>', other="<Say>Other.</Say>")
    lab.caller.dials(LINE).hears("other")
    assert lab.app.asked[-1].method == "GET"
    assert lab.last("other")["CallSid"] == lab.caller.sid


def test_a_call_that_redirects_for_ever_is_found_out(lab: Lab) -> None:
    lab.serve(voice="<Redirect/>")
    with pytest.raises(AssertionError, match="never comes to rest"):
        lab.caller.dials(LINE)
    lab.exchange.legs[lab.caller.sid].end("completed")


def test_the_end_of_a_document_hangs_up_and_so_does_an_empty_one(lab: Lab) -> None:
    lab.serve(voice="")
    lab.caller.dials(LINE).waits(1)
    assert lab.caller.ended
    assert lab.last("status")["CallStatus"] == "completed"


def test_hangup_first_still_answers(lab: Lab) -> None:
    lab.serve(voice="<Hangup/>")
    lab.caller.dials(LINE).waits(1)
    assert lab.last("status")["CallStatus"] == "completed"


@pytest.mark.parametrize(("attributes", "status"), [("", "no-answer"), ('reason="busy"', "busy")])
def test_reject_first_never_answers(lab: Lab, attributes: str, status: str) -> None:
    lab.serve(voice=f"<Reject {attributes}/><Say>Never.</Say>")
    lab.caller.dials(LINE).waits(1)
    assert lab.caller.ended
    assert lab.last("status")["CallStatus"] == status
    assert lab.last("status")["CallDuration"] == "0"


def test_reject_of_an_answered_call_is_a_fault(lab: Lab) -> None:
    lab.serve(voice="<Say>Hello.</Say><Reject/>")
    lab.caller.dials(LINE)
    with pytest.raises(AssertionError, match="answered already"):
        lab.caller.waits(5)


@pytest.mark.parametrize("answers", [False, True])
def test_whether_a_redirect_answers(labs: Labs, *, answers: bool) -> None:
    lab = labs(Switches(redirect_answers=answers))
    lab.serve(voice="<Redirect>/other</Redirect>", other="<Reject/>")
    lab.exchange.forgive(12200)
    lab.caller.dials(LINE)
    assert lab.last("other")["CallStatus"] == ("in-progress" if answers else "ringing")


def test_a_failed_document_is_replaced_by_the_fallback(lab: Lab) -> None:
    lab.exchange.numbers.owned(LINE).voice_fallback_url = f"{ORIGIN}/spare"  # type: ignore[union-attr]
    lab.exchange.forgive(11200)
    lab.serve(voice=Response("oh", 500), spare="<Say>Spare.</Say>")
    lab.caller.dials(LINE).hears("spare")
    assert lab.last("spare")["ErrorCode"] == "11200"
    assert lab.last("spare")["ErrorUrl"] == f"{ORIGIN}/voice"
    assert lab.last("spare")["CallStatus"] == "ringing"


def test_without_fallback_the_caller_hears_twilios_own_words_and_is_hung_up(lab: Lab) -> None:
    lab.exchange.forgive(12100)
    lab.serve(voice=Response("<Response><Say>", mimetype="text/xml"))
    lab.caller.dials(LINE).hears(APOLOGY).waits(10)
    assert lab.caller.ended


def test_when_the_fallback_fails_too_it_is_over(lab: Lab) -> None:
    lab.exchange.numbers.owned(LINE).voice_fallback_url = f"{ORIGIN}/spare"  # type: ignore[union-attr]
    lab.exchange.forgive(11200)
    lab.serve(voice=Response("oh", 500), spare=Response("oh", 500))
    lab.caller.dials(LINE).hears(APOLOGY).waits(10)
    assert lab.caller.ended
    assert len(lab.asked("spare")) == 1


def test_the_code_of_a_bad_answer_is_a_switch(labs: Labs) -> None:
    lab = labs(Switches(fetch_error_code=11217))
    lab.exchange.forgive(11217)
    lab.serve(voice=Response("oh", 404))
    lab.caller.dials(LINE).hears("application error")
    assert lab.exchange.log[0].startswith("11217")


def test_nobody_at_the_other_end_is_tried_twice(lab: Lab) -> None:
    lab.exchange.forgive(11205)
    lab.exchange.numbers.owned(LINE).voice_url = "https://nobody.test/voice"  # type: ignore[union-attr]
    lab.caller.dials(LINE).hears("application error")
    assert [sent.url for sent in lab.exchange.webhooks.sent] == ["https://nobody.test/voice"] * 2


def test_http_redirects_are_followed_and_lose_the_digits(lab: Lab) -> None:
    lab.serve(
        voice='<Gather numDigits="1" action="/moved"/>',
        moved=lambda _: redirect("/got"),  # type: ignore[arg-type, return-value]
        got="<Say>Got it.</Say>",
    )
    lab.caller.dials(LINE).presses("1").hears("got it")
    assert "Digits" not in lab.last("got")
    assert lab.app.asked[-1].method == "GET"


def test_more_than_ten_http_redirects_are_too_many(lab: Lab) -> None:
    lab.exchange.forgive(11215)
    lab.serve(voice=lambda _: redirect("/voice"))  # type: ignore[arg-type, return-value]
    lab.caller.dials(LINE).hears("application error")
    assert len(lab.asked("voice")) == 11


def test_cookies_of_an_answer_come_back_with_the_next_request(lab: Lab) -> None:
    def bake(_: object) -> Response:
        answer = twiml("<Redirect>/other</Redirect>")
        answer.set_cookie("basket", "eggs")
        return answer

    lab.serve(voice=bake, other="<Hangup/>")
    lab.caller.dials(LINE)
    assert lab.exchange.webhooks.sent[1].headers["Cookie"] == "basket=eggs"


@pytest.mark.parametrize(
    ("fragment", "tries"), [("", 1), ("#rp=5xx", 2), ("#rc=3&rp=all", 4), ("#rc=9&rp=4xx", 1)]
)
def test_a_url_says_how_often_it_is_asked_again(lab: Lab, fragment: str, tries: int) -> None:
    lab.exchange.numbers.owned(LINE).voice_url = f"{ORIGIN}/voice{fragment}"  # type: ignore[union-attr]
    lab.exchange.forgive(11200)
    lab.serve(voice=Response("oh", 503))
    lab.caller.dials(LINE).hears("application error")
    sent = [request for request in lab.exchange.webhooks.sent if request.kind == "voice.inbound"]
    assert len(lab.asked("voice")) == len(sent) == tries
    assert len({request.headers["I-Twilio-Idempotency-Token"] for request in sent}) == 1
