"""The network's recordings: begun, paused, asked about, fetched and deleted."""

import re
from collections.abc import Iterator
from typing import Any, Final

import requests

from ivr.platform.providers.telephone import (
    ForeignClipError,
    LegGoneError,
    OutcomeUnknownError,
    Recorded,
    RefusedError,
    Sound,
    TryLaterError,
)
from ivr.platform.providers.twilio_errors import asked
from ivr.platform.providers.twilio_http import TWILIO

LARGEST_CLIP: Final = 8 * 1024 * 1024


class TwilioRecorder:
    """A part of the ``Telephone``. ``api_url`` is where recordings may be said to be."""

    def __init__(self, client: Any, auth: tuple[str, str], api_url: str) -> None:
        self._client = client
        self._auth = auth
        self._homes = {TWILIO, api_url}

    def record(self, sid: str, *, reported: str) -> str:
        events = ["in-progress", "completed", "absent"]
        recording = asked(
            lambda: self._client.calls(sid).recordings.create(
                recording_status_callback=reported,
                recording_status_callback_method="POST",
                recording_status_callback_event=events,
            )
        )
        return str(recording.sid)

    def recording_of(self, sid: str) -> str | None:
        found = asked(lambda: self._client.calls(sid).recordings.list(limit=20))
        return next((str(one.sid) for one in found if one.status in ("in-progress", "paused")), None)

    def recording(self, sid: str) -> Recorded:
        found = asked(lambda: self._client.recordings(sid).fetch())
        # Unknown while it is made: then the duration is null, and -1 on Twilio's own page.
        seconds = int(found.duration) if found.duration and int(found.duration) > 0 else None
        return Recorded(str(found.sid), str(found.status), seconds)

    def pause_recording(self, sid: str, recording_sid: str, *, on: bool) -> None:
        recording = self._client.calls(sid).recordings(recording_sid)
        if on:
            asked(lambda: recording.update(status="paused", pause_behavior="silence"))
        else:
            asked(lambda: recording.update(status="in-progress"))

    def delete_recording(self, sid: str) -> None:
        asked(lambda: self._client.recordings(sid).delete())

    def sound(self, sid: str) -> Sound:
        path = f"/2010-04-01/Accounts/{self._auth[0]}/Recordings/{sid}.wav"
        status: int
        length: int | None
        pieces: Iterator[bytes]
        try:
            status, length, pieces = self._client.http_client.stream(path, self._auth)
        except requests.RequestException as lost:
            raise OutcomeUnknownError(type(lost).__name__) from lost
        if status == requests.codes.not_found:
            raise LegGoneError(str(status))
        if status != requests.codes.ok:
            raise OutcomeUnknownError(str(status))
        return Sound(pieces, length)

    def clip(self, url: str) -> bytes:
        path = self._path_of_recording(url)
        status: int
        body: bytes
        try:
            status, body = self._client.http_client.download(path + ".wav", self._auth, LARGEST_CLIP)
        except requests.RequestException as lost:
            raise OutcomeUnknownError(type(lost).__name__) from lost
        if status in (requests.codes.not_found, requests.codes.too_many_requests):
            raise TryLaterError(str(status))
        if status >= requests.codes.internal_server_error:
            raise OutcomeUnknownError(str(status))
        if status != requests.codes.ok or body[:4] != b"RIFF":
            raise RefusedError(f"{status}, and no WAV file")
        return body

    def _path_of_recording(self, url: str) -> str:
        # Our password goes along: it is for recordings of this account, at the address we were set up with.
        home = next((home for home in self._homes if url.startswith(f"{home}/")), None)
        path = url.removeprefix(home or "")
        account = re.escape(self._auth[0])
        if home is None or not re.fullmatch(
            rf"/2010-04-01/Accounts/{account}/Recordings/RE[0-9a-f]{{32}}", path, re.ASCII
        ):
            raise ForeignClipError("not a recording of this account")
        return path
