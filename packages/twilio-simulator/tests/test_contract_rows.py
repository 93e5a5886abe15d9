"""The contract with Twilio, row by row: what holds each one, a test or a switch. What is named must exist.

A test is ``file::name``, the file without its ``test_``; a switch is the name of its field. Over 200 lines because it
is a table.
"""

import ast
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest

from twilio_simulator import Switches

HERE = Path(__file__).parent
TESTS = """
call | a REST call: queued, ringing, in progress, completed | rest_calls::test_the_life_of_an_answered_call
call | initiated is never a status of REST | core::test_a_created_call_tells_every_step
call | initiated is never a status of REST | rows::test_initiated_is_never_a_status_of_rest
call | busy, no-answer, failed | rest_calls::test_calls_that_nobody_answers
call | a dialled leg is never queued | rows::test_a_dialled_leg_is_never_queued
call | an inbound call: ringing, in progress, completed | rows::test_the_life_of_an_inbound_call
call | Reject first: busy or no-answer | going_on::test_reject_first_never_answers
call | canceled while it rings | rest_calls::test_canceled_while_it_rings
call | canceled while it queues: nobody is told | rest_calls::test_canceled_while_it_queues_nobody_is_told
call | completed ends a leg in progress | rest_calls::test_a_call_in_progress_can_be_completed_and_not_canceled
call | completed on a ringing leg | completed_ends_ringing_leg
call | a REST call rings 60 + 5 seconds | rows::test_a_created_call_rings_for_a_minute_and_five_seconds
call | a Dial rings 30 + 5 seconds | rows::test_a_dial_rings_for_half_a_minute_and_five_seconds
call | a ring timeout of 5 to 600, and 5 more | dial_number::test_it_rings_five_seconds_longer_than_the_timeout
call | a ring timeout of 5 to 600, and 5 more | strictness::test_a_document_that_is_not_quite_right
call | From, To, Url, Timeout are checked | rest_calls::test_what_a_create_may_not_ask
call | a document is required | rest_calls::test_a_create_needs_a_document
call | Url wins over Twiml on create | rows::test_url_wins_over_twiml_on_create
call | Twiml has 4000 characters | rest_calls::test_a_document_in_words_has_a_limit
call | one create a second, others queue | rest_calls::test_one_call_each_second_and_the_others_queue
call | one create a second, others queue | creates_per_second
call | participants queue with calls | rows::test_participants_wait_in_the_same_queue_as_calls
call | inbound and dialled legs do not queue | rows::test_inbound_and_dialled_legs_do_not_queue
call | reads are eventually consistent | list_lag_seconds
redirect | by Url and Method, at once | rest_calls::test_a_live_call_is_given_another_document_at_once
redirect | by Twiml | rest_calls::test_a_live_call_is_given_a_document_in_words
redirect | Url and Twiml exclude each other | rows::test_url_and_twiml_exclude_each_other_on_update
redirect | a new StatusCallback | rows::test_the_status_callback_of_a_live_call_can_be_changed
redirect | a new FallbackUrl | rows::test_the_fallback_of_a_live_call_can_be_changed
redirect | a new TimeLimit | rows::test_the_time_limit_of_a_live_call_can_be_changed
redirect | a leg not in progress | rest_calls::test_a_ringing_call_cannot_be_redirected
redirect | a leg not in progress | rest_calls::test_a_call_that_is_over_cannot_be_changed
redirect | a relative action in a Twiml | rest_calls::test_a_relative_action_has_nothing_to_stand_on_there
redirect | a Record without action in a Twiml | rest_calls::test_a_record_there_needs_an_action
redirect | in a Dial: the action is only asked for | \
dial_number::TestMoving::test_the_callers_redirect_ends_the_far_leg_and_only_asks_for_the_action
redirect | in a Dial: no next verb | rows::test_the_verb_after_a_dial_is_not_performed_when_the_leg_is_moved
redirect | in a Dial: a Redirect after it is fetched | \
dial_number::TestMoving::test_without_action_a_redirect_after_the_dial_is_still_fetched
redirect | a child: no DialCallDuration | \
dial_number::TestMoving::test_the_childs_redirect_ends_the_dial_without_a_duration
redirect | out of a queue | core::test_a_caller_waits_in_a_queue_and_is_redirected_out_of_it
redirect | out of a conference | conference::test_a_redirected_leg_leaves_and_the_room_is_told
redirect | who ends the conference on exit | rows::test_a_redirected_leg_that_ends_its_conference_on_exit_ends_it
conference | init, in progress, completed | rows::test_the_life_of_a_conference
conference | another SID later | conference::test_the_last_to_leave_ends_it_and_the_next_has_another_sid
conference | one active a name | rest_others::TestParticipants::test_an_active_conference_of_that_name_is_joined
conference | a create by name makes it | core::test_two_legs_meet_in_a_conference
conference | a create by SID of an ended one | rest_others::TestParticipants::test_by_sid_only_an_active_conference
conference | From and To are required | rest_others::TestParticipants::test_numbers_are_checked
conference | the answer to a create | \
rest_others::TestParticipants::test_a_create_answers_with_what_is_needed_to_follow_it
conference | call SID or label | rest_others::TestParticipants::test_by_call_sid_or_by_label
conference | fetch needs the SID | rows::test_a_participant_is_not_found_by_the_name_of_its_conference
conference | a name with a space | rest_others::TestParticipants::test_a_room_name_with_a_space_works
conference | a name with a slash | rows::test_a_room_name_with_a_slash_does_not_work
conference | only active participants exist | rows::test_a_leg_that_was_redirected_is_no_participant
conference | only active participants exist | rest_others::TestConferences::test_it_is_ended_for_all
conference | defaults of a create | rows::test_the_defaults_of_a_participant
conference | defaults of a create | \
rest_others::TestParticipants::test_conference_callbacks_of_a_create_default_to_start_and_end
conference | the noun has no default events | rows::test_the_noun_tells_no_event_unless_it_is_asked_to
conference | muted | rest_others::TestParticipants::test_muted_is_not_heard
conference | anything but true is false | rows::test_muted_is_false_unless_it_says_true
conference | held | rest_others::TestParticipants::test_hold_plays_the_hold_document_asked_with_get
conference | verbs of hold and announce | strictness::test_a_verb_in_a_document_that_may_not_hold_it
conference | announced to one | rest_others::TestParticipants::test_an_announcement_is_heard_by_one
conference | EndConferenceOnExit later | rest_others::TestParticipants::test_end_conference_on_exit_can_be_given_later
conference | BeepOnExit later | rows::test_the_beep_on_exit_can_be_given_later
conference | Coaching later | rows::test_coaching_can_begin_later
conference | delete | \
rest_others::TestParticipants::test_a_kicked_caller_goes_on_and_an_added_leg_has_nothing_left
conference | ended for all | rest_others::TestConferences::test_it_is_ended_for_all
conference | announced to all | rest_others::TestConferences::test_an_announcement_is_heard_by_all
conference | never reached | \
rest_others::TestParticipants::test_who_is_never_reached_is_add_failed_and_the_others_are_not_told
conference | status of a participant | rest_others::TestParticipants::test_while_it_rings_it_is_listed_as_ringing
queue | made by Enqueue, of a thousand | enqueue::test_the_wait_document_is_asked_for_again_whenever_it_ends
queue | five thousand at most | rest_others::TestQueues::test_it_can_be_renamed_and_resized
queue | a name of 64 characters | rest_others::TestQueues::test_create_and_fetch
queue | taken out by Front or call SID | rest_others::TestQueues::test_a_member_is_taken_out
queue | taking out needs a Url | rows::test_a_member_is_not_taken_out_without_a_url
queue | position, waiting time | rest_others::TestQueues::test_members_and_how_long_they_wait
flow | end of a document | going_on::test_the_end_of_a_document_hangs_up_and_so_does_an_empty_one
flow | Gather with input | gather::test_action_is_requested_with_the_digits_and_the_rest_is_dropped
flow | Gather with input | gather::test_without_action_the_same_document_is_asked_for_again
flow | Gather without input | gather::test_without_input_the_next_verb_runs_and_nothing_is_requested
flow | Gather without input | gather::test_the_finish_key_alone_is_no_input
flow | Gather, actionOnEmptyResult | gather::test_action_on_empty_result_asks_also_without_input
flow | Record ends | record::test_it_always_asks_for_its_action_and_what_follows_is_never_reached
flow | Record ends | record::test_without_action_the_same_document_is_asked_for_again
flow | Dial ends, action | dial_number::test_an_empty_answer_to_the_action_hangs_up
flow | Dial ends, no action | dial_number::test_without_action_the_next_verb_runs_when_the_dial_ends
flow | Dial ends, no action | rows::test_a_dial_without_action_or_next_verb_hangs_up
flow | the initiating caller hangs up | rows::test_when_the_caller_hangs_up_no_later_verb_runs
flow | hangupOnStar | dial_number::test_star_drops_the_called_party
flow | hangupOnStar | dial_number::test_only_the_initial_caller_has_the_star
flow | hangupOnStar | conference::test_the_action_says_answered_and_nothing_of_a_child
flow | timeLimit | dial_number::test_time_limit_drops_the_called_party
flow | timeLimit | conference::test_time_limit_takes_the_leg_out
flow | conference ends under a leg | \
conference::test_who_leaves_with_end_conference_on_exit_ends_it_and_the_others_go_on
flow | label in use | conference::test_a_label_is_unique
flow | nobody to coach | conference::test_nobody_to_coach
flow | conference waitUrl fails | conference::test_when_the_wait_document_fails_the_leg_goes_on
flow | conference waitUrl fails | rows::test_a_failed_wait_document_with_nothing_after_it_hangs_up
flow | conference wait document ends | conference::test_the_wait_document_plays_and_then_there_is_silence
flow | conference wait document ends | conference::test_an_empty_redirect_loops_the_wait_document
flow | Enqueue wait document ends | enqueue::test_the_wait_document_is_asked_for_again_whenever_it_ends
flow | Leave | enqueue::test_it_may_gather
flow | Leave | enqueue::test_leave_without_action_is_the_verb_after_enqueue
flow | Dial Queue, empty | enqueue::test_an_empty_queue_is_waited_on_until_the_timeout
flow | Redirect | going_on::test_redirect_takes_over_and_later_verbs_are_not_reached
flow | Redirect | going_on::test_an_empty_redirect_is_the_document_itself
flow | Reject first | going_on::test_reject_first_never_answers
flow | Pause first | speaking::test_a_pause_first_delays_the_answer
flow | Hangup first | going_on::test_hangup_first_still_answers
since | conferences without Status | \
since_april::TestLists::test_without_a_status_only_conferences_in_progress_are_listed
since | conferences that have ended | since_april::TestLists::test_ended_conferences_are_listed_by_their_status
since | moments are whole seconds | since_april::TestLists::test_moments_are_whole_seconds
since | start_time of a queued call | since_april::TestLists::test_a_queued_call_has_no_start_time
since | start_time of a queued call | queued_calls_have_started
since | callbacks of a queued call | since_april::TestLists::test_a_queued_call_sends_no_callback
since | an application or a trunk has the calls of a number | \
since_april::TestNumbersThatLeadElsewhere::test_its_urls_are_ignored_until_that_is_taken_away
since | an application or a trunk has the calls of a number | \
since_april::TestNumbersThatLeadElsewhere::test_an_application_and_a_trunk_exclude_each_other
since | a number in fax mode | fax_mode_ignores_urls
since | shared keys | since_april::TestWebhooks::test_a_shared_key_signs_in_place_of_the_token
since | shared keys | since_april::TestWebhooks::test_the_hash_of_a_shared_key
since | the idempotency token, stripped | idempotency_token_arrives
since | StirVerstat | since_april::TestWebhooks::test_inbound_webhooks_say_whether_the_number_is_the_callers
since | stir_verstat of a call | since_april::TestWebhooks::test_what_we_ring_ourselves_has_none
since | Passports, RecordingConfigurationId | \
since_april::TestNewParameters::test_a_call_takes_passports_and_a_recording_configuration
since | Emergency* | since_april::TestNewParameters::test_a_participant_takes_what_an_emergency_call_says
since | certificates of REST | since_april::test_nothing_pins_the_certificate_of_rest
since | a phone that answers for its owner | \
since_april::test_a_phone_that_asks_for_its_owner_is_in_progress_like_any_answer
unknown | code of a bad status | fetch_error_code
unknown | code of no answer in 15 seconds | fetch_timeout_code
unknown | when a conference starts | participants_to_start
unknown | when a conference starts | waiting_room_status
unknown | hold music on the recording | hold_music_recorded
unknown | method of conference events | conference_callback_method
unknown | trim of a Dial | dial_trim
unknown | parameters of wait, hold, announce | room_parameters_in_wait_requests
unknown | moment of participant-join | participant_join_at
unknown | order of join and start | join_event_first
unknown | after participant delete, after Enqueue bridge | kicked_leg_goes_on
unknown | after participant delete, after Enqueue bridge | enqueue_action_after_leaving
unknown | after participant delete, after Enqueue bridge | enqueue::test_dial_queue_takes_the_one_at_the_front
unknown | Gather when the caller hangs up | gather_action_after_hang_up
unknown | Dial action when the caller hangs up | dial_action_after_hang_up
unknown | empty recording | empty_recording_goes_to_action
unknown | SequenceNumber of an inbound number | inbound_sequence_number
unknown | completed on a ringing leg | completed_ends_ringing_leg
"""
ROWS = [tuple(line.split(" | ")) for line in TESTS.strip().splitlines()]


