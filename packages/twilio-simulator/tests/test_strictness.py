"""Documents that this network refuses, where Twilio would only warn or guess."""

import pytest
from flask import Response

from simulator_tests.lab import LINE, TECHNICIAN, Lab, Labs
from twilio_simulator.documents import DocumentError, parse
from twilio_simulator.execution_context import DocumentKind, Place

HERE = Place("https://app.test/voice")
LONG = "word " * 900


def problems(verbs: str, kind: DocumentKind = DocumentKind.CALL) -> list[int]:
    document = parse(f"<Response>{verbs}</Response>".encode(), "text/xml", HERE, kind)
    return [problem.code for problem in document.problems]


@pytest.mark.parametrize(
    ("verbs", "code"),
    [
        ("<Shout>Hello</Shout>", 12200),
        ("<say>Hello</say>", 12200),
        ("<Connect/>", 12200),
        ("Hello", 12200),
        ("<Say>Hello</Say>stray", 12200),
        ("<Say></Say>", 13520),
        (f"<Say>{LONG}</Say>", 13521),
        (f'<Say voice="Polly.Joanna">{"a" * 3001}</Say>', 13521),
        ('<Say loop="many">Hello</Say>', 13510),
        ('<Say loop="1001">Hello</Say>', 13510),
        ('<Say Voice="man">Hello</Say>', 12200),
        ('<Say voice="robot">Hello</Say>', 12200),
        ('<Say language="english">Hello</Say>', 12200),
        ("<Say><Pause/></Say>", 12200),
        ('<Play loop="-1">/a.wav</Play>', 13410),
        ('<Play digits="12x"/>', 12200),
        ('<Pause length="0"/>', 12200),
        ('<Pause length="1.5"/>', 12200),
        ('<Gather timeout="soon"/>', 13313),
        ('<Gather numDigits="0"/>', 13314),
        ('<Gather finishOnKey="12"/>', 13310),
        ('<Gather input="keys"/>', 13326),
        ('<Gather method="PUT"/>', 13312),
        ('<Gather speechTimeout="0"/>', 13327),
        (f'<Gather hints="{"a" * 101}"/>', 13330),
        ('<Gather actionOnEmptyResult="yes"/>', 13338),
        ('<Gather num_digits="1"/>', 12200),
        ("<Gather><Redirect/></Gather>", 13320),
        ("<Gather>Press 1</Gather>", 12200),
        ('<Record maxLength="1"/>', 13612),
        ('<Record finishOnKey="a"/>', 13613),
        ('<Record trim="yes"/>', 12200),
        ('<Redirect method="HEAD"/>', 13710),
        ('<Reject reason="asleep"/>', 12200),
        ("<Hangup>now</Hangup>", 12200),
        ("<Dial/>", 13223),
        ('<Dial timeout="4">+12025550122</Dial>', 13212),
        ('<Dial hangupOnStar="1">+12025550122</Dial>', 13213),
        ('<Dial record="always">+12025550122</Dial>', 13217),
        ('<Dial statusCallback="/x">+12025550122</Dial>', 12200),
        ("<Dial><Say>Hello</Say></Dial>", 13215),
        ("<Dial><Client>tom</Client></Dial>", 13215),
        ("<Dial><Conference>a</Conference><Number>+12025550122</Number></Dial>", 13215),
        ("<Dial>+12025550122<Number>+12025550122</Number></Dial>", 12200),
        ("<Dial>" + "<Number>+12025550122</Number>" * 11 + "</Dial>", 12200),
        ('<Dial><Number statusCallbackEvent="answered hungup">+12025550122</Number></Dial>', 12200),
        ('<Dial><Number sendDigits="abc!">+12025550122</Number></Dial>', 13222),
        ('<Dial><Conference beep="loud">a</Conference></Dial>', 13235),
        ('<Dial><Conference muted="TRUE">a</Conference></Dial>', 13230),
        ('<Dial><Conference maxParticipants="251">a</Conference></Dial>', 12200),
        ("""<Dial><Conference statusCallbackEvent="['start', 'end']">a</Conference></Dial>""", 12200),
        (f'<Dial><Conference participantLabel="{"a" * 129}">a</Conference></Dial>', 12200),
        (f"<Enqueue>{'a' * 65}</Enqueue>", 12200),
        ("<Leave/>", 12200),
    ],
)
def test_a_document_that_is_not_quite_right(verbs: str, code: int) -> None:
    assert code in problems(verbs)


