"""Whether a call is recorded: the caller is told, and their answer decides."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from sqlalchemy import select, update

from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.calls.service import LOOKED_AFTER_EVERY
from ivr.callcenter.intake.models import Clip, Intake
from ivr.callcenter.recording import rules
from ivr.callcenter.recording.models import Recording
from ivr.callcenter.recording.rules import RecordingState
from ivr.company.policy import service as policy
from ivr.core import clock
from ivr.core.db import changed, insert_once, session
from ivr.core.errors import Refusal
from ivr.platform.jobs import enqueue
from ivr.platform.timeline import service as timeline


class Wording(NamedTuple):
    """What a caller heard: the words, their language, and the version, which differs where the words or sound do."""

    words: str
    language: str
    version: str


#: The recording begins as the caller is on the way into the conference: what is said there waits for them.
CALLER_JOINS_WITHIN: Final = timedelta(seconds=2)


class NotRecordedError(Refusal):
    message = "Nothing of this call is being recorded."


def announce(call: CustomerCall, said: Wording) -> bool:
    """Return whether the caller is to hear these words about the recording now. The timeline keeps which words.

    False when the owner has not switched recording on, and once the caller has answered on this call.
    """
    if not policy.current().recording_of_calls:
        return False
    told = {"call_id": call.id, "intake_id": call.intake_id, "announced_at": clock.now()}
    number = insert_once(Recording, **told, state=RecordingState.ANNOUNCED, is_paused=False)
    if number is not None:
        timeline.append(call.intake_id, "recording_worded", key=str(number), **said._asdict())
        return True
    return (
        session.scalar(select(Recording.state).where(Recording.call_id == call.id))
        == RecordingState.ANNOUNCED
    )


def answered(call: CustomerCall, *, agrees: bool, has_spoken: bool = True) -> None:
    """The caller has answered, or has had the time to. A yes begins the recording once this is committed."""
    recording = session.scalar(select(Recording).where(Recording.call_id == call.id))
    if recording is None or not _come_to(
        recording, RecordingState.AGREED if agrees else RecordingState.DECLINED
    ):
        return
    if has_spoken:
        told = "recording_agreed" if agrees else "recording_declined"
        timeline.append(call.intake_id, told, key=str(recording.id))
    elif not agrees:
        timeline.append(call.intake_id, "recording_unanswered", key=str(recording.id))
    if agrees:
        enqueue("recordings.begin", key=f"record-{recording.id}", recording_id=recording.id)


def sid_of(reference: str, recording_id: int) -> str | None:
    """Return the SID of a recording of this intake, once it can be heard."""
    ours = (
        Intake.reference == reference,
        Recording.id == recording_id,
        Recording.state == RecordingState.COMPLETED,
    )
    return session.scalar(select(Recording.sid).join(Intake, Intake.id == Recording.intake_id).where(*ours))


def running(intake_id: int) -> Recording | None:
    """Return the recording that is being made now."""
    live = Recording.intake_id == intake_id, Recording.state == RecordingState.RUNNING
    return session.scalar(select(Recording).where(*live).order_by(Recording.id.desc()).limit(1))


def ought_to_run(recording_id: int) -> str | None:
    """Return the SID of the leg to record; None when it need not be recorded, or is already."""
    wanted = (
        Recording.id == recording_id,
        Recording.state == RecordingState.AGREED,
        CustomerCall.ended_at.is_(None),
    )
    return session.scalar(
        select(CustomerCall.sid).join(Recording, Recording.call_id == CustomerCall.id).where(*wanted)
    )


def begun(recording_id: int, sid: str | None) -> None:
    """The network records under this SID. None: it does not, as far as we know."""
    recording = session.get_one(Recording, recording_id, populate_existing=True)
    if sid is None:
        if recording.state == RecordingState.AGREED:
            _over(recording, RecordingState.ABSENT, None)
    elif _come_to(recording, RecordingState.RUNNING, sid=sid):
        timeline.append(recording.intake_id, "recording_began", key=str(recording_id))
        look_again(recording_id)
        run_at = clock.now() + CALLER_JOINS_WITHIN
        enqueue("recordings.tell", key=f"tell-{recording_id}", run_at=run_at, recording_id=recording_id)


def conference_recorded(recording_id: int) -> tuple[str, str] | None:
    """Return the conference's SID and the caller's language while this recording is made; None when it is not."""
    live = (
        Recording.id == recording_id,
        Recording.state == RecordingState.RUNNING,
        CustomerCall.ended_at.is_(None),
    )
    found = session.execute(
        select(CustomerCall.conference_sid, Intake.language)
        .join(Recording, Recording.call_id == CustomerCall.id)
        .join(Intake, Intake.id == CustomerCall.intake_id)
        .where(*live, CustomerCall.conference_sid.is_not(None))
    ).one_or_none()
    return None if found is None else (found.conference_sid, found.language)


def ended(recording_id: int, status: str | None, seconds: int | None) -> None:
    """Note how a recording that should be over has ended. ``status`` None: the network does not know it."""
    recording = session.get_one(Recording, recording_id)
    state = rules.OF_STATUS.get(status, RecordingState.RUNNING) if status else RecordingState.ABSENT
    if state == RecordingState.RUNNING:
        look_again(recording_id)
    else:
        _over(recording, state, seconds)


def reported(recording_id: int, call_sid: str, sid: str, status: str, seconds: int | None) -> None:
    """Note a status callback of a recording. One for an unknown recording, or another call's, changes nothing."""
    recording = session.get(Recording, recording_id)
    if recording is None or not rules.SID.fullmatch(sid) or recording.sid not in (None, sid):
        return
    if session.scalar(select(CustomerCall.sid).where(CustomerCall.id == recording.call_id)) != call_sid:
        return
    state = rules.OF_STATUS.get(status)
    if state:
        begun(recording_id, sid)  # a report may overtake the answer to our request, or another report
    if state in (RecordingState.COMPLETED, RecordingState.ABSENT):
        _over(recording, state, seconds)


