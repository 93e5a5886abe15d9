"""Recordings: list, fetch, delete, and the sound itself."""

from typing import Any

from flask import Blueprint, Response, make_response, request

from twilio_simulator.recordings import Clip
from twilio_simulator.rest.context import current_exchange
from twilio_simulator.rest.pages import in_time, page
from twilio_simulator.rest.refusals import not_found
from twilio_simulator.webhooks import API_VERSION, rfc2822

recordings = Blueprint("recordings", __name__)


def found(sid: str) -> Clip:
    clip = current_exchange().recordings.clips.get(sid)
    if clip is None:
        raise not_found()
    return clip


@recordings.get("/Recordings.json")
def listing() -> dict[str, Any]:
    wanted = [
        clip
        for clip in reversed(current_exchange().recordings.clips.values())
        if request.args.get("CallSid") in (None, clip.leg.sid if clip.leg else None)
        and request.args.get("ConferenceSid") in (None, clip.conference_sid)
        and in_time("DateCreated", clip.started)
    ]
    return page("recordings", wanted, show, lambda clip: clip.sid)


@recordings.get("/Calls/<call>/Recordings.json")
def of_call(call: str) -> dict[str, Any]:
    if call not in current_exchange().legs:
        raise not_found()
    wanted = [
        clip for clip in current_exchange().recordings.clips.values() if clip.leg and clip.leg.sid == call
    ]
    return page("recordings", wanted, without_media, lambda clip: clip.sid)


@recordings.get("/Recordings/<sid>.json")
def fetch(sid: str) -> dict[str, Any]:
    return show(found(sid))


@recordings.delete("/Recordings/<sid>.json")
def delete(sid: str) -> tuple[str, int]:
    del current_exchange().recordings.clips[found(sid).sid]
    return "", 204


@recordings.get("/Recordings/<name>")
def media(name: str) -> Response:
    """WAV without an ending or with .wav. Open to anybody who knows the URL unless the account enforces auth.

    Twilio makes an MP3 with .mp3; there is no encoder here, and a silent one would be a lie.
    """
    sid, _, ending = name.partition(".")
    clip = found(sid)
    if clip.status != "completed" or ending not in ("", "wav", "mp3"):
        raise not_found()
    if ending == "mp3":
        words = "The simulator makes no MP3: ask for .wav.\n"
        return make_response(words, 404, {"Content-Type": "text/plain; charset=utf-8"})
    return Response(clip.sound, mimetype="audio/x-wav")


def show(clip: Clip) -> dict[str, Any]:
    return without_media(clip) | {
        "subresource_uris": {"transcriptions": f"{clip.path}/Transcriptions.json"},
        "media_url": clip.url,
    }


def without_media(clip: Clip) -> dict[str, Any]:
    """Return a recording as lists of a call have it: without the URL of its sound."""
    return {
        "account_sid": clip.exchange.account_sid,
        "api_version": API_VERSION,
        "call_sid": clip.leg.sid if clip.leg else None,
        "conference_sid": clip.conference_sid,
        "channels": clip.channels,
        "date_created": rfc2822(clip.started),
        "date_updated": rfc2822(clip.started),
        "start_time": rfc2822(clip.started),
        "price": None,
        "price_unit": "USD",
        "duration": str(clip.seconds) if clip.status == "completed" else None,
        "sid": clip.sid,
        "source": clip.source,
        "status": clip.status,
        "error_code": None,
        "uri": f"{clip.path}.json",
        "encryption_details": None,
    }
