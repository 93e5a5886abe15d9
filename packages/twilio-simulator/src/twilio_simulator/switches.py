"""What nobody outside Twilio knows for certain: one switch each, the default being the likeliest.

An application is right only when it works with every position, so its tests should try both.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Switches:
    #: A 4xx or 5xx answer to a fetch: the long-standing code, or the one of the newer page.
    fetch_error_code: Literal[11200, 11217] = 11200

    #: No answer within 15 seconds: two error pages claim it.
    fetch_timeout_code: Literal[11200, 11205] = 11205

    #: How many must be in a conference before it starts. The documentation says two, a blog of 2016 one.
    participants_to_start: Literal[1, 2] = 2

    #: When participant-join is sent for a leg added over REST with earlyMedia.
    participant_join_at: Literal["answer", "ringing"] = "answer"

    #: Whether participant-join comes before conference-start for the joiner that starts the conference.
    join_event_first: bool = True

    #: Whether requests for waitUrl, holdUrl and announceUrl carry ConferenceSid and FriendlyName.
    room_parameters_in_wait_requests: bool = False

    #: Whether a Redirect inside an Enqueue wait document carries the queue parameters again.
    queue_parameters_on_redirect: bool = False

    #: After a participant is deleted: goes on with its Dial action or next verb, or is hung up.
    kicked_leg_goes_on: bool = True

    #: Whether a Gather requests its action when the caller hangs up with digits pressed.
    gather_action_after_hang_up: bool = False

    #: Whether a Dial requests its action when the caller hangs up. The answer is never performed.
    dial_action_after_hang_up: bool = True

    #: Whether Enqueue requests its action when the leg hung up or was redirected. The answer is never performed.
    enqueue_action_after_leaving: bool = True

    #: A Record that heard nothing: requests its action (newer documentation), or falls to the next verb.
    empty_recording_goes_to_action: bool = True

    #: Whether a Dial action carries DialBridged.
    dial_bridged_sent: bool = True

    #: Whether Status=completed ends a leg that still rings, or is refused with 21220.
    completed_ends_ringing_leg: bool = True

    #: Whether a Redirect as the first verb answers an inbound call.
    redirect_answers: bool = False

    #: Whether the context of a flow has what a widget heard when the caller hung up in it, such as a recording.
    studio_hears_of_hang_up: bool = True

    #: Whether the execution of a caller who hung up ends though nothing tells the flow: no recording or connection that
    #: was under way, and no status callback. Twilio's support tells of such that stay active.
    studio_notices_every_hang_up: bool = False

    #: The zone of ``now`` in templates of a flow: Twilio's support says PST, and promises nothing.
    studio_zone: Literal["America/Los_Angeles", "UTC"] = "America/Los_Angeles"

    #: SequenceNumber of the only status callback of an inbound number.
    inbound_sequence_number: int = 0

    #: Whether digits come with the undocumented FinishedOnKey and msg=Gather End.
    gather_end_marker: bool = True

    #: How long after its beginning a call or a conference first appears in a list: lists are eventually consistent.
    list_lag_seconds: float = 0.0

    #: Whether a list of calls filtered by StartTime has those that wait for their turn and have not started.
    queued_calls_have_started: bool = False

    #: Whether I-Twilio-Idempotency-Token arrives with webhooks: Twilio sends it, a proxy may strip it.
    idempotency_token_arrives: bool = True

    #: Whether a number in fax mode ignores its voice URLs, as one with an application or a trunk does.
    fax_mode_ignores_urls: bool = True

    #: What REST says of a conference that has members and has not started.
    waiting_room_status: Literal["init", "in-progress"] = "init"

    #: Whether what a held participant hears is on the recording of the conference.
    hold_music_recorded: bool = False

    #: How conference events are sent when no method is given: the text says POST, a table GET.
    conference_callback_method: Literal["POST", "GET"] = "POST"

    #: Whether a Dial that says nothing of trim cuts the silence off both ends of its recording.
    dial_trim: Literal["do-not-trim", "trim-silence"] = "do-not-trim"

    #: How many calls and participants may be created over REST each second; more are queued.
    creates_per_second: float = 1.0

    #: Seconds between dialling and ringing.
    post_dial_delay: float = 0.5

    #: Seconds of silence that end speech with speechTimeout="auto".
    auto_speech_timeout: float = 1.0