@cache
def names_in(file: str) -> frozenset[str]:
    """The tests of a file, ``Class::test`` for those in a class."""
    path = HERE / f"test_{file}.py"
    found: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body if path.exists() else ():
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            found |= {
                f"{node.name}::{inner.name}" for inner in node.body if isinstance(inner, ast.FunctionDef)
            }
    return frozenset(found)


@cache
def switches_turned() -> frozenset[str]:
    """The words of every ``Switches(...)`` in the tests."""
    calls = (
        node
        for file in HERE.glob("test_*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Switches"
    )
    return frozenset(word.arg or "" for call in calls for word in call.keywords)


@pytest.mark.parametrize(("part", "row", "held_by"), ROWS)
def test_what_holds_a_row_exists(part: str, row: str, held_by: str) -> None:
    file, _, test = held_by.partition("::")
    known = names_in(file) if test else {field.name for field in fields(Switches)}
    assert (test or held_by) in known, f"{part}, {row}: there is no {held_by}"


@pytest.mark.parametrize("name", [field.name for field in fields(Switches)])
def test_every_switch_is_turned_by_a_test(name: str) -> None:
    assert name in switches_turned()


@pytest.mark.parametrize(("part", "count"), [("flow", 22), ("since", 15), ("unknown", 15)])
def test_the_tables_are_whole(part: str, count: int) -> None:
    assert len({row[1] for row in ROWS if row[0] == part}) == count
