"""What the network does since April 2026, and what another interpreter of its documents showed: a test a sentence."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from simulator_tests.lab import ACCOUNT, CALLER, LINE, OPERATOR, ORIGIN, STEPS, TECHNICIAN, TOKEN, Lab, Labs
from twilio_simulator import InProcessTwilio, SharedKey, Switches

ROOM = "<Dial><Conference>talk</Conference></Dial>"
FOUND = ("TN-Validation-Passed-A", "TN-Validation-Passed-C", "TN-Validation-Failed-B", "No-TN-Validation")


def create(lab: Lab, **more: Any) -> Any:
    return lab.twilio.calls.create(**{"to": TECHNICIAN, "from_": LINE, "url": f"{ORIGIN}/out", **more})


def number_of(lab: Lab) -> Any:
    """Without the specification, whose pattern of a SID forbids the empty one that takes it away."""
    client = Client(ACCOUNT, TOKEN, http_client=InProcessTwilio(lab.exchange.rest))
    return client.incoming_phone_numbers.list(phone_number=LINE)[0]


class TestLists:
    def test_without_a_status_only_conferences_in_progress_are_listed(self, lab: Lab) -> None:
        """Starting from September 30th, 2026, the default is in-progress."""
        lab.serve(voice=ROOM)
        sid = lab.meet()
        conferences = lab.twilio.conferences
        assert [room.sid for room in conferences.list()] == [sid]
        conferences(sid).update(status="completed")
        assert conferences.list() == conferences.list(friendly_name="talk") == []

    def test_ended_conferences_are_listed_by_their_status(self, lab: Lab) -> None:
        """To read completed conferences, set Status to completed."""
        lab.serve(voice=ROOM)
        sid = lab.meet()
        lab.twilio.conferences(sid).update(status="completed")
        assert [room.sid for room in lab.twilio.conferences.list(status="completed")] == [sid]

    @pytest.mark.parametrize("milliseconds", [0, 1, 500, 999])
    def test_moments_are_whole_seconds(self, lab: Lab, milliseconds: int) -> None:
        """RFC 2822 has no fractions: date_created, start_time and end_time are the second before."""
        lab.exchange.advance(milliseconds / 1000)
        call = create(lab)
        now = lab.clock.now()
        assert call.date_created == now.replace(microsecond=0)
        lab.technician.rings()
        started = lab.twilio.calls(call.sid).fetch().start_time
        assert started == now.replace(microsecond=0)
        assert len(lab.twilio.calls.list(start_time_after=now)) == 1

    @pytest.mark.parametrize("has_started", [False, True])
    def test_a_queued_call_has_no_start_time(self, labs: Labs, *, has_started: bool) -> None:
        """start_time is empty until the call is dialled; whether a list by StartTime has it then is a switch."""
        lab = labs(Switches(queued_calls_have_started=has_started))
        create(lab, to=OPERATOR)
        queued = create(lab)
        lab.exchange.settle()
        assert queued.fetch().start_time is None
        listed = lab.twilio.calls.list(to=TECHNICIAN, start_time_after=lab.clock.now() - timedelta(days=1))
        assert [call.sid for call in listed] == ([queued.sid] if has_started else [])
        assert [call.sid for call in lab.twilio.calls.list(to=TECHNICIAN)] == [queued.sid]

    def test_a_queued_call_sends_no_callback(self, lab: Lab) -> None:
        """A call that the network has queued sends no status callback until it is dialled."""
        create(lab, to=OPERATOR)
        create(lab, **STEPS)
        lab.exchange.advance(0.9)
        assert lab.asked("steps") == []
        lab.exchange.advance(0.2)
        assert lab.last("steps")["CallStatus"] == "initiated"


class TestNumbersThatLeadElsewhere:
    @pytest.mark.parametrize(
        "elsewhere",
        [
            {"voice_application_sid": "AP" + "1" * 32},
            {"trunk_sid": "TK" + "1" * 32},
            {"voice_receive_mode": "fax"},
        ],
        ids=lambda elsewhere: next(iter(elsewhere)),
    )
    def test_its_urls_are_ignored_until_that_is_taken_away(self, lab: Lab, elsewhere: dict[str, str]) -> None:
        """If a voice_application_sid or a trunk_sid is present, we ignore all of the voice urls."""
        lab.serve(voice="<Say>Hello.</Say>")
        number = number_of(lab)
        number.update(**elsewhere)
        lab.caller.dials(LINE)
        assert lab.caller.ended
        assert lab.app.asked == []
        number.update(voice_application_sid="", trunk_sid="", voice_receive_mode="voice")
        lab.caller.dials(LINE).hears("Hello")

    @pytest.mark.parametrize("ignores", [False, True])
    def test_whether_fax_mode_ignores_them_is_a_switch(self, labs: Labs, *, ignores: bool) -> None:
        lab = labs(Switches(fax_mode_ignores_urls=ignores))
        lab.serve(voice="<Say>Hello.</Say>")
        number_of(lab).update(voice_receive_mode="fax")
        lab.caller.dials(LINE)
        assert bool(lab.asked("voice")) is not ignores

    def test_an_application_and_a_trunk_exclude_each_other(self, lab: Lab) -> None:
        """Setting a voice_application_sid will automatically delete your trunk_sid and vice versa."""
        number = number_of(lab)
        for sids in ((("AP" + "1" * 32), None), (None, "TK" + "1" * 32)):
            name, sid = ("voice_application_sid", sids[0]) if sids[0] else ("trunk_sid", sids[1])
            number.update(**{name: sid})
            now = number.fetch()
            assert (now.voice_application_sid, now.trunk_sid) == sids

    def test_a_sid_that_is_none_is_refused(self, lab: Lab) -> None:
        with pytest.raises(TwilioRestException):
            number_of(lab).update(trunk_sid="elsewhere")

    def test_toll_free_numbers_have_a_list_of_their_own(self, lab: Lab) -> None:
        """IncomingPhoneNumbers has the subresources Local, Mobile and TollFree, and lists all of them itself."""
        lab.exchange.add_number("+12025550199", voice_url=f"{ORIGIN}/voice")
        client = Client(ACCOUNT, TOKEN, http_client=InProcessTwilio(lab.exchange.rest))
        numbers = client.incoming_phone_numbers
        assert [one.phone_number for one in numbers.toll_free.list()] == [LINE]
        assert [one.phone_number for one in numbers.local.list()] == ["+12025550199"]
        assert numbers.mobile.list() == []
        assert [one.phone_number for one in numbers.list()] == [LINE, "+12025550199"]


class TestWebhooks:
    @pytest.mark.parametrize("found", FOUND)
    def test_inbound_webhooks_say_whether_the_number_is_the_callers(self, lab: Lab, found: str) -> None:
        """StirVerstat: the SHAKEN/STIR result of an inbound call."""
        lab.serve(voice="<Gather action='/next'/>", next="<Hangup/>")
        lab.caller.dials(LINE, stir_verstat=found).presses("1#")
        assert {lab.last(path)["StirVerstat"] for path in ("voice", "next", "status")} == {found}
        assert lab.twilio.calls(lab.caller.sid).fetch().stir_verstat == found

    def test_a_number_that_is_not_the_own_does_not_pass(self, lab: Lab) -> None:
        lab.serve(voice="<Hangup/>")
        lab.caller.dials(LINE)
        lab.caller.dials(LINE, caller_id="+12025550188")
        assert [asked["StirVerstat"] for asked in lab.asked("voice")] == [FOUND[0], "No-TN-Validation"]

    def test_what_we_ring_ourselves_has_none(self, lab: Lab) -> None:
        """Empty if the incoming call had no STIR/SHAKEN information; an outbound call is no incoming one."""
        lab.serve(out="<Hangup/>")
        sid = create(lab).sid
        lab.technician.rings().answers()
        assert "StirVerstat" not in lab.last("out")
        assert lab.twilio.calls(sid).fetch().stir_verstat is None

    @pytest.mark.parametrize("arrives", [False, True])
    def test_the_idempotency_token_is_always_sent_and_a_proxy_may_strip_it(
        self, labs: Labs, *, arrives: bool
    ) -> None:
        lab = labs(Switches(idempotency_token_arrives=arrives))
        lab.serve(voice="<Hangup/>")
        lab.caller.dials(LINE)
        for sent in lab.exchange.webhooks.sent:
            assert ("I-Twilio-Idempotency-Token" in sent.headers) is arrives

    def test_a_shared_key_signs_in_place_of_the_token(self, labs: Labs) -> None:
        """Only the hash changes. The signed string is still the full URL followed by the sorted POST parameters."""
        lab = labs(strict=False)
        lab.exchange.shared_key = SharedKey("a-key", "a secret")
        lab.caller.dials(LINE)
        asked = lab.exchange.webhooks.sent[0]
        assert asked.headers["X-Twilio-Webhooks-Signature-Settings"] == "key=a-key,algorithm=HMAC_SHA256"
        assert lab.asked("voice") == []  # the application knows only the token

    def test_the_hash_of_a_shared_key(self) -> None:
        """The figure was worked out by openssl dgst -sha256 -hmac, not by this program."""
        headers = SharedKey("a-key", "a secret").headers(f"{ORIGIN}/voice", {"To": LINE, "From": CALLER})
        assert headers["X-Twilio-Signature"] == "/4LgC4d5E6lqzLmBmQfCfsFtF+FPEmzuiEe9XHwNn4Q="


class TestNewParameters:
    def test_a_call_takes_passports_and_a_recording_configuration(self, lab: Lab) -> None:
        """New and optional: Passports, RecordingConfigurationId. Nothing else is different with them."""
        assert create(lab, passports="cGFzc3BvcnQ=", recording_configuration_id="a-configuration").sid
        lab.technician.rings()

    def test_a_participant_takes_what_an_emergency_call_says(self, lab: Lab) -> None:
        """New and optional: Emergency*."""
        lab.twilio.conferences("talk").participants.create(
            from_=LINE,
            to=TECHNICIAN,
            emergency_name="Acme",
            emergency_zip_code="94107",
            emergency_country="US",
        )
        lab.technician.rings()


def test_nothing_pins_the_certificate_of_rest() -> None:
    """REST certificates move to another authority from 26 January 2027: nothing may pin them."""
    source = Path(__file__).parents[1] / "src" / "twilio_simulator"
    pins = re.compile(r"assert_fingerprint|ca_certs|cafile|load_verify_locations|verify=|\.pem\b|\.crt\b")
    found = [file.name for file in source.rglob("*.py") if pins.search(file.read_text(encoding="utf-8"))]
    assert found == []


def test_a_phone_that_asks_for_its_owner_is_in_progress_like_any_answer(lab: Lab) -> None:
    """On Twilio this is in-progress, its speech arrives as SpeechResult of a listening Gather and cuts the prompt."""
    lab.serve(
        out="<Gather input='speech dtmf' action='/heard'><Say>This is Acme. You asked us to call you back.</Say>"
        "</Gather>",
        heard="<Say>Somebody spoke.</Say><Pause length='60'/>",
    )
    call = create(lab)
    lab.technician.rings().answers().hears("This is Acme").says(
        "Please say your name and why you are calling."
    )
    lab.technician.hears("Somebody spoke", within=20)
    assert lab.twilio.calls(call.sid).fetch().status == "in-progress"
    assert lab.last("heard")["SpeechResult"] == "Please say your name and why you are calling."
