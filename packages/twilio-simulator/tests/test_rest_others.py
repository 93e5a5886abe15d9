"""Conferences, participants, queues and numbers over REST."""

from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException

from simulator_tests.desk import LINE, OPERATOR, ORIGIN, TECHNICIAN, Desk, Desks
from twilio_simulator import Switches

ALL = "start end join leave mute hold modify announcement"
ROOM = f'<Dial action="/after"><Conference statusCallback="/room" statusCallbackEvent="{ALL}">talk</Conference></Dial>'


def add(desk: Desk, **more: Any) -> Any:
    return desk.twilio.conferences("talk").participants.create(**{"from_": LINE, "to": TECHNICIAN, **more})


def seat(desk: Desk, sid: str, key: str) -> Any:
    return desk.twilio.conferences(sid).participants(key)


def refusal_of(act: Any) -> int:
    with pytest.raises(TwilioRestException) as refusal:
        act()
    code: int = refusal.value.code
    return code


class TestParticipants:
    @pytest.fixture(autouse=True)
    def _after(self, desk: Desk) -> None:
        desk.serve(after="<Hangup/>")

    def test_a_create_answers_with_what_is_needed_to_follow_it(self, desk: Desk) -> None:
        added = add(desk, label="technician")
        assert (added.status, added.label, added.queue_time) == ("queued", "technician", "0")
        assert added.call_sid in desk.exchange.legs
        assert desk.twilio.conferences(added.conference_sid).fetch().status == "init"

    def test_an_active_conference_of_that_name_is_joined(self, desk: Desk) -> None:
        desk.serve(voice=ROOM)
        sid = desk.meet()
        assert desk.caller.is_talking_to(desk.technician)
        assert add(desk, to=OPERATOR).conference_sid == sid

    def test_by_sid_only_an_active_conference(self, desk: Desk) -> None:
        desk.serve(voice=ROOM)
        sid = desk.meet()
        desk.twilio.conferences(sid).participants.create(from_=LINE, to=OPERATOR)
        desk.twilio.conferences(sid).update(status="completed")
        again = desk.twilio.conferences(sid).participants
        assert refusal_of(lambda: again.create(from_=LINE, to=OPERATOR)) == 20404

    def test_a_room_name_with_a_space_works(self, desk: Desk) -> None:
        desk.twilio.conferences("talk of two").participants.create(from_=LINE, to=TECHNICIAN)
        assert desk.exchange.rooms.active("talk of two")

    @pytest.mark.parametrize(
        ("more", "code"), [({"to": "911"}, 21211), ({"from_": TECHNICIAN, "to": OPERATOR}, 21210)]
    )
    def test_numbers_are_checked(self, desk: Desk, more: dict[str, str], code: int) -> None:
        assert refusal_of(lambda: add(desk, **more)) == code

    def test_a_label_is_unique(self, desk: Desk) -> None:
        add(desk, label="technician")
        assert refusal_of(lambda: add(desk, to=OPERATOR, label="technician")) == 16025

    def test_by_call_sid_or_by_label(self, desk: Desk) -> None:
        desk.serve(voice=ROOM)
        sid = desk.meet()
        assert seat(desk, sid, "technician").fetch().call_sid == desk.technician.sid
        assert seat(desk, sid, desk.technician.sid).fetch().status == "connected"

    @pytest.mark.parametrize(("act", "status"), [("declines", "busy"), ("ignores", "no-answer")])
    def test_who_is_never_reached_is_add_failed_and_the_others_are_not_told(
        self, desk: Desk, act: str, status: str
    ) -> None:
        desk.serve(voice=ROOM)
        desk.caller.dial(LINE)
        added = add(desk, timeout=10, status_callback=f"{ORIGIN}/steps")
        desk.technician.rings()
        getattr(desk.technician, act)()
        assert desk.last("steps")["CallStatus"] == status
        assert desk.last("room")["StatusCallbackEvent"] == "participant-leave"
        assert desk.last("room")["ReasonParticipantLeft"] == "participant_add_failed"
        assert desk.last("room")["ParticipantCallStatus"] == status
        desk.caller.waits(60)
        assert desk.caller.hears_music
        assert refusal_of(lambda: seat(desk, added.conference_sid, added.call_sid).fetch()) == 20404

    def test_while_it_rings_it_is_listed_as_ringing(self, desk: Desk) -> None:
        added = add(desk)
        desk.technician.rings()
        assert seat(desk, added.conference_sid, added.call_sid).fetch().status == "ringing"

    def test_hold_plays_the_hold_document_asked_with_get(self, desk: Desk) -> None:
        desk.serve(voice=ROOM, hold="<Say>One moment.</Say><Redirect method='GET'/>")
        sid = desk.meet()
        seat(desk, sid, desk.caller.sid).update(hold=True, hold_url=f"{ORIGIN}/hold")
        desk.caller.hears("one moment").hears("one moment")
        assert {asked.method for asked in desk.app.asked if asked.path == "hold"} == {"GET"}
        assert desk.last("room")["StatusCallbackEvent"] == "participant-hold"
        assert desk.last("room")["Hold"] == "true"
        desk.technician.phone.say("hello")
        desk.caller.does_not_hear("hello", for_seconds=3)

    def test_hold_without_a_document_is_music(self, desk: Desk) -> None:
        desk.serve(voice=ROOM)
        sid = desk.meet()
        seat(desk, sid, desk.caller.sid).update(hold=True)
        desk.caller.hears("music").waits(1)
        assert desk.caller.is_held
        seat(desk, sid, desk.caller.sid).update(hold=False)
        assert not desk.caller.hears_music
        assert [held.call_sid for held in desk.twilio.conferences(sid).participants.list(hold=True)] == []

    def test_muted_is_not_heard(self, desk: Desk) -> None:
        desk.serve(voice=ROOM)
        sid = desk.meet()
        assert seat(desk, sid, desk.technician.sid).update(muted=True).muted
        assert not desk.caller.is_talking_to(desk.technician)
        desk.exchange.settle()
        assert desk.last("room")["StatusCallbackEvent"] == "participant-mute"

    def test_end_conference_on_exit_can_be_given_later(self, desk: Desk) -> None:
        desk.serve(voice=ROOM)
        sid = desk.meet()
        seat(desk, sid, desk.technician.sid).update(end_conference_on_exit=True)
        desk.technician.hangs_up()
        assert desk.last("room")["ReasonConferenceEnded"] == "participant-with-end-conference-on-exit-left"

    def test_a_kicked_caller_goes_on_and_an_added_leg_has_nothing_left(self, desk: Desk) -> None:
        desk.serve(voice=ROOM, after="<Say>After.</Say>")
        sid = desk.meet()
        assert seat(desk, sid, desk.caller.sid).delete()
        desk.caller.hears("after")
        assert seat(desk, sid, desk.technician.sid).delete()
        desk.technician.waits(1)
        assert desk.technician.ended
        assert desk.asked("room")[-1]["ReasonConferenceEnded"] == "last-participant-kicked"

    def test_what_a_kicked_leg_does_is_a_switch(self, desks: Desks) -> None:
        desk = desks(Switches(kicked_leg_goes_on=False))
        desk.serve(voice=ROOM, after="<Say>Not performed.</Say>")
        sid = desk.meet()
        seat(desk, sid, desk.caller.sid).delete()
        desk.caller.waits(1)
        assert desk.caller.ended

    def test_a_participant_that_still_rings_can_be_deleted(self, desk: Desk) -> None:
        desk.serve(voice=ROOM)
        desk.caller.dial(LINE)
        added = add(desk)
        desk.technician.rings()
        assert seat(desk, added.conference_sid, added.call_sid).delete()
        assert not desk.technician.phone.is_ringing

    def test_an_announcement_is_heard_by_one(self, desk: Desk) -> None:
        desk.serve(voice=ROOM, news="<Say>Your time is up.</Say>")
        sid = desk.meet()
        seat(desk, sid, desk.caller.sid).update(announce_url=f"{ORIGIN}/news")
        desk.caller.hears("your time is up")
        desk.technician.does_not_hear("your time is up", for_seconds=5)
        assert desk.last("room")["StatusCallbackEvent"] == "announcement-end"
        assert desk.caller.is_talking_to(desk.technician)

    @pytest.mark.parametrize("moment", ["answer", "ringing"])
    def test_when_a_join_is_told_is_a_switch(self, desks: Desks, moment: str) -> None:
        desk = desks(Switches(participant_join_at=moment))  # type: ignore[arg-type]
        desk.serve(voice=ROOM)
        desk.caller.dial(LINE)
        add(desk)
        desk.technician.rings()
        joins = [told for told in desk.asked("room") if told["StatusCallbackEvent"] == "participant-join"]
        assert len(joins) == (2 if moment == "ringing" else 1)
        desk.technician.answers()
        joins = [told for told in desk.asked("room") if told["StatusCallbackEvent"] == "participant-join"]
        assert len(joins) == 2

    def test_conference_callbacks_of_a_create_default_to_start_and_end(self, desk: Desk) -> None:
        add(desk, conference_status_callback=f"{ORIGIN}/room")
        add(desk, to=OPERATOR)
        desk.technician.rings().answers()
        desk.operator.rings().answers().hangs_up()
        desk.technician.hangs_up()
        told = [event["StatusCallbackEvent"] for event in desk.asked("room")]
        assert told == ["conference-start", "conference-end"]

    def test_the_wait_url_of_a_create(self, desk: Desk) -> None:
        desk.serve(wait="<Say>The caller is coming.</Say>")
        add(desk, wait_url=f"{ORIGIN}/wait")
        desk.technician.rings().answers().hears("the caller is coming")


