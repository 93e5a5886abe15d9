"""The real network: Twilio's REST API 2010-04-01, or whatever stands where it stands."""

import re
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, Final, TypeVar

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http import HttpClient
from twilio.rest import Client

from ivr.telephony.interfaces import (
    Addresses,
    ForeignClipError,
    LegGoneError,
    OutcomeUnknownError,
    RefusedError,
    Reported,
    TryLaterError,
)

T = TypeVar("T")

#: Not in progress; not found.
_GONE: Final = frozenset({21220, 20404})
TWILIO: Final = "https://api.twilio.com"
LARGEST_CLIP: Final = 8 * 1024 * 1024


class TwilioTelephone:
    """The Telephone of ivr.telephony.interfaces. ``api_url`` is where recordings may be said to be."""

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        number: str,
        http_client: HttpClient,
        api_url: str = TWILIO,
    ) -> None:
        self._client = Client(account_sid, auth_token, http_client=http_client)
        self._number = number
        self._auth = (account_sid, auth_token)
        self._homes = {TWILIO, api_url}

    def ring(self, number: str, *, answered: str, failing: str, reported: str, seconds: int) -> str:
        # One value for each event: joined in one string they are silently ignored.
        events = ["initiated", "ringing", "answered", "completed"]
        call = self._ask(
            lambda: self._client.calls.create(
                to=number,
                from_=self._number,
                url=answered,
                fallback_url=failing,
                timeout=seconds,
                status_callback=reported,
                status_callback_event=events,
            )
        )
        return str(call.sid)

    def find(self, number: str, *, since: datetime) -> list[Reported]:
        calls = self._ask(lambda: self._client.calls.list(to=number, start_time_after=since, limit=20))
        return [
            Reported(call.sid, call.status)
            for call in calls
            if call.direction == "outbound-api" and (call.date_created is None or call.date_created >= since)
        ]

    def rung(self, *, before: datetime) -> list[Reported]:
        calls = self._ask(
            lambda: self._client.calls.list(from_=self._number, status="in-progress", limit=1000)
        )
        return [
            Reported(call.sid, call.status)
            for call in calls
            if call.direction == "outbound-api" and call.date_created and call.date_created < before
        ]

    def fetch(self, sid: str) -> Reported:
        call = self._ask(lambda: self._client.calls(sid).fetch())
        return Reported(call.sid, call.status)

    def send(self, sid: str, url: str) -> None:
        self._ask(lambda: self._client.calls(sid).update(url=url, method="POST"))

    def hang_up(self, sid: str) -> None:
        # "completed" ends a leg in progress; one that still rings may refuse it and wants "canceled".
        for status in ("completed", "canceled"):
            try:
                self._ask(partial(self._client.calls(sid).update, status=status))
            except (LegGoneError, RefusedError):
                continue
            return

    def addresses(self) -> Addresses:
        number = self._own_number()
        methods = {number.voice_method, number.voice_fallback_method, number.status_callback_method}
        if methods != {"POST"}:
            return Addresses(voice="", fallback="", status="")
        return Addresses(
            voice=number.voice_url or "",
            fallback=number.voice_fallback_url or "",
            status=number.status_callback or "",
        )

    def set_addresses(self, addresses: Addresses) -> None:
        number = self._own_number()
        self._ask(
            lambda: number.update(
                voice_url=addresses.voice,
                voice_method="POST",
                voice_fallback_url=addresses.fallback,
                voice_fallback_method="POST",
                status_callback=addresses.status,
                status_callback_method="POST",
            )
        )

    def _own_number(self) -> Any:
        numbers = self._ask(
            lambda: self._client.incoming_phone_numbers.list(phone_number=self._number, limit=1)
        )
        if not numbers:
            raise LegGoneError("21404")
        return numbers[0]

    def conference(self, room: str) -> str | None:
        found = self._ask(
            lambda: self._client.conferences.list(friendly_name=room, status="in-progress", limit=1)
        )
        return str(found[0].sid) if found else None

    def hold(self, conference_sid: str, sid: str, *, on: bool, music: str) -> None:
        participant = self._client.conferences(conference_sid).participants(sid)
        if on:
            self._ask(lambda: participant.update(hold=True, hold_url=music, hold_method="POST"))
        else:
            self._ask(lambda: participant.update(hold=False))

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

    @staticmethod
    def _ask(request: Callable[[], T]) -> T:
        try:
            return request()
        except TwilioRestException as answer:
            raise _meaning(answer) from answer
        except (requests.RequestException, TwilioException) as lost:
            raise OutcomeUnknownError(type(lost).__name__) from lost


def _meaning(answer: TwilioRestException) -> Exception:
    if answer.status == requests.codes.too_many_requests:
        return TryLaterError(str(answer.code))
    if answer.code in _GONE or answer.status == requests.codes.not_found:
        return LegGoneError(str(answer.code))
    if answer.status >= requests.codes.internal_server_error:
        return OutcomeUnknownError(str(answer.status))
    return RefusedError(f"{answer.code}: {answer.msg}"[:200])
