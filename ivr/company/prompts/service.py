"""Recordings in place of spoken prompts: uploaded, removed, and which of them is in force."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, delete, select, update

from ivr.company.policy import cache
from ivr.company.policy import service as policy
from ivr.company.policy.field_types import LANGUAGES
from ivr.company.policy.trail import Somebody
from ivr.company.prompts import own_words, rules, script
from ivr.company.prompts.models import PromptRecording
from ivr.company.prompts.script import Prompt
from ivr.core import clock
from ivr.core.db import session
from ivr.core.errors import Refusal
from ivr.services import services

_READ: Final = "prompts.recorded"
#: A call may be about to fetch a removed recording: silence would be worse than old words.
LINGERS: Final = timedelta(minutes=10)


class ChangesEachTimeError(Refusal):
    message = "A part of this prompt is different at each call, so it is always spoken."


def upload(prompt: Prompt, language: str, data: bytes, by: Somebody) -> PromptRecording:
    """Play this sound instead of those words from now on. Raises ChangesEachTimeError and the refusals of rules."""
    if prompt.values:
        raise ChangesEachTimeError
    sound = rules.sound(data)
    before = next((one for one in in_force() if (one.prompt, one.language) == (prompt.id, language)), None)
    _end(PromptRecording.prompt == prompt.id, PromptRecording.language == language)
    recording = PromptRecording(
        prompt=prompt.id,
        language=language,
        words=prompt.words(language),
        spoken=own_words.spoken(prompt, language),
        digest=rules.digest(data),
        content_type=sound.content_type,
        audio=data,
        seconds=sound.seconds,
        made_at=clock.now(),
        made_by=by.name[:100],
    )
    session.add(recording)
    policy.record(_subject(recording), _told(before), _told(recording), by)
    return recording


def remove(recording: PromptRecording, by: Somebody) -> None:
    """Have the words spoken again from now on. Repeating it changes nothing."""
    if recording.removed_at is None:
        policy.record(_subject(recording), _told(recording), "spoken", by)
        _end(PromptRecording.prompt == recording.prompt, PromptRecording.language == recording.language)


def in_force() -> list[PromptRecording]:
    """Return the recordings that have not been removed, without their sound; one for each prompt and language."""
    rows = session.scalars(
        select(PromptRecording).where(PromptRecording.removed_at.is_(None)).order_by(PromptRecording.id)
    )
    return list({(one.prompt, one.language): one for one in rows}.values())


def holds(recording: PromptRecording) -> bool:
    """Whether the script still has the words of the upload, so that the recording is played."""
    return (recording.prompt, recording.language, recording.words) in script.in_script(services().script)


def says_otherwise(recording: PromptRecording) -> bool:
    """Whether the owner has changed the words, or the company's name in them, since the upload. It is played anyway."""
    prompt = script.by_id(services().script).get(recording.prompt)
    if prompt is None:
        return True
    then = recording.spoken or recording.words
    return then.casefold() != own_words.spoken(prompt, recording.language).casefold()


def address(recording: PromptRecording) -> str:
    """Return the path of the sound's URL."""
    return f"/prompts/{recording.digest}.{rules.KINDS[recording.content_type]}"


def by_digest(digest: str) -> PromptRecording | None:
    """Return the recording with this sound, while it is played and for ``LINGERS`` after."""
    rows = session.scalars(
        select(PromptRecording).where(PromptRecording.digest == digest).order_by(PromptRecording.id.desc())
    )
    gone = clock.now() - LINGERS
    return next(
        (one for one in rows if holds(one) and (one.removed_at is None or one.removed_at > gone)), None
    )


def recorded(language: str) -> Mapping[str, str]:
    """Return, for the script, the path of the recorded sound by the words that it replaces."""
    return cache.cached(_READ, _read).get(language, {})


def _read() -> dict[str, dict[str, str]]:
    read: dict[str, dict[str, str]] = {code: {} for code in LANGUAGES}
    for one in filter(holds, in_force()):
        prompt = script.by_id(services().script)[one.prompt]
        read[one.language][own_words.spoken(prompt, one.language)] = address(one)
    return read


def _end(*which: ColumnElement[bool]) -> None:
    """End the recordings that match, and delete those removed longer than ``LINGERS`` ago."""
    now = clock.now()
    cache.changed(_READ)
    session.execute(delete(PromptRecording).where(PromptRecording.removed_at < now - LINGERS))
    session.execute(
        update(PromptRecording).where(PromptRecording.removed_at.is_(None), *which).values(removed_at=now)
    )


def _subject(recording: PromptRecording) -> str:
    return f"Recording, {LANGUAGES[recording.language]}: {recording.prompt}"


def _told(recording: PromptRecording | None) -> str:
    if recording is None:
        return "spoken"
    return f"{rules.KINDS[recording.content_type].upper()} of {recording.seconds} s, {recording.digest[:8]}"