class TestConferences:
    def test_it_is_ended_for_all(self, desk: Desk) -> None:
        desk.serve(voice=ROOM, after="<Say>After.</Say>")
        sid = desk.meet()
        ended = desk.twilio.conferences(sid).update(status="completed")
        assert (ended.status, ended.reason_conference_ended) == ("completed", "conference-ended-via-api")
        desk.caller.hears("after")
        assert desk.technician.ended
        left = [told for told in desk.asked("room") if told["StatusCallbackEvent"] == "participant-leave"]
        assert {told["ReasonParticipantLeft"] for told in left} == {"conference_ended_via_api"}
        assert desk.twilio.conferences(sid).participants.list() == []
        assert refusal_of(lambda: desk.twilio.conferences(sid).update(status="completed")) == 16001

    def test_who_is_still_being_rung_is_let_go(self, desk: Desk) -> None:
        desk.serve(voice=ROOM)
        desk.serve(after="<Hangup/>")
        desk.caller.dial(LINE)
        sid = add(desk).conference_sid
        desk.technician.rings()
        desk.twilio.conferences(sid).update(status="completed")
        desk.exchange.settle()
        assert not desk.technician.phone.is_ringing

    def test_lists_by_name_and_status(self, desk: Desk) -> None:
        desk.serve(voice=ROOM)
        sid = desk.meet()
        conferences = desk.twilio.conferences
        assert [room.sid for room in conferences.list(friendly_name="talk", status="in-progress")] == [sid]
        assert conferences.list(friendly_name="other") == []
        assert conferences.list(status="completed") == []

    def test_an_announcement_is_heard_by_all(self, desk: Desk) -> None:
        desk.serve(voice=ROOM, news="<Say>This call is recorded.</Say>")
        sid = desk.meet()
        desk.twilio.conferences(sid).update(announce_url=f"{ORIGIN}/news")
        desk.caller.hears("this call is recorded")
        desk.technician.hears("this call is recorded")

    def test_what_is_unknown(self, desk: Desk) -> None:
        assert refusal_of(lambda: desk.twilio.conferences("CF" + "0" * 32).fetch()) == 20404
        stranger = desk.twilio.conferences("CF" + "0" * 32).participants("CA" + "0" * 32)
        assert refusal_of(stranger.fetch) == 20404


