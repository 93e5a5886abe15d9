"""Transcriptions: list those of a recording, fetch, delete."""

from typing import Any

from flask import Blueprint

from twilio_simulator.recordings import Transcription
from twilio_simulator.rest.context import current_exchange, uri
from twilio_simulator.rest.pages import page
from twilio_simulator.rest.refusals import not_found
from twilio_simulator.webhooks import API_VERSION, rfc2822

transcriptions = Blueprint("transcriptions", __name__)


@transcriptions.get("/Recordings/<recording>/Transcriptions.json")
def of_recording(recording: str) -> dict[str, Any]:
    known = current_exchange().recordings
    wanted = [one for one in known.transcriptions.values() if one.clip.sid == recording]
    if not wanted and recording not in known.clips:
        raise not_found()
    return page("transcriptions", wanted, show, lambda one: one.sid)


@transcriptions.get("/Transcriptions/<sid>.json")
def fetch(sid: str) -> dict[str, Any]:
    return show(_found(sid))


@transcriptions.delete("/Transcriptions/<sid>.json")
def delete(sid: str) -> tuple[str, int]:
    del current_exchange().recordings.transcriptions[_found(sid).sid]
    return "", 204


def show(one: Transcription) -> dict[str, Any]:
    return {
        "account_sid": one.clip.exchange.account_sid,
        "api_version": API_VERSION,
        "date_created": rfc2822(one.made),
        "date_updated": rfc2822(one.made),
        "duration": str(one.clip.seconds),
        "price": None,
        "price_unit": "USD",
        "recording_sid": one.clip.sid,
        "sid": one.sid,
        "status": "completed" if one.text else "failed",
        "transcription_text": one.text or None,
        "type": "fast",
        "uri": uri(f"Transcriptions/{one.sid}.json"),
    }


def _found(sid: str) -> Transcription:
    one = current_exchange().recordings.transcriptions.get(sid)
    if one is None:
        raise not_found()
    return one