def look_again(recording_id: int) -> None:
    """Ask the network in a while what became of the recording: its report may be lost."""
    run_at = clock.now() + LOOKED_AFTER_EVERY
    enqueue(
        "recordings.look_after", key=f"recording-{recording_id}", run_at=run_at, recording_id=recording_id
    )


def sid_once_over(recording_id: int) -> str | None:
    """Return the SID of a recording that is over, since its call is; while the call lasts None, to look again later."""
    recording = session.get(Recording, recording_id)
    if recording is None or recording.state != RecordingState.RUNNING:
        return None
    if session.get_one(CustomerCall, recording.call_id).ended_at is None:
        look_again(recording_id)
        return None
    return recording.sid


def steered(recording_id: int) -> tuple[str, str, bool] | None:
    """Return the SIDs of the leg and the recording, and whether to pause it; None when it is not being made."""
    recording = session.get(Recording, recording_id)
    if recording is None or recording.state != RecordingState.RUNNING or recording.sid is None:
        return None
    return session.get_one(CustomerCall, recording.call_id).sid, recording.sid, recording.is_paused


def set_pause(intake: Intake, *, on: bool, by: str) -> None:
    """Pause or resume the recording, as the customer wishes. Raises NotRecordedError."""
    recording = running(intake.id)
    if recording is None:
        raise NotRecordedError
    ours = Recording.id == recording.id, Recording.is_paused.is_not(on)
    if changed(update(Recording).where(*ours).values(is_paused=on)):
        timeline.append(intake.id, "recording_paused" if on else "recording_resumed", staff=by)
        enqueue("recordings.steer", key=f"steer-{recording.id}", recording_id=recording.id)


def at_the_network(intake_ids: Sequence[int]) -> set[str]:
    """Return the SIDs of all audio of these intakes that the network has, messages included."""
    ours = Recording.intake_id.in_(intake_ids), Recording.sid.is_not(None)
    sids = {sid for sid in session.scalars(select(Recording.sid).where(*ours)) if sid}
    urls = session.scalars(select(Clip.url).where(Clip.intake_id.in_(intake_ids)))
    return sids | {found[0] for url in urls if (found := rules.SID.search(url))}


def delete_at_the_network(intake_ids: Sequence[int]) -> None:
    """Have the network delete the audio of these intakes. Called before the rows forget the SIDs."""
    for sid in at_the_network(intake_ids):
        enqueue("recordings.delete", key=f"delete-{sid}", sid=sid)


def _over(recording: Recording, state: RecordingState, seconds: int | None) -> None:
    if _come_to(recording, state, seconds=seconds):
        told = "recording_ended" if state == RecordingState.COMPLETED else "recording_is_empty"
        timeline.append(
            recording.intake_id, told, key=str(recording.id), **({"seconds": seconds} if seconds else {})
        )


def _come_to(recording: Recording, state: RecordingState, **more: object) -> bool:
    """Move the recording to this state. Returns whether that is news."""
    ours = Recording.id == recording.id, Recording.state.in_(rules.BEFORE[state])
    return bool(changed(update(Recording).where(*ours).values(state=state, **more)))