class TestQueues:
    ENQUEUE = '<Enqueue waitUrl="" action="/left">line</Enqueue>'

    def test_create_and_fetch(self, desk: Desk) -> None:
        queue = desk.twilio.queues.create("line", max_size=5)
        assert (queue.friendly_name, queue.max_size, queue.current_size) == ("line", 5, 0)
        assert [one.sid for one in desk.twilio.queues.list()] == [queue.sid]
        assert refusal_of(lambda: desk.twilio.queues.create("line")) == 22003
        assert refusal_of(lambda: desk.twilio.queues.create("x" * 65)) == 22003

    def test_it_can_be_renamed_and_resized(self, desk: Desk) -> None:
        queue = desk.twilio.queues.create("line")
        other = desk.twilio.queues.create("other")
        changed = desk.twilio.queues(queue.sid).update(friendly_name="hold", max_size=7)
        assert (changed.friendly_name, changed.max_size) == ("hold", 7)
        assert refusal_of(lambda: desk.twilio.queues(other.sid).update(friendly_name="hold")) == 22003
        assert refusal_of(lambda: desk.twilio.queues(other.sid).update(max_size=5001)) == 21208

    def test_only_an_empty_one_is_deleted(self, desk: Desk) -> None:
        desk.serve(voice=self.ENQUEUE)
        desk.caller.dial(LINE)
        queue = desk.twilio.queues(desk.twilio.queues.list()[0].sid)
        assert refusal_of(queue.delete) == 22001
        desk.caller.hangs_up()
        assert queue.delete()
        assert refusal_of(queue.fetch) == 20404

    def test_members_and_how_long_they_wait(self, desk: Desk) -> None:
        desk.serve(voice=self.ENQUEUE)
        desk.caller.dial(LINE).waits(10)
        desk.technician.dial(LINE).waits(5)
        queue = desk.twilio.queues.list()[0]
        members = desk.twilio.queues(queue.sid).members.list()
        assert [(member.call_sid, member.position, member.wait_time) for member in members] == [
            (desk.caller.sid, 1, 15),
            (desk.technician.sid, 2, 5),
        ]
        assert queue.average_wait_time == 10
        assert desk.twilio.queues(queue.sid).members("Front").fetch().call_sid == desk.caller.sid

    @pytest.mark.parametrize("front", [True, False])
    def test_a_member_is_taken_out(self, desk: Desk, *, front: bool) -> None:
        desk.serve(voice=self.ENQUEUE, moved="<Say>Moved.</Say>")
        desk.caller.dial(LINE)
        queue = desk.twilio.queues.list()[0]
        key = "Front" if front else desk.caller.sid
        desk.twilio.queues(queue.sid).members(key).update(url=f"{ORIGIN}/moved")
        desk.caller.hears("moved")
        assert refusal_of(lambda: desk.twilio.queues(queue.sid).members(key).fetch()) == 20404


class TestNumbers:
    def test_a_number_is_found_and_changed(self, desk: Desk) -> None:
        number = desk.twilio.incoming_phone_numbers.list(phone_number=LINE)[0]
        assert number.voice_url == f"{ORIGIN}/voice"
        number.update(voice_url=f"{ORIGIN}/other", status_callback=f"{ORIGIN}/told", voice_method="GET")
        desk.serve(other="<Say>Other.</Say>")
        desk.caller.dial(LINE).hears("other").hangs_up()
        assert desk.app.asked[0].method == "GET"
        assert desk.last("told")["CallStatus"] == "completed"
        assert number.fetch().voice_url == f"{ORIGIN}/other"

    def test_a_bad_url_is_refused(self, desk: Desk) -> None:
        number = desk.twilio.incoming_phone_numbers.list()[0]
        assert refusal_of(lambda: number.update(voice_url="other")) == 21402
