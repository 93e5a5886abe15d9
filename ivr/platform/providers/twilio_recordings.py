"""Recordings at Twilio: begin, pause, look up, fetch and delete them."""

import re
from contextlib import suppress
from typing import Any, Final

import requests

from ivr.platform.providers import reports
from ivr.platform.providers.telephone import (
    ForeignClipError,
    LeftRecording,
    LegGoneError,
    OutcomeUnknownError,
    Recorded,
    RefusedError,
    Sound,
    TryLaterError,
)
from ivr.platform.providers.twilio_http import TWILIO
from ivr.platform.providers.twilio_rest import TwilioRest

LARGEST_CLIP: Final = 8 * 1024 * 1024


class TwilioRecorder:
    """The recording methods of the ``Telephone``. Addresses of recordings begin with Twilio's URL or ``api_url``."""

    def __init__(self, rest: TwilioRest, api_url: str) -> None:
        self._ask = rest.ask
        self._account_sid = rest.account_sid
        self._homes = {TWILIO, api_url}

    def record(self, sid: str, *, reported: str) -> str:
        recording = self._ask(
            lambda twilio: twilio.calls(sid).recordings.create(
                recording_status_callback=reported,
                recording_status_callback_method="POST",
                recording_status_callback_event=list(reports.RECORDING),
            )
        )
        return str(recording.sid)

    def recording_of(self, sid: str) -> str | None:
        found = self._ask(lambda twilio: twilio.calls(sid).recordings.list(limit=20))
        return next((str(one.sid) for one in found if one.status in ("in-progress", "paused")), None)

    def recording(self, sid: str) -> Recorded:
        found = self._ask(lambda twilio: twilio.recordings(sid).fetch())
        # The duration is unknown while the recording is made: it is null, and -1 on Twilio's own page.
        seconds = int(found.duration) if found.duration and int(found.duration) > 0 else None
        return Recorded(str(found.sid), str(found.status), seconds)

    def left_recordings(self, sid: str) -> list[LeftRecording]:
        found = self._ask(lambda twilio: twilio.calls(sid).recordings.list())
        left = [one for one in found if one.source == "RecordVerb" and one.status == "completed"]
        path = f"{TWILIO}/2010-04-01/Accounts/{self._account_sid}/Recordings/"
        return [
            LeftRecording(f"{path}{one.sid}", int(one.duration or 0), one.start_time or one.date_created)
            for one in sorted(left, key=lambda one: one.date_created)
        ]

    def pause_recording(self, sid: str, recording_sid: str, *, on: bool) -> None:
        how = {"status": "paused", "pause_behavior": "silence"} if on else {"status": "in-progress"}
        self._ask(lambda twilio: twilio.calls(sid).recordings(recording_sid).update(**how))

    def delete_recording(self, sid: str) -> None:
        # Transcripts are resources of their own, and would outlive their recording. A list that is not there does not
        # say so: the recording does.
        self._ask(lambda twilio: twilio.recordings(sid).fetch())
        for one in self._ask(lambda twilio: twilio.recordings(sid).transcriptions.list()):
            self._delete_transcript(str(one.sid))
        self._ask(lambda twilio: twilio.recordings(sid).delete())

    def _delete_transcript(self, sid: str) -> None:
        with suppress(LegGoneError):
            self._ask(lambda twilio: twilio.transcriptions(sid).delete())

    def sound(self, sid: str) -> Sound:
        path = f"/2010-04-01/Accounts/{self._account_sid}/Recordings/{sid}.wav"

        def streamed(twilio: Any) -> Sound:
            status, length, pieces = twilio.http_client.stream(path, twilio.auth)
            if status == requests.codes.not_found:
                raise LegGoneError(str(status))
            if status != requests.codes.ok:
                raise OutcomeUnknownError(str(status))
            return Sound(pieces, length)

        return self._ask(streamed)

    def clip(self, url: str) -> bytes:
        path = self._path_of_recording(url)

        def downloaded(twilio: Any) -> bytes:
            status: int
            body: bytes
            status, body = twilio.http_client.download(path + ".wav", twilio.auth, LARGEST_CLIP)
            if status in (requests.codes.not_found, requests.codes.too_many_requests):
                raise TryLaterError(str(status))
            if status >= requests.codes.internal_server_error:
                raise OutcomeUnknownError(str(status))
            if status != requests.codes.ok or body[:4] != b"RIFF":
                raise RefusedError(f"{status}, and no WAV file")
            return body

        return self._ask(downloaded)

    def _path_of_recording(self, url: str) -> str:
        # The request carries our password: it may only go to a recording of this account, at a configured address.
        home = next((home for home in self._homes if url.startswith(f"{home}/")), None)
        path = url.removeprefix(home or "")
        account = re.escape(self._account_sid)
        if home is None or not re.fullmatch(
            rf"/2010-04-01/Accounts/{account}/Recordings/RE[0-9a-f]{{32}}", path, re.ASCII
        ):
            raise ForeignClipError("not a recording of this account")
        return path
