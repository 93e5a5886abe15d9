"""Recordings by the call or the conference they are of: list, fetch, delete; start, pause, resume and stop."""

from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint

from twilio_simulator.recordings import Clip
from twilio_simulator.rest.conferences import found as conference_found
from twilio_simulator.rest.context import current_exchange
from twilio_simulator.rest.forms import RECORDING, Form
from twilio_simulator.rest.pages import in_time, page
from twilio_simulator.rest.recordings import without_media as show
from twilio_simulator.rest.refusals import RefusedError, not_found

CURRENT: Final = "Twilio.CURRENT"
RUNNING: Final = ("in-progress", "paused")

call_recordings = Blueprint("call_recordings", __name__)


def _of_conference(conference: str) -> list[Clip]:
    conference_found(conference)
    return [
        clip for clip in current_exchange().recordings.clips.values() if clip.conference_sid == conference
    ]


def _of_call(call: str) -> list[Clip]:
    if call not in current_exchange().legs:
        raise not_found()
    return [
        clip for clip in current_exchange().recordings.clips.values() if clip.leg and clip.leg.sid == call
    ]


def _found(clips: list[Clip], sid: str) -> Clip:
    """By SID, or the newest of those that run."""
    for clip in reversed(clips):
        if clip.sid == sid or (sid == CURRENT and clip.status in RUNNING):
            return clip
    raise not_found()


@call_recordings.post("/Calls/<call>/Recordings.json")
def start(call: str) -> tuple[dict[str, Any], int]:
    leg = current_exchange().legs.get(call)
    if leg is None:
        raise not_found()
    form = Form(current_exchange(), RECORDING)
    if leg.status != "in-progress":
        raise RefusedError(21220, "Requested resource is not eligible for recording")
    clip = current_exchange().recordings.begin(
        "StartCallRecordingAPI", form.recording_callback(), leg=leg, channels=form.channels()
    )
    leg.on_end.append(clip.finish)
    return show(clip), 201


@call_recordings.get("/Conferences/<conference>/Recordings.json")
def of_conference(conference: str) -> dict[str, Any]:
    wanted = [clip for clip in _of_conference(conference) if in_time("DateCreated", clip.started)]
    return page("recordings", wanted, show, lambda clip: clip.sid)


def _change(clip: Clip) -> dict[str, Any]:
    form = Form(current_exchange(), "Status PauseBehavior")
    status = form.one_of("Status", ("", "in-progress", "paused", "stopped"))
    skips = form.one_of("PauseBehavior", ("silence", "skip")) == "skip"
    if not status:
        raise RefusedError(20001, "Status is missing")
    if clip.status not in RUNNING or clip.source == "RecordVerb":
        raise RefusedError(21220, "Recording is not in-progress")
    if status == "paused":
        clip.pause(skips=skips)
    elif status == "in-progress":
        clip.resume()
    else:
        clip.finish()
    return show(clip) | ({"status": "stopped"} if status == "stopped" else {})


def _routes(family: str, clips_of: Callable[[str], list[Clip]]) -> None:
    """Fetch, update and delete are the same in both families."""
    rule, name = f"/{family}/<of>/Recordings/<sid>.json", family.lower()

    def fetch(of: str, sid: str) -> dict[str, Any]:
        return show(_found(clips_of(of), sid))

    def update(of: str, sid: str) -> dict[str, Any]:
        return _change(_found(clips_of(of), sid))

    def delete(of: str, sid: str) -> tuple[str, int]:
        del current_exchange().recordings.clips[_found(clips_of(of), sid).sid]
        return "", 204

    call_recordings.add_url_rule(rule, f"{name}_fetch", fetch, methods=["GET"])
    call_recordings.add_url_rule(rule, f"{name}_update", update, methods=["POST"])
    call_recordings.add_url_rule(rule, f"{name}_delete", delete, methods=["DELETE"])


_routes("Calls", _of_call)
_routes("Conferences", _of_conference)
