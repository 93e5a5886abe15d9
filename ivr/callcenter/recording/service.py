"""Whether a call is recorded: as the caller was told, and answered. Runs in the open transaction of ``ivr.core.db``."""

from collections.abc import Sequence

from sqlalchemy import select, update

from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.calls.service import LOOKED_AFTER_EVERY
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.recording import rules
from ivr.callcenter.recording.models import Recording
from ivr.company.policy import service as policy
from ivr.core import clock
from ivr.core.db import changed, insert_once, session
from ivr.core.errors import Refusal
from ivr.platform.jobs import enqueue
from ivr.platform.timeline import service as timeline


class NotRecordedError(Refusal):
    message = "Nothing of this call is being recorded."


def announce(call: CustomerCall) -> bool:
    """Whether the caller is to be told, now, that they are recorded unless they mind.

    False where the owner has not switched it on, and once this call has answered.
    """
    if not policy.current().recording_of_calls:
        return False
    told = {"call_id": call.id, "intake_id": call.intake_id, "announced_at": clock.now()}
    number = insert_once(Recording, **told, state=rules.ANNOUNCED, is_paused=False)
    if number is not None:
        timeline.append(call.intake_id, "recording_announced", key=str(number))
        return True
    return session.scalar(select(Recording.state).where(Recording.call_id == call.id)) == rules.ANNOUNCED


def answered(call: CustomerCall, *, minds: bool) -> None:
    """What the caller answered; who says nothing does not mind. It begins when this transaction is committed."""
    recording = session.scalar(select(Recording).where(Recording.call_id == call.id))
    if recording is None or not _come_to(recording, rules.DECLINED if minds else rules.AGREED):
        return
    if minds:
        timeline.append(call.intake_id, "recording_declined", key=str(recording.id))
    else:
        enqueue("recordings.begin", key=f"record-{recording.id}", recording_id=recording.id)


def list_of(intake_id: int) -> Sequence[Recording]:
    """All there are, the oldest first."""
    return session.scalars(
        select(Recording).where(Recording.intake_id == intake_id).order_by(Recording.id)
    ).all()


def sid_of(reference: str, recording_id: int) -> str | None:
    """The network's name of a recording of this intake, once it can be heard."""
    ours = Intake.reference == reference, Recording.id == recording_id, Recording.state == rules.COMPLETED
    return session.scalar(select(Recording.sid).join(Intake, Intake.id == Recording.intake_id).where(*ours))


def running(intake_id: int) -> Recording | None:
    """The one that is being made now."""
    live = Recording.intake_id == intake_id, Recording.state == rules.RUNNING
    return session.scalar(select(Recording).where(*live).order_by(Recording.id.desc()).limit(1))


def ought_to_run(recording_id: int) -> str | None:
    """The leg that is to be recorded; None when it is not, any more, or is already."""
    wanted = Recording.id == recording_id, Recording.state == rules.AGREED, CustomerCall.ended_at.is_(None)
    return session.scalar(
        select(CustomerCall.sid).join(Recording, Recording.call_id == CustomerCall.id).where(*wanted)
    )


def begun(recording_id: int, sid: str | None) -> None:
    """The network makes it, by this name. None: it does not, as far as we have heard."""
    recording = session.get_one(Recording, recording_id, populate_existing=True)
    if sid is None:
        if recording.state == rules.AGREED:
            _over(recording, rules.ABSENT, None)
    elif _come_to(recording, rules.RUNNING, sid=sid):
        timeline.append(recording.intake_id, "recording_began", key=str(recording_id))
        look_again(recording_id)


def ended(recording_id: int, status: str | None, seconds: int | None) -> None:
    """What the network says of it when it ought to be over. None: it knows nothing of it."""
    recording = session.get_one(Recording, recording_id)
    state = rules.OF_STATUS.get(status, rules.RUNNING) if status else rules.ABSENT
    if state == rules.RUNNING:
        look_again(recording_id)
    else:
        _over(recording, state, seconds)


def reported(recording_id: int, call_sid: str, sid: str, status: str, seconds: int | None) -> None:
    """What the network tells of a recording by itself. Of one that we do not know, or that is another's, nothing."""
    recording = session.get(Recording, recording_id)
    if recording is None or not rules.SID.fullmatch(sid) or recording.sid not in (None, sid):
        return
    if session.scalar(select(CustomerCall.sid).where(CustomerCall.id == recording.call_id)) != call_sid:
        return
    state = rules.OF_STATUS.get(status)
    if state:
        begun(recording_id, sid)  # a report may overtake the answer, or another
    if state in (rules.COMPLETED, rules.ABSENT):
        _over(recording, state, seconds)


def look_again(recording_id: int) -> None:
    """Ask the network in a while what has become of it: its report may be lost."""
    run_at = clock.now() + LOOKED_AFTER_EVERY
    enqueue(
        "recordings.look_after", key=f"recording-{recording_id}", run_at=run_at, recording_id=recording_id
    )


def has_been_made(recording_id: int) -> str | None:
    """The network's name of a recording that must be over, since its call is; while the call goes on, asks again."""
    recording = session.get(Recording, recording_id)
    if recording is None or recording.state != rules.RUNNING:
        return None
    if session.get_one(CustomerCall, recording.call_id).ended_at is None:
        look_again(recording_id)
        return None
    return recording.sid


def steered(recording_id: int) -> tuple[str, str, bool] | None:
    """The leg, the recording, and whether it is to rest; None when it is not being made."""
    recording = session.get(Recording, recording_id)
    if recording is None or recording.state != rules.RUNNING or recording.sid is None:
        return None
    return session.get_one(CustomerCall, recording.call_id).sid, recording.sid, recording.is_paused


def set_pause(intake: Intake, *, on: bool, by: str) -> None:
    """The customer would rather not be recorded, or no longer minds. Raises NotRecordedError."""
    recording = running(intake.id)
    if recording is None:
        raise NotRecordedError
    ours = Recording.id == recording.id, Recording.is_paused.is_not(on)
    if changed(update(Recording).where(*ours).values(is_paused=on)):
        timeline.append(intake.id, "recording_paused" if on else "recording_resumed", staff=by)
        enqueue("recordings.steer", key=f"steer-{recording.id}", recording_id=recording.id)


def forget(intake_ids: Sequence[int]) -> int:
    """Have the sound of these intakes deleted at the network, also of what was left as a message.

    How many conversations there were.
    """
    ours = Recording.intake_id.in_(intake_ids), Recording.sid.is_not(None)
    sids = session.scalars(select(Recording.sid).where(*ours)).all()
    urls = session.scalars(select(Intake.issue_recording_url).where(Intake.id.in_(intake_ids)))
    left = [found[0] for url in urls if url and (found := rules.SID.search(url))]
    for sid in {*sids, *left}:
        enqueue("recordings.delete", key=f"delete-{sid}", sid=sid)
    changed(update(Recording).where(*ours).values(state=rules.FORGOTTEN, sid=None), in_session=False)
    return len(sids)


def _over(recording: Recording, state: str, seconds: int | None) -> None:
    if _come_to(recording, state, seconds=seconds):
        told = "recording_ended" if state == rules.COMPLETED else "recording_is_empty"
        timeline.append(
            recording.intake_id, told, key=str(recording.id), **({"seconds": seconds} if seconds else {})
        )


def _come_to(recording: Recording, state: str, **more: object) -> bool:
    """Whether that is news."""
    ours = Recording.id == recording.id, Recording.state.in_(rules.BEFORE[state])
    return bool(changed(update(Recording).where(*ours).values(state=state, **more)))