@pytest.mark.parametrize(
    "verbs",
    [
        '<Say voice="Polly.Joanna-Neural" language="en-US">Hello <break time="1s"/> <emphasis>you</emphasis></Say>',
        '<Say voice="Google.es-US-Neural2-A" language="es-US">Hola</Say>',
        '<Gather input="dtmf speech" timeout="auto" speechTimeout="auto" finishOnKey="" hints="heat, cold"/>',
        '<Gather action="/a?b=c&amp;d=e" numDigits="10"><Say>A</Say><Play>/a.mp3</Play><Pause/></Gather>',
        '<Dial callerId="+18005550100" timeout="20" action="/x"><Number url="/s">+12025550122</Number></Dial>',
        '<Dial><Conference statusCallbackEvent="start end join leave" beep="onEnter" coach="">a</Conference></Dial>',
        '<Dial record="true">+12025550122</Dial>',
        '<Record transcribe="true" recordingStatusCallbackEvent="in-progress completed absent"/>',
        "<!-- a remark --><Hangup/>",
    ],
)
def test_a_document_that_is_right(verbs: str) -> None:
    assert problems(verbs) == []


@pytest.mark.parametrize(
    ("kind", "verbs", "code"),
    [
        (DocumentKind.SCREENING, f"<Dial>{TECHNICIAN}</Dial>", 13201),
        (DocumentKind.SCREENING, "<Record/>", 12200),
        (DocumentKind.ROOM_SOUND, "<Gather/>", 13238),
        (DocumentKind.ROOM_SOUND, "<Hangup/>", 13238),
        (DocumentKind.QUEUE_WAIT, "<Enqueue>line</Enqueue>", 12200),
        (DocumentKind.QUEUE_WAIT, "<Record/>", 12200),
        (DocumentKind.FROM_QUEUE, "<Gather/>", 13320),
    ],
)
def test_a_verb_in_a_document_that_may_not_hold_it(kind: DocumentKind, verbs: str, code: int) -> None:
    assert problems(verbs, kind) == [code]


@pytest.mark.parametrize(
    ("body", "content_type", "code"),
    [
        (b"<Response>", "text/xml", 12100),
        (b"<Answer/>", "text/xml", 12100),
        (b" <?xml version='1.0'?><Response/>", "text/xml", 12100),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><Response>&b;</Response>", "text/xml", 12100),
        (b"<Response>" + b" " * 70_000 + b"</Response>", "text/xml", 12100),
        (b"\xff\xfe", "text/xml", 12100),
        (b"{}", "application/json", 12300),
        (b"<Response/>", "", 12300),
    ],
)
def test_what_is_no_document_at_all(body: bytes, content_type: str, code: int) -> None:
    with pytest.raises(DocumentError) as error:
        parse(body, content_type, HERE, DocumentKind.CALL)
    assert error.value.code == code


@pytest.mark.parametrize("content_type", ["text/xml", "application/xml", "text/html", "text/plain"])
def test_types_that_are_documents(content_type: str) -> None:
    assert len(parse(b"<Response><Hangup/></Response>", content_type, HERE, DocumentKind.CALL).verbs) == 1


def test_a_strict_network_stops_the_test_at_the_fault(lab: Lab) -> None:
    lab.serve(voice="<Say Voice='man'>Hello</Say>")
    with pytest.raises(AssertionError, match=r"12200 Schema validation warning: attribute 'Voice'"):
        lab.caller.dials(LINE)


def test_a_lenient_one_passes_it_over_as_twilio_does(labs: Labs) -> None:
    lab = labs(strict=False)
    lab.serve(voice="<Shout/><Say Voice='man'>Hello</Say>")
    lab.caller.dials(LINE).hears("hello")
    assert len(lab.exchange.faults) == 2


def test_a_status_callback_answered_with_a_document_is_a_fault(lab: Lab) -> None:
    lab.serve(voice="<Hangup/>", status="<Say>Hello</Say>")
    with pytest.raises(AssertionError, match="15003"):
        lab.caller.dials(LINE)


def test_a_status_callback_answered_with_an_error_is_a_fault(lab: Lab) -> None:
    lab.serve(voice="<Hangup/>", status=Response("oh", 500))
    with pytest.raises(AssertionError, match="15003"):
        lab.caller.dials(LINE)


def test_an_empty_response_to_a_status_callback_is_fine(lab: Lab) -> None:
    lab.serve(voice="<Hangup/>", status="")
    lab.caller.dials(LINE).waits(1)
    assert lab.asked("status")
