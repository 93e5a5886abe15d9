"""Conferences, participants, queues and numbers over REST."""

from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException

from simulator_tests.lab import LINE, OPERATOR, ORIGIN, TECHNICIAN, Lab, Labs
from twilio_simulator import Switches

ALL = "start end join leave mute hold modify announcement"
ROOM = f'<Dial action="/after"><Conference statusCallback="/room" statusCallbackEvent="{ALL}">talk</Conference></Dial>'


def add(lab: Lab, **more: Any) -> Any:
    return lab.twilio.conferences("talk").participants.create(**{"from_": LINE, "to": TECHNICIAN, **more})


def participant(lab: Lab, sid: str, key: str) -> Any:
    return lab.twilio.conferences(sid).participants(key)


def refusal_of(act: Any) -> int:
    with pytest.raises(TwilioRestException) as refusal:
        act()
    code: int = refusal.value.code
    return code


class TestParticipants:
    @pytest.fixture(autouse=True)
    def _after(self, lab: Lab) -> None:
        lab.serve(after="<Hangup/>")

    def test_a_create_answers_with_what_is_needed_to_follow_it(self, lab: Lab) -> None:
        added = add(lab, label="technician")
        assert (added.status, added.label, added.queue_time) == ("queued", "technician", "0")
        assert added.call_sid in lab.exchange.legs
        assert lab.twilio.conferences(added.conference_sid).fetch().status == "init"

    def test_an_active_conference_of_that_name_is_joined(self, lab: Lab) -> None:
        lab.serve(voice=ROOM)
        sid = lab.meet()
        assert lab.caller.is_talking_to(lab.technician)
        assert add(lab, to=OPERATOR).conference_sid == sid

    def test_by_sid_only_an_active_conference(self, lab: Lab) -> None:
        lab.serve(voice=ROOM)
        sid = lab.meet()
        lab.twilio.conferences(sid).participants.create(from_=LINE, to=OPERATOR)
        lab.twilio.conferences(sid).update(status="completed")
        again = lab.twilio.conferences(sid).participants
        assert refusal_of(lambda: again.create(from_=LINE, to=OPERATOR)) == 20404

    def test_a_room_name_with_a_space_works(self, lab: Lab) -> None:
        lab.twilio.conferences("talk of two").participants.create(from_=LINE, to=TECHNICIAN)
        assert lab.exchange.rooms.active("talk of two")

    @pytest.mark.parametrize(
        ("more", "code"), [({"to": "911"}, 21211), ({"from_": TECHNICIAN, "to": OPERATOR}, 21210)]
    )
    def test_numbers_are_checked(self, lab: Lab, more: dict[str, str], code: int) -> None:
        assert refusal_of(lambda: add(lab, **more)) == code

    def test_a_label_is_unique(self, lab: Lab) -> None:
        add(lab, label="technician")
        assert refusal_of(lambda: add(lab, to=OPERATOR, label="technician")) == 16025

    def test_by_call_sid_or_by_label(self, lab: Lab) -> None:
        lab.serve(voice=ROOM)
        sid = lab.meet()
        assert participant(lab, sid, "technician").fetch().call_sid == lab.technician.sid
        assert participant(lab, sid, lab.technician.sid).fetch().status == "connected"

    @pytest.mark.parametrize(("act", "status"), [("declines", "busy"), ("ignores", "no-answer")])
    def test_who_is_never_reached_is_add_failed_and_the_others_are_not_told(
        self, lab: Lab, act: str, status: str
    ) -> None:
        lab.serve(voice=ROOM)
        lab.caller.dials(LINE)
        added = add(lab, timeout=10, status_callback=f"{ORIGIN}/steps")
        lab.technician.rings()
        getattr(lab.technician, act)()
        assert lab.last("steps")["CallStatus"] == status
        assert lab.last("room")["StatusCallbackEvent"] == "participant-leave"
        assert lab.last("room")["ReasonParticipantLeft"] == "participant_add_failed"
        assert lab.last("room")["ParticipantCallStatus"] == status
        lab.caller.waits(60)
        assert lab.caller.hears_music
        assert refusal_of(lambda: participant(lab, added.conference_sid, added.call_sid).fetch()) == 20404

    def test_while_it_rings_it_is_listed_as_ringing(self, lab: Lab) -> None:
        added = add(lab)
        lab.technician.rings()
        assert participant(lab, added.conference_sid, added.call_sid).fetch().status == "ringing"

    def test_hold_plays_the_hold_document_asked_with_get(self, lab: Lab) -> None:
        lab.serve(voice=ROOM, hold="<Say>One moment.</Say><Redirect method='GET'/>")
        sid = lab.meet()
        participant(lab, sid, lab.caller.sid).update(hold=True, hold_url=f"{ORIGIN}/hold")
        lab.caller.hears("one moment").hears("one moment")
        assert {asked.method for asked in lab.app.asked if asked.path == "hold"} == {"GET"}
        assert lab.last("room")["StatusCallbackEvent"] == "participant-hold"
        assert lab.last("room")["Hold"] == "true"
        lab.technician.phone.say("hello")
        lab.caller.does_not_hear("hello", for_seconds=3)

    def test_hold_without_a_document_is_music(self, lab: Lab) -> None:
        lab.serve(voice=ROOM)
        sid = lab.meet()
        participant(lab, sid, lab.caller.sid).update(hold=True)
        lab.caller.hears("music").waits(1)
        assert lab.caller.is_held
        participant(lab, sid, lab.caller.sid).update(hold=False)
        assert not lab.caller.hears_music
        assert [held.call_sid for held in lab.twilio.conferences(sid).participants.list(hold=True)] == []

    def test_muted_is_not_heard(self, lab: Lab) -> None:
        lab.serve(voice=ROOM)
        sid = lab.meet()
        assert participant(lab, sid, lab.technician.sid).update(muted=True).muted
        assert not lab.caller.is_talking_to(lab.technician)
        lab.exchange.settle()
        assert lab.last("room")["StatusCallbackEvent"] == "participant-mute"

    def test_end_conference_on_exit_can_be_given_later(self, lab: Lab) -> None:
        lab.serve(voice=ROOM)
        sid = lab.meet()
        participant(lab, sid, lab.technician.sid).update(end_conference_on_exit=True)
        lab.technician.hangs_up()
        assert lab.last("room")["ReasonConferenceEnded"] == "participant-with-end-conference-on-exit-left"

    def test_a_kicked_caller_goes_on_and_an_added_leg_has_nothing_left(self, lab: Lab) -> None:
        lab.serve(voice=ROOM, after="<Say>After.</Say>")
        sid = lab.meet()
        assert participant(lab, sid, lab.caller.sid).delete()
        lab.caller.hears("after")
        assert participant(lab, sid, lab.technician.sid).delete()
        lab.technician.waits(1)
        assert lab.technician.ended
        assert lab.asked("room")[-1]["ReasonConferenceEnded"] == "last-participant-kicked"

    def test_what_a_kicked_leg_does_is_a_switch(self, labs: Labs) -> None:
        lab = labs(Switches(kicked_leg_goes_on=False))
        lab.serve(voice=ROOM, after="<Say>Not performed.</Say>")
        sid = lab.meet()
        participant(lab, sid, lab.caller.sid).delete()
        lab.caller.waits(1)
        assert lab.caller.ended

    def test_a_participant_that_still_rings_can_be_deleted(self, lab: Lab) -> None:
        lab.serve(voice=ROOM)
        lab.caller.dials(LINE)
        added = add(lab)
        lab.technician.rings()
        assert participant(lab, added.conference_sid, added.call_sid).delete()
        assert not lab.technician.phone.is_ringing

    def test_an_announcement_is_heard_by_one(self, lab: Lab) -> None:
        lab.serve(voice=ROOM, news="<Say>Your time is up.</Say>")
        sid = lab.meet()
        participant(lab, sid, lab.caller.sid).update(announce_url=f"{ORIGIN}/news")
        lab.caller.hears("your time is up")
        lab.technician.does_not_hear("your time is up", for_seconds=5)
        assert lab.last("room")["StatusCallbackEvent"] == "announcement-end"
        assert lab.caller.is_talking_to(lab.technician)

    @pytest.mark.parametrize("moment", ["answer", "ringing"])
    def test_when_a_join_is_told_is_a_switch(self, labs: Labs, moment: str) -> None:
        lab = labs(Switches(participant_join_at=moment))  # type: ignore[arg-type]
        lab.serve(voice=ROOM)
        lab.caller.dials(LINE)
        add(lab)
        lab.technician.rings()
        joins = [told for told in lab.asked("room") if told["StatusCallbackEvent"] == "participant-join"]
        assert len(joins) == (2 if moment == "ringing" else 1)
        lab.technician.answers()
        joins = [told for told in lab.asked("room") if told["StatusCallbackEvent"] == "participant-join"]
        assert len(joins) == 2

    def test_conference_callbacks_of_a_create_default_to_start_and_end(self, lab: Lab) -> None:
        add(lab, conference_status_callback=f"{ORIGIN}/room")
        add(lab, to=OPERATOR)
        lab.technician.rings().answers()
        lab.operator.rings().answers().hangs_up()
        lab.technician.hangs_up()
        told = [event["StatusCallbackEvent"] for event in lab.asked("room")]
        assert told == ["conference-start", "conference-end"]

    def test_the_wait_url_of_a_create(self, lab: Lab) -> None:
        lab.serve(wait="<Say>The caller is coming.</Say>")
        add(lab, wait_url=f"{ORIGIN}/wait")
        lab.technician.rings().answers().hears("the caller is coming")


