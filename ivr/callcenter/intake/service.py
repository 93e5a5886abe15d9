"""Write what the caller says to the intake, at once and only once.

The module is long because it keeps and finds the recordings beside the words.
"""

import secrets
from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, exists, select

from ivr.callcenter.intake import stages
from ivr.callcenter.intake.models import Clip, Intake
from ivr.callcenter.intake.stages import CallState
from ivr.core import clock
from ivr.core.db import session
from ivr.core.phone_numbers import PhoneNumber
from ivr.platform.jobs import cancel, enqueue
from ivr.platform.timeline import service as timeline

ONSITE: Final = "onsite"
REMOTE: Final = "remote"
#: How long a message waits for its transcript: Twilio promises no time.
LONGEST_TRANSCRIPTION: Final = timedelta(minutes=3)


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
    intake.heard_at = clock.now()
    timeline.append(intake.id, "kind_chosen", key=kind, chosen=kind)


def get(intake_id: int) -> Intake:
    """Return the intake. Raises NoResultFound."""
    return session.get_one(Intake, intake_id)


def lock(intake_id: int) -> Intake:
    """Return the intake as it is now, locked until this transaction ends."""
    return session.scalars(
        select(Intake)
        .where(Intake.id == intake_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def by_reference(reference: str) -> Intake | None:
    """Return the intake with this reference."""
    return session.scalar(select(Intake).where(Intake.reference == reference))


def note_keyed_number(intake: Intake, given: PhoneNumber) -> None:
    """Note a number as keyed, before the read-back: if the call drops now, there is no other."""
    intake.callback_number, intake.callback_extension = given
    intake.heard_at = clock.now()
    timeline.append(intake.id, "number_keyed", key=str(given), number=str(given))


def note_callback_number(intake: Intake, given: PhoneNumber) -> None:
    """Note where to ring if the call drops: a number that the caller has confirmed or keyed."""
    intake.callback_number, intake.callback_extension = given
    intake.heard_at = clock.now()
    timeline.append(intake.id, "callback_number", key=str(given), number=str(given))


def note_issue(intake: Intake, words: str, *, confidence: float) -> None:
    """Note the issue in the caller's own words, raw."""
    intake.issue = words
    intake.heard_at = clock.now()
    timeline.append(intake.id, "issue_heard", key=words[:80], words=words, confidence=confidence)


def note_clip(intake: Intake, url: str, *, seconds: int) -> None:
    """Note the issue as a recording of the caller's own voice."""
    intake.issue_recording_url = url
    intake.heard_at = clock.now()
    timeline.append(intake.id, "issue_recorded", key=url[-80:], url=url, seconds=seconds)
    enqueue("intake.keep_clip", intake_id=intake.id, url=url)


def note_transcript(url: str, words: str) -> None:
    """Note the transcript of the recording at this address. A message that waits for it is mailed now."""
    intake = session.scalar(select(Intake).where(Intake.issue_recording_url == url))
    if intake is None or intake.transcript is not None:
        return
    intake.transcript = words
    timeline.append(intake.id, "transcribed", key=url[-80:], words=words)
    if cancel(f"message-{intake.id}"):
        enqueue("intake.mail_message", key=f"message-{intake.id}", intake_id=intake.id)


def wants_clip(intake_id: int, url: str) -> bool:
    """Return whether this recording is still the intake's, and not kept yet."""
    is_theirs = exists().where(Intake.id == intake_id, Intake.issue_recording_url == url)
    is_kept = exists().where(Clip.intake_id == intake_id, Clip.url == url)
    return bool(session.scalar(select(is_theirs & ~is_kept)))


def keep_clip(intake_id: int, url: str, audio: bytes) -> None:
    """Keep the audio of a recording, a WAV file, under an address that cannot be guessed."""
    if wants_clip(intake_id, url):
        session.add(
            Clip(
                intake_id=intake_id,
                url=url,
                token=secrets.token_urlsafe(32),
                content_type="audio/x-wav",
                audio=audio,
                made_at=clock.now(),
            )
        )


def clip_url(intake: Intake) -> str | None:
    """Return where to hear the caller's recording: at our own path when it is kept, else at the network's address."""
    if intake.issue_recording_url is None:
        return None
    token = session.scalar(
        select(Clip.token).where(Clip.intake_id == intake.id, Clip.url == intake.issue_recording_url)
    )
    return f"/clips/{token}.wav" if token else intake.issue_recording_url


def clip_by_token(token: str) -> Clip | None:
    """Return the recording of this token."""
    return session.scalar(select(Clip).where(Clip.token == token))


def clip_of(reference: str) -> Clip | None:
    """Return the recording that is the issue of the intake with this reference, once it is kept here."""
    return session.scalar(select(Clip).where(*_issue_of(reference)))


def has_clip(reference: str) -> bool:
    """Return whether ``clip_of`` finds a recording, without reading its audio."""
    return session.scalar(select(Clip.id).where(*_issue_of(reference))) is not None


def _issue_of(reference: str) -> tuple[ColumnElement[bool], ...]:
    of_issue = Clip.intake_id == Intake.id, Clip.url == Intake.issue_recording_url
    return (*of_issue, Intake.reference == reference)


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


def leave_message(intake: Intake) -> None:
    """The caller has left a message: operations get it by mail, with a transcript if one comes soon."""
    leave_word(intake)
    enqueue(
        "intake.mail_message",
        key=f"message-{intake.id}",
        run_at=clock.now() + LONGEST_TRANSCRIPTION,
        intake_id=intake.id,
    )


def leave_word(intake: Intake) -> None:
    """The caller has left a message or asked for a callback, and need not stay on the call."""
    move(intake, CallState.LEFT_WORD)
    intake.heard_at = clock.now()
