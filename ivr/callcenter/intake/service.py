"""Write what the caller says to the intake, at once and only once."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, select

from ivr.callcenter.intake import clips, stages
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import CallState
from ivr.company.dialing.rules import NotDialed
from ivr.core import clock
from ivr.core.db import session
from ivr.core.phone_numbers import PhoneNumber
from ivr.platform.jobs import enqueue
from ivr.platform.timeline import service as timeline

ONSITE: Final = "onsite"
REMOTE: Final = "remote"
#: How long a message waits for its transcript: Twilio promises no time.
LONGEST_TRANSCRIPTION: Final = timedelta(minutes=3)
_LOCKED: Final = (
    select(Intake)
    .where(Intake.id == bindparam("intake"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


def move(intake: Intake, call: CallState) -> None:
    """Move the customer's call to this state. Raises OutOfOrderError."""
    intake.call_state = stages.next_call(intake.call_state, call)


def speak(intake: Intake, language: str) -> None:
    """The caller hears this language from now on."""
    intake.language = language
    timeline.append(intake.id, "language_chosen", language=language)


def choose_kind(intake: Intake, kind: str) -> None:
    """The caller wants an onsite visit or remote support."""
    intake.kind = kind
    intake.is_silent = False
    intake.heard_at = clock.now()
    timeline.append(intake.id, "kind_chosen", key=kind, chosen=kind)


def note_key(intake: Intake, *, is_answer: bool) -> None:
    """The caller has pressed or said a key that the question has (``is_answer``), or has pressed another."""
    if not is_answer:
        intake.wrong_keys += 1
    elif intake.is_silent:
        intake.is_silent = False


def get(intake_id: int) -> Intake:
    """Return the intake. Raises NoResultFound."""
    return session.get_one(Intake, intake_id)


def lock(intake_id: int) -> Intake:
    """Return the intake as it is now, locked until this transaction ends."""
    return session.scalars(_LOCKED, {"intake": intake_id}).one()


def by_reference(reference: str) -> Intake | None:
    """Return the intake with this reference."""
    return session.scalar(select(Intake).where(Intake.reference == reference))


def set_callback_number(intake: Intake, given: PhoneNumber) -> None:
    """The customer is to be called at this number."""
    intake.callback_number, intake.callback_extension = given


def note_keyed_number(intake: Intake, given: PhoneNumber) -> None:
    """Note a number as keyed, before the read-back: if the call drops now, there is no other."""
    set_callback_number(intake, given)
    intake.is_silent = False
    intake.heard_at = clock.now()
    timeline.append(intake.id, "number_keyed", key=str(given), number=str(given))


def note_number_not_dialed(intake: Intake, given: PhoneNumber, why: NotDialed) -> None:
    """The caller has given a number that may not be dialed: the timeline says so, and the intake keeps what it has."""
    timeline.append(intake.id, "number_not_dialed", key=str(given), number=str(given), not_dialed=why)


def note_callback_number(intake: Intake, given: PhoneNumber) -> None:
    """Note where to ring if the call drops: a number that the caller has confirmed or keyed."""
    set_callback_number(intake, given)
    intake.heard_at = clock.now()
    timeline.append(intake.id, "callback_number", key=str(given), number=str(given))


def note_issue(intake: Intake, words: str, *, confidence: float) -> None:
    """Note the issue in the caller's own words, raw."""
    intake.issue = words
    intake.is_silent = False
    intake.heard_at = clock.now()
    timeline.append(intake.id, "issue_heard", key=words[:80], words=words, confidence=confidence)


def note_card_removed(intake: Intake) -> None:
    """Somebody has given a card number for this matter; no more than its last four digits are kept."""
    timeline.append(intake.id, "card_removed")


def note_clip(intake: Intake, url: str, *, seconds: int, made_at: datetime | None = None) -> int:
    """Note what the caller said as a recording of their own voice, made now or at that moment. Returns its id."""
    intake.issue_recording_url = url
    intake.heard_at = clock.now()
    timeline.append(intake.id, "issue_recorded", key=url[-80:], url=url, seconds=seconds)
    return clips.recorded(intake.id, url, seconds=seconds, made_at=made_at)


def join_line(intake: Intake) -> None:
    """Put the caller in the queue, at the place of their first arrival. A repeat changes nothing."""
    if intake.call_state in stages.IN_LINE:
        return
    move(intake, CallState.WAITING)
    now = clock.now()
    intake.arrived_at = intake.arrived_at or now
    intake.waiting_since = now
    intake.heard_at = now
    timeline.append(intake.id, "joined_line")


def leave_line(intake: Intake) -> None:
    """Take the caller out of the queue while they choose what to do instead: no telephone rings for them."""
    move(intake, CallState.ASKING)


def leave_message(intake: Intake, clip_id: int | None) -> None:
    """The caller has left a message: operations get it by mail, with a transcript if one comes soon.

    Each message has its own letter. ``clip_id`` is its recording, None where nothing was recorded.
    """
    leave_word(intake)
    key = clips.message_key(clip_id) if clip_id else f"message-{intake.id}"
    run_at = clock.now() + LONGEST_TRANSCRIPTION if clip_id else None
    enqueue("intake.mail_message", key=key, run_at=run_at, intake_id=intake.id, clip_id=clip_id or 0)


def leave_word(intake: Intake) -> None:
    """The caller has left a message or asked for a callback, and need not stay on the call."""
    move(intake, CallState.LEFT_WORD)
    intake.heard_at = clock.now()