class TestConferences:
    def test_it_is_ended_for_all(self, lab: Lab) -> None:
        lab.serve(voice=ROOM, after="<Say>After.</Say>")
        sid = lab.meet()
        ended = lab.twilio.conferences(sid).update(status="completed")
        assert (ended.status, ended.reason_conference_ended) == ("completed", "conference-ended-via-api")
        lab.caller.hears("after")
        assert lab.technician.ended
        left = [told for told in lab.asked("room") if told["StatusCallbackEvent"] == "participant-leave"]
        assert {told["ReasonParticipantLeft"] for told in left} == {"conference_ended_via_api"}
        assert lab.twilio.conferences(sid).participants.list() == []
        assert refusal_of(lambda: lab.twilio.conferences(sid).update(status="completed")) == 16001

    def test_who_is_still_being_rung_is_let_go(self, lab: Lab) -> None:
        lab.serve(voice=ROOM)
        lab.serve(after="<Hangup/>")
        lab.caller.dials(LINE)
        sid = add(lab).conference_sid
        lab.technician.rings()
        lab.twilio.conferences(sid).update(status="completed")
        lab.exchange.settle()
        assert not lab.technician.phone.is_ringing

    def test_lists_by_name_and_status(self, lab: Lab) -> None:
        lab.serve(voice=ROOM)
        sid = lab.meet()
        conferences = lab.twilio.conferences
        assert [room.sid for room in conferences.list(friendly_name="talk", status="in-progress")] == [sid]
        assert conferences.list(friendly_name="other") == []
        assert conferences.list(status="completed") == []

    def test_an_announcement_is_heard_by_all(self, lab: Lab) -> None:
        lab.serve(voice=ROOM, news="<Say>This call is recorded.</Say>")
        sid = lab.meet()
        lab.twilio.conferences(sid).update(announce_url=f"{ORIGIN}/news")
        lab.caller.hears("this call is recorded")
        lab.technician.hears("this call is recorded")

    def test_what_is_unknown(self, lab: Lab) -> None:
        assert refusal_of(lambda: lab.twilio.conferences("CF" + "0" * 32).fetch()) == 20404
        stranger = lab.twilio.conferences("CF" + "0" * 32).participants("CA" + "0" * 32)
        assert refusal_of(stranger.fetch) == 20404


