"""The real network: Twilio's REST API 2010-04-01, or whatever stands where it stands."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit, urlunsplit

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http import HttpClient
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from ivr.telephony.interfaces import (
    LegGoneError,
    OutcomeUnknownError,
    RefusedError,
    Reported,
    TryLaterError,
)

T = TypeVar("T")

#: Not in progress; not found.
_GONE: Final = frozenset({21220, 20404})
_SECONDS_TO_ANSWER: Final = 10


class AtAddress(TwilioHttpClient):  # type: ignore[misc]  # twilio ships no types
    """Twilio's own HTTP client, asking another address: the SDK knows no setting for plain http."""

    def __init__(self, api_url: str) -> None:
        super().__init__(timeout=_SECONDS_TO_ANSWER)
        self._address = urlsplit(api_url)

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        asked = urlsplit(url)
        return super().request(
            method,
            urlunsplit((self._address.scheme, self._address.netloc, asked.path, asked.query, "")),
            *args,
            **kwargs,
        )


class TwilioTelephone:
    """The Telephone of ivr.telephony.interfaces."""

    def __init__(self, account_sid: str, auth_token: str, number: str, http_client: HttpClient) -> None:
        self._client = Client(account_sid, auth_token, http_client=http_client)
        self._number = number

    def ring(self, number: str, *, answered: str, reported: str, seconds: int) -> str:
        # One value for each event: joined in one string they are silently ignored.
        events = ["initiated", "ringing", "answered", "completed"]
        call = self._ask(
            lambda: self._client.calls.create(
                to=number,
                from_=self._number,
                url=answered,
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

    def hold(self, conference_sid: str, sid: str, *, on: bool, music: str) -> None:
        participant = self._client.conferences(conference_sid).participants(sid)
        if on:
            self._ask(lambda: participant.update(hold=True, hold_url=music, hold_method="POST"))
        else:
            self._ask(lambda: participant.update(hold=False))

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
