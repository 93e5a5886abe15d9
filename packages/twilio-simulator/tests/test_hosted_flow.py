"""A flow that Twilio hosts, rung: when it stands on the number, and when the application behind the number is dead."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Response

from simulator_tests.flows import Json, continuity, definition, match, say, split, widget
from simulator_tests.lab import ACCOUNT, CALLER, LINE, OPERATOR, ORIGIN, TECHNICIAN, TOKEN, Lab, Labs
from twilio_simulator import Switches
from twilio_simulator.client import InProcessTwilio
from twilio_simulator.studio.comparisons import COMPARISONS, holds


def host(lab: Lab, given: Json, *, fallback: bool = False, status: str = "published") -> Any:
    """The flow at the number, in place of the application or behind it."""
    flow = lab.twilio.studio.v2.flows.create(friendly_name="Flow", status=status, definition=given)
    [number] = lab.twilio.incoming_phone_numbers.list()
    number.update(**{"voice_fallback_url" if fallback else "voice_url": flow.webhook_url})
    return lab.twilio.studio.v2.flows(flow.sid)


def heard(flow: Any) -> dict[str, Any]:
    """The context of the newest execution."""
    context: dict[str, Any] = flow.executions.list()[0].execution_context().fetch().context
    return context


def events(flow: Any) -> list[str]:
    """How the newest execution went from widget to widget."""
    return [step.name for step in flow.executions.list()[0].steps.list()][::-1]


def test_it_answers_without_the_application(lab: Lab) -> None:
    flow = host(lab, definition(say("hello", "Hello, {{contact.channel.address}}.")))
    lab.caller.dials(LINE).hears(f"Hello, {CALLER}.").waits(10)
    assert lab.caller.ended
    assert lab.asked("voice") == []
    assert heard(flow)["trigger"]["call"]["CallSid"] == lab.caller.sid
    assert events(flow) == ["incomingCall", "audioComplete"]
    [number] = lab.twilio.incoming_phone_numbers.list()
    assert number.voice_url == flow.fetch().webhook_url


@pytest.mark.parametrize(
    ("trouble", "code"), [("connect", "11205"), (503, "11200"), (404, "11200"), ("slow", "11205")]
)
def test_it_answers_when_the_application_is_dead(lab: Lab, trouble: Any, code: str) -> None:
    flow = host(lab, continuity(), fallback=True)
    lab.exchange.forgive(int(code))
    match trouble:
        case "connect":
            lab.exchange.trouble.fail_fetch("*/voice", "connect")
            lab.exchange.trouble.fail_fetch("*/voice", "connect")  # Twilio tries twice
        case "slow":
            lab.exchange.trouble.slow("*/voice", 15)
        case _:
            lab.serve(voice=Response(status=trouble))
    lab.caller.dials(LINE).hears("press 1", within=16).hangs_up()
    assert heard(flow)["trigger"]["call"]["ErrorCode"] == code
    assert heard(flow)["trigger"]["call"]["ErrorUrl"] == f"{ORIGIN}/voice"
    assert events(flow) == ["incomingCall"]


def test_it_is_not_asked_while_the_application_lives(lab: Lab) -> None:
    flow = host(lab, continuity(), fallback=True)
    lab.serve(voice="<Say>We are here.</Say>")
    lab.caller.dials(LINE).hears("We are here.").waits(30)
    assert flow.executions.list() == []


def test_a_key_rings_a_person(lab: Lab) -> None:
    flow = host(lab, continuity())
    lab.caller.dials(LINE).hears("press 1").presses("1")
    lab.technician.rings().answers()
    assert lab.technician.phone.last_leg is not None
    assert lab.technician.phone.last_leg.shown == CALLER
    assert lab.caller.is_talking_to(lab.technician)
    lab.technician.says("How can I help?")
    lab.caller.waits(30)
    lab.technician.hangs_up()
    lab.caller.waits(1)
    assert lab.caller.ended
    ring = heard(flow)["widgets"]["ring"]
    assert (ring["DialCallStatus"], ring["DialCallDuration"]) == ("completed", "30")
    assert events(flow) == ["incomingCall", "keypress", "match", "callCompleted", "match"]


def test_nobody_answers_and_a_message_is_left(lab: Lab) -> None:
    flow = host(lab, continuity())
    lab.caller.dials(LINE).hears("press 1").presses("1")
    lab.technician.rings()
    lab.caller.hears("leave a message", within=30).waits(3).says("Our furnace is cold.").stays_silent()
    lab.caller.hears(f"We will ring {CALLER}.").waits(10)
    message = heard(flow)["widgets"]["message"]
    [recording] = lab.twilio.recordings.list(call_sid=lab.caller.sid)
    assert (message["RecordingSid"], message["RecordingDuration"]) == (recording.sid, recording.duration)
    assert message["RecordingUrl"] == recording.media_url
    assert lab.exchange.recordings.clips[recording.sid].words == "Our furnace is cold."
    status, sound = InProcessTwilio(lab.exchange.rest).download(
        f"{recording.uri[:-5]}.wav", (ACCOUNT, TOKEN), 10**7
    )
    assert (status, sound[:4]) == (200, b"RIFF")
    assert heard(flow)["widgets"]["ring"]["DialCallStatus"] == "no-answer"


@pytest.mark.parametrize("tells", [True, False])
def test_the_caller_hangs_up_in_the_message(labs: Labs, *, tells: bool) -> None:
    """The recording is there in any case; whether the context names it, nobody promises."""
    lab = labs(Switches(studio_hears_of_hang_up=tells))
    flow = host(lab, continuity())
    lab.caller.dials(LINE).hears("leave a message").waits(3).says("Our furnace is cold.").hangs_up()
    assert events(flow)[-2:] == ["hangup", "next"]
    [recording] = lab.twilio.recordings.list(call_sid=lab.caller.sid)
    told = heard(flow)["widgets"].get("message", {})
    assert told.get("RecordingSid") == (recording.sid if tells else None)
    assert heard(flow)["flow"]["variables"] == {"gone": "yes"}
    assert [sent.url for sent in lab.exchange.webhooks.sent] == [f"{ORIGIN}/status"]


def test_the_caller_hangs_up_while_it_rings(lab: Lab) -> None:
    flow = host(lab, continuity())
    lab.caller.dials(LINE).hears("press 1").presses("1")
    lab.technician.rings()
    lab.caller.hangs_up()
    assert lab.technician.phone.state == "idle"
    assert events(flow) == ["incomingCall", "keypress", "match", "hangup"]
    assert flow.executions.list()[0].status == "ended"


@pytest.mark.parametrize("notices", [True, False])
def test_nobody_tells_the_flow_that_a_caller_is_gone(labs: Labs, *, notices: bool) -> None:
    """The status callback goes to the application, which may be dead: the execution stays active."""
    lab = labs(Switches(studio_notices_every_hang_up=notices))
    flow = host(lab, continuity())
    lab.caller.dials(LINE).hears("press 1").hangs_up().waits(60)
    assert flow.executions.list()[0].status == ("ended" if notices else "active")


@pytest.mark.parametrize("way", ["straight", "by redirect"])
def test_a_status_callback_tells_the_flow(lab: Lab, way: str) -> None:
    flow = host(lab, continuity())
    [number] = lab.twilio.incoming_phone_numbers.list()
    if way == "straight":
        number.update(status_callback=flow.fetch().webhook_url)
    else:
        lab.serve(status=Response(status=302, headers={"Location": flow.fetch().webhook_url}))
    lab.caller.dials(LINE).hears("press 1").hangs_up()
    assert flow.executions.list()[0].status == "ended"


def test_one_call_at_a_time(lab: Lab) -> None:
    """Where a flow says so, what stays active keeps its caller out."""
    flow = host(lab, {**continuity(), "flags": {"allow_concurrent_calls": False}})
    lab.caller.dials(LINE).hears("press 1").hangs_up()
    lab.caller.dials(LINE).hears("out of service").waits(10)
    lab.technician.dials(LINE).hears("press 1").hangs_up()
    flow.executions.list()[-1].update(status="ended")
    lab.caller.dials(LINE).hears("press 1")


def test_the_application_sends_callers_on_to_the_flow(lab: Lab) -> None:
    """With an answer of HTTP, as a proxy may whose application is down."""
    flow = lab.twilio.studio.v2.flows.create(
        friendly_name="Flow", status="published", definition=definition(say("hello", "From the flow."))
    )
    lab.serve(voice=Response(status=302, headers={"Location": flow.webhook_url}))
    lab.caller.dials(LINE).hears("From the flow.")


def test_silence_is_no_message(lab: Lab) -> None:
    host(lab, continuity())
    lab.caller.dials(LINE).hears("leave a message").hears("We heard nothing.").waits(10)
    assert lab.caller.ended


def test_words_are_heard_only_where_they_lead_somewhere(lab: Lab) -> None:
    question = {"say": "Press 1.", "number_of_digits": 1}
    menu = widget("menu", "gather-input-on-call", question, keypress="thanks", speech=None, timeout=None)
    host(lab, definition(menu, say("thanks", "Thank you.")))
    lab.caller.dials(LINE).hears("Press 1.")
    lab.caller.phone.say("hello?")
    lab.caller.waits(2).presses("1").hears("Thank you.")


def test_what_is_said_leads_on(lab: Lab) -> None:
    menu = widget("menu", "gather-input-on-call", {"say": "Yes?"}, keypress=None, speech="said", timeout=None)
    flow = host(lab, definition(menu, say("said", "You said {{widgets.menu.SpeechResult}}.")))
    lab.caller.dials(LINE).hears("Yes?").says("good morning").hears("You said good morning.").waits(10)
    assert events(flow) == ["incomingCall", "speech", "audioComplete"]


@pytest.mark.parametrize(
    ("words", "spoken"),
    [
        ('Wait <break time="1s"/> <emphasis level="strong">here</emphasis>.', "Wait here."),
        ("Smith & Sons", "Smith & Sons"),
        ("less < more", "less < more"),
    ],
)
def test_words_may_have_marks_of_ssml(lab: Lab, words: str, spoken: str) -> None:
    host(lab, definition(say("words", words)))
    lab.caller.dials(LINE)
    assert [one.text for one in lab.caller.phone.transcript if one.kind == "heard-say"] == [spoken]


def test_it_speaks_two_languages(lab: Lab) -> None:
    host(
        lab,
        definition(
            say("english", "We are closed.", "spanish"), say("spanish", "Está cerrado.", None, "es-US")
        ),
    )
    lab.caller.dials(LINE).hears("We are closed.").hears("Está cerrado.")
    assert [one.language for one in lab.caller.phone.transcript if one.kind == "heard-say"] == [
        "en-US",
        "es-US",
    ]


def test_a_draft_answers_nobody(lab: Lab) -> None:
    flow = host(lab, definition(say("hello", "Hello.")), status="draft")
    lab.exchange.forgive(11200)
    lab.caller.dials(LINE).hears("an application error has occurred")
    assert flow.executions.list() == []


def test_a_draft_leaves_what_is_published(lab: Lab) -> None:
    flow = host(lab, definition(say("hello", "Hello.")))
    flow.update(status="draft", definition=definition(say("hello", "Not yet.")))
    lab.caller.dials(LINE).hears("Hello.")
    assert flow.executions.list()[0].flow_version == 1


def test_a_flow_that_is_gone_answers_nobody(lab: Lab) -> None:
    host(lab, definition(say("hello", "Hello."))).delete()
    lab.exchange.forgive(11200)
    lab.caller.dials(LINE).hears("an application error has occurred")


HOURS = definition(
    split("hour", "{{ 'now' | date: '%H' }}", {"07": "pacific", "15": "universal"}),
    say("pacific", "Seven."),
    say("universal", "Fifteen."),
)


@pytest.mark.parametrize(("zone", "said"), [("America/Los_Angeles", "Seven."), ("UTC", "Fifteen.")])
def test_the_hour_is_that_of_the_zone_of_studio(labs: Labs, zone: Any, said: str) -> None:
    lab = labs(Switches(studio_zone=zone))
    host(lab, HOURS)
    lab.caller.dials(LINE).hears(said)


def test_a_flow_that_goes_round_is_stopped(lab: Lab) -> None:
    flow = host(lab, definition(say("again", "Again.", "again")))
    lab.exchange.forgive(81001)
    lab.caller.dials(LINE).waits(60)
    assert lab.caller.ended
    assert events(flow) == ["incomingCall"] + ["audioComplete"] * 10
    assert "81001 Widget has exceeded max steps in a loop" in lab.exchange.log[-1]


def test_a_flow_that_goes_round_by_two_is_stopped_later(lab: Lab) -> None:
    numbers = {"variables": [{"key": "n", "value": "{{ flow.variables.n | plus: 1 }}"}]}
    flow = host(
        lab,
        definition(
            widget("one", "set-variables", numbers, next="two"),
            widget("two", "set-variables", numbers, next="one"),
        ),
    )
    lab.exchange.forgive(81000)
    lab.caller.dials(LINE)
    assert heard(flow)["flow"]["variables"] == {"n": "999"}


def test_all_conditions_of_a_match_must_hold(lab: Lab) -> None:
    both = match("{{trigger.call.From}}", "starts_with", "+1202", "near")
    both["conditions"] += match("{{trigger.call.To}}", "contains", "999", None)["conditions"]
    which = split("which", "{{trigger.call.From}}", {}, "far")
    which["transitions"].append(both)
    host(lab, definition(which, say("near", "Near."), say("far", "Far.")))
    lab.caller.dials(LINE).hears("Far.")


@pytest.mark.parametrize(
    ("comparison", "said", "value", "answer"),
    [
        ("equal_to", "Yes ", "yes", True),
        ("equal_to", "", "1", False),
        ("not_equal_to", "2", "1", True),
        ("matches_any_of", "y", "Y, yes", True),
        ("matches_any_of", "ye", "Y, yes", False),
        ("does_not_match_any_of", "no", "Y, yes", True),
        ("is_blank", " ", "", True),
        ("is_not_blank", "1", "", True),
        ("contains", "my Sales team", "sales", True),
        ("does_not_contain", "support", "sales", True),
        ("starts_with", "+12025550111", "+1202", True),
        ("does_not_start_with", "+12025550111", "+44", True),
        ("less_than", "9", "10", True),
        ("greater_than", "9", "10", False),
        ("regex", "12", "[0-9]{2}", True),
        ("regex", "Yes", "yes", False),
    ],
)
def test_what_a_split_asks(comparison: str, said: str, value: str, *, answer: bool) -> None:
    assert comparison in COMPARISONS
    assert holds(comparison, said, value) is answer


def test_several_ring_at_once_and_see_the_number_that_they_are_to_see(lab: Lab) -> None:
    both = {
        "noun": "number-multi",
        "to": f"{TECHNICIAN}, {OPERATOR}",
        "caller_id": "{{flow.channel.address}}",
    }
    host(lab, definition(widget("ring", "connect-call-to", both, callCompleted=None)))
    lab.caller.dials(LINE)
    lab.technician.rings()
    lab.operator.rings().answers()
    assert lab.operator.phone.last_leg is not None
    assert lab.operator.phone.last_leg.shown == LINE
    assert lab.technician.phone.state == "idle"
    assert lab.caller.is_talking_to(lab.operator)


def test_no_key_ends_a_message_unless_one_is_named(lab: Lab) -> None:
    message = widget("message", "record-voicemail", {"timeout": 3}, recordingComplete="thanks", noAudio=None)
    host(lab, definition(message, say("thanks", "Thank you.")))
    lab.caller.dials(LINE).waits(1).says("Our furnace")
    lab.caller.presses("0#*", anyway=True).does_not_hear("Thank you.", for_seconds=2).hears("Thank you.")


def test_a_flow_screens_whoever_is_rung(lab: Lab) -> None:
    """It has ended when they talk, and they have not."""
    flow = host(lab, definition(say("brief", "A customer.")), fallback=True)
    url = flow.fetch().webhook_url
    lab.serve(voice=f'<Dial><Number url="{url}">{TECHNICIAN}</Number></Dial>')
    lab.caller.dials(LINE)
    lab.technician.rings().answers().hears("A customer.").waits(5)
    assert lab.technician.is_talking_to(lab.caller)
    assert flow.executions.list()[0].status == "ended"


def test_a_call_is_sent_into_a_flow(lab: Lab) -> None:
    """By a document that redirects to it, and by REST, on a call that we placed."""
    flow = host(lab, definition(say("hello", "From the flow.")), fallback=True)
    lab.serve(voice=f"<Redirect>{flow.fetch().webhook_url}?FlowEvent=return</Redirect>")
    lab.caller.dials(LINE).hears("From the flow.").waits(10)
    lab.twilio.calls.create(to=TECHNICIAN, from_=LINE, url=flow.fetch().webhook_url)
    lab.technician.rings().answers().hears("From the flow.")
    assert heard(flow)["contact"]["channel"]["address"] == TECHNICIAN


def test_a_call_is_taken_out_of_a_flow(lab: Lab) -> None:
    flow = host(lab, continuity())
    [number] = lab.twilio.incoming_phone_numbers.list()
    number.update(status_callback=flow.fetch().webhook_url)
    lab.serve(other="<Say>Somewhere else.</Say>")
    lab.caller.dials(LINE).hears("press 1")
    lab.twilio.calls(lab.caller.sid).update(url=f"{ORIGIN}/other")
    lab.caller.hears("Somewhere else.").waits(10)
    assert flow.executions.list()[0].status == "ended"


def test_fifty_callers_at_once(lab: Lab) -> None:
    """Every one of them is asked, leaves a message, hangs up or not, and is found again by it."""
    flow = host(lab, continuity(), fallback=True)
    lab.exchange.forgive(11200)
    phones = [lab.exchange.phone(f"+120255502{number:02}") for number in range(50)]
    for phone in phones:
        phone.dial(LINE)
    lab.exchange.advance(10)
    for number, phone in enumerate(phones):
        phone.say(f"Message {number}.")
    lab.exchange.advance(1)
    for phone in phones[::2]:
        phone.hang_up()
    others = flow.executions.list(status="active")
    assert len(others) == 25
    assert not any("message" in one.execution_context().fetch().context["widgets"] for one in others)
    lab.exchange.advance(30)
    executions = flow.executions.list(date_created_from=lab.clock.now() - timedelta(minutes=5), page_size=20)
    assert len(executions) == 50
    said = {}
    for execution in executions:
        message = execution.execution_context().fetch().context["widgets"]["message"]
        said[execution.contact_channel_address] = lab.exchange.recordings.clips[message["RecordingSid"]].words
    assert said == {phone.number: f"Message {number}." for number, phone in enumerate(phones)}