class TestQueues:
    ENQUEUE = '<Enqueue waitUrl="" action="/left">line</Enqueue>'

    def test_create_and_fetch(self, lab: Lab) -> None:
        queue = lab.twilio.queues.create("line", max_size=5)
        assert (queue.friendly_name, queue.max_size, queue.current_size) == ("line", 5, 0)
        assert [one.sid for one in lab.twilio.queues.list()] == [queue.sid]
        assert refusal_of(lambda: lab.twilio.queues.create("line")) == 22003
        assert refusal_of(lambda: lab.twilio.queues.create("x" * 65)) == 22003

    def test_it_can_be_renamed_and_resized(self, lab: Lab) -> None:
        queue = lab.twilio.queues.create("line")
        other = lab.twilio.queues.create("other")
        changed = lab.twilio.queues(queue.sid).update(friendly_name="hold", max_size=7)
        assert (changed.friendly_name, changed.max_size) == ("hold", 7)
        assert refusal_of(lambda: lab.twilio.queues(other.sid).update(friendly_name="hold")) == 22003
        assert refusal_of(lambda: lab.twilio.queues(other.sid).update(max_size=5001)) == 21208

    def test_only_an_empty_one_is_deleted(self, lab: Lab) -> None:
        lab.serve(voice=self.ENQUEUE)
        lab.caller.dials(LINE)
        queue = lab.twilio.queues(lab.twilio.queues.list()[0].sid)
        assert refusal_of(queue.delete) == 22001
        lab.caller.hangs_up()
        assert queue.delete()
        assert refusal_of(queue.fetch) == 20404

    def test_members_and_how_long_they_wait(self, lab: Lab) -> None:
        lab.serve(voice=self.ENQUEUE)
        lab.caller.dials(LINE).waits(10)
        lab.technician.dials(LINE).waits(5)
        queue = lab.twilio.queues.list()[0]
        members = lab.twilio.queues(queue.sid).members.list()
        assert [(member.call_sid, member.position, member.wait_time) for member in members] == [
            (lab.caller.sid, 1, 15),
            (lab.technician.sid, 2, 5),
        ]
        assert queue.average_wait_time == 10
        assert lab.twilio.queues(queue.sid).members("Front").fetch().call_sid == lab.caller.sid

    @pytest.mark.parametrize("front", [True, False])
    def test_a_member_is_taken_out(self, lab: Lab, *, front: bool) -> None:
        lab.serve(voice=self.ENQUEUE, moved="<Say>Moved.</Say>")
        lab.caller.dials(LINE)
        queue = lab.twilio.queues.list()[0]
        key = "Front" if front else lab.caller.sid
        lab.twilio.queues(queue.sid).members(key).update(url=f"{ORIGIN}/moved")
        lab.caller.hears("moved")
        assert refusal_of(lambda: lab.twilio.queues(queue.sid).members(key).fetch()) == 20404


class TestNumbers:
    def test_a_number_is_found_and_changed(self, lab: Lab) -> None:
        number = lab.twilio.incoming_phone_numbers.list(phone_number=LINE)[0]
        assert number.voice_url == f"{ORIGIN}/voice"
        number.update(voice_url=f"{ORIGIN}/other", status_callback=f"{ORIGIN}/told", voice_method="GET")
        lab.serve(other="<Say>Other.</Say>")
        lab.caller.dials(LINE).hears("other").hangs_up()
        assert lab.app.asked[0].method == "GET"
        assert lab.last("told")["CallStatus"] == "completed"
        assert number.fetch().voice_url == f"{ORIGIN}/other"

    def test_a_bad_url_is_refused(self, lab: Lab) -> None:
        number = lab.twilio.incoming_phone_numbers.list()[0]
        assert refusal_of(lambda: number.update(voice_url="other")) == 21402
