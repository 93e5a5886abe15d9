"""The recordings that callers leave: a row each, with its own transcript, and its audio once it has been fetched."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select, update

from ivr.callcenter.intake import clip_links
from ivr.callcenter.intake.models import Clip, Intake
from ivr.core import card_numbers, clock
from ivr.core.db import changed, insert_once, session
from ivr.platform.jobs import cancel, enqueue
from ivr.platform.timeline import service as timeline

_TRANSCRIPT_AT_MOST = 5000


def recorded(intake_id: int, url: str, *, seconds: int, made_at: datetime | None = None) -> int:
    """Note a recording by the address of the network's copy, and have its audio fetched. Returns its id."""
    values = {"content_type": "audio/x-wav", "made_at": made_at or clock.now()}
    insert_once(Clip, intake_id=intake_id, url=url, seconds=seconds, **values)
    enqueue("intake.keep_clip", intake_id=intake_id, url=url)
    return session.scalars(select(Clip.id).where(Clip.intake_id == intake_id, Clip.url == url)).one()


def wants_audio(intake_id: int, url: str) -> bool:
    """Return whether this recording is the intake's, and its audio not kept yet."""
    wanted = Clip.intake_id == intake_id, Clip.url == url, Clip.audio.is_(None)
    return bool(session.scalar(select(exists().where(*wanted))))


def keep_audio(intake_id: int, url: str, audio: bytes) -> None:
    """Keep the audio of a recording, a WAV file. A repeat changes nothing."""
    wanted = Clip.intake_id == intake_id, Clip.url == url, Clip.audio.is_(None)
    changed(update(Clip).where(*wanted).values(audio=audio), in_session=False)


def message_key(clip_id: int) -> str:
    """Return the key of the job that mails this message."""
    return f"message-of-{clip_id}"


def note_transcript(url: str, words: str) -> None:
    """Note the transcript of the recording at this address. A message that waits for it is mailed now."""
    columns = Clip.id, Clip.intake_id, Clip.transcript
    clip = session.execute(select(*columns).where(Clip.url == url).limit(1)).one_or_none()
    if clip is None or clip.transcript is not None:
        return
    session.execute(update(Clip).where(Clip.id == clip.id).values(transcript=words))
    # The search and the operator's form read all that was said.
    said = select(Clip.transcript).where(Clip.intake_id == clip.intake_id, Clip.transcript.is_not(None))
    whole = "\n".join(filter(None, session.scalars(said.order_by(Clip.id))))
    session.get_one(Intake, clip.intake_id).transcript = whole[:_TRANSCRIPT_AT_MOST]
    timeline.append(clip.intake_id, "transcribed", key=url[-80:], words=words)
    if card_numbers.has_mark(words):
        timeline.append(clip.intake_id, "card_removed", key=url[-80:])
    if cancel(message_key(clip.id)):
        enqueue("intake.mail_message", key=message_key(clip.id), intake_id=clip.intake_id, clip_id=clip.id)


def of_intake(intake_id: int) -> Sequence[Any]:
    """Return what is known of each recording of the intake, the oldest first: no audio, but whether it is kept."""
    columns = Clip.id, Clip.url, Clip.made_at, Clip.seconds, Clip.transcript, Clip.heard_at
    kept = Clip.audio.is_not(None).label("is_kept")
    of_it = select(*columns, kept).where(Clip.intake_id == intake_id)
    return session.execute(of_it.order_by(Clip.id)).all()


def heard(intake_id: int, clip_ids: Collection[int], *, by: str) -> None:
    """Note who has heard these recordings of the intake, or read what they say. The first time counts."""
    new = Clip.id.in_(clip_ids), Clip.intake_id == intake_id, Clip.heard_at.is_(None)
    if changed(update(Clip).where(*new).values(heard_at=clock.now()), in_session=False):
        timeline.append(intake_id, "message_heard", staff=by)  # every open page hears of it


def latest(intake_id: int) -> int | None:
    """Return the id of the intake's latest recording."""
    return session.scalar(select(func.max(Clip.id)).where(Clip.intake_id == intake_id))


def latest_length(intake_id: int) -> int | None:
    """Return the seconds of the intake's latest recording; None where there is none, or they are unknown."""
    of_intake = select(Clip.seconds).where(Clip.intake_id == intake_id)
    return session.scalar(of_intake.order_by(Clip.id.desc()).limit(1))


def longest_length(intake_id: int) -> int:
    """Return the seconds of the intake's longest recording; 0 where there is none, or they are unknown."""
    return session.scalar(select(func.max(Clip.seconds)).where(Clip.intake_id == intake_id)) or 0


def latest_url(intake_id: int) -> str | None:
    """Return where a telephone hears the latest: at our own path when it is kept, else at the network's address."""
    columns = Clip.id, Clip.url, Clip.audio.is_not(None).label("is_kept")
    newest = select(*columns).where(Clip.intake_id == intake_id).order_by(Clip.id.desc()).limit(1)
    clip = session.execute(newest).one_or_none()
    if clip is None:
        return None
    return clip_links.path(clip.id) if clip.is_kept else clip.url


def kept(clip_id: int) -> Clip | None:
    """Return this recording, once it is kept here."""
    return session.scalar(select(Clip).where(Clip.id == clip_id, Clip.audio.is_not(None)))


def by_id(reference: str, clip_id: int) -> Clip | None:
    """Return this recording of the intake with this reference, once it is kept here."""
    of_intake = Clip.id == clip_id, Clip.intake_id == Intake.id, Intake.reference == reference
    return session.scalar(select(Clip).where(*of_intake, Clip.audio.is_not(None)))
