"""The telephone network by Twilio's REST API 2010-04-01, at Twilio or at the simulator."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from twilio.base import values
from twilio.http import HttpClient

from ivr.platform.providers.circuit_breaker import CircuitBreaker
from ivr.platform.providers.telephone import LegGoneError, Permit, RefusedError, Reported, WebhookUrls
from ivr.platform.providers.twilio_http import TWILIO
from ivr.platform.providers.twilio_recordings import TwilioRecorder
from ivr.platform.providers.twilio_rest import TwilioRest
from ivr.platform.providers.twilio_studio import TwilioStudio

#: Of the calls to one number; the list begins with the newest.
_NEWEST: Final = 100
#: Two seconds, in which an auto attendant begins to listen (Twilio, Call resource, SendDigits).
_PAUSE: Final = "wwww"


class TwilioTelephone(TwilioRecorder, TwilioStudio):
    """A ``Telephone`` on Twilio's REST API. Without a breaker it asks on during an outage of the network."""

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        number: str,
        http_client: HttpClient,
        api_url: str = TWILIO,
        *,
        breaker: CircuitBreaker | None = None,
    ) -> None:
        rest = TwilioRest(account_sid, auth_token, http_client, breaker)
        TwilioRecorder.__init__(self, rest, api_url)
        TwilioStudio.__init__(self, rest)
        self._number = number

    def ring(
        self,
        permit: Permit,
        *,
        answered: str,
        failing: str,
        reported: str,
        events: Sequence[str],
        seconds: int,
        extension: str | None = None,
    ) -> str:
        call = self._ask(
            lambda twilio: twilio.calls.create(
                to=permit.number,
                from_=self._number,
                url=answered,
                fallback_url=failing,
                timeout=seconds,
                time_limit=permit.longest_seconds,
                status_callback=reported,
                # One value for each event: Twilio silently ignores them when they are joined in one string.
                status_callback_event=list(events),
                send_digits=_PAUSE + extension if extension else values.unset,
            )
        )
        return str(call.sid)

    def find(self, number: str, *, since: datetime) -> list[Reported]:
        # No filter by time: the list has only StartTime, and a leg that waits to be dialed has not started.
        calls = self._ask(lambda twilio: twilio.calls.list(to=number, from_=self._number, limit=_NEWEST))
        return [
            Reported(call.sid, call.status)
            for call in calls
            if call.direction == "outbound-api" and (call.date_created is None or call.date_created >= since)
        ]

    def rung(self, *, before: datetime) -> list[Reported]:
        calls = self._ask(
            lambda twilio: twilio.calls.list(from_=self._number, status="in-progress", limit=1000)
        )
        return [
            Reported(call.sid, call.status)
            for call in calls
            if call.direction == "outbound-api" and call.date_created and call.date_created < before
        ]

    def fetch(self, sid: str) -> Reported:
        call = self._ask(lambda twilio: twilio.calls(sid).fetch())
        return Reported(call.sid, call.status)

    def talked(self, sid: str) -> int | None:
        rung = self._ask(lambda twilio: twilio.calls.list(parent_call_sid=sid, limit=_NEWEST))
        seconds = [int(one.duration or 0) for one in rung if one.status == "completed"]
        return sum(seconds) if seconds else None

    def send(self, sid: str, url: str) -> None:
        self._ask(lambda twilio: twilio.calls(sid).update(url=url, method="POST"))

    def hang_up(self, sid: str) -> None:
        try:
            self._ask(lambda twilio: twilio.calls(sid).update(status="completed"))
        except (LegGoneError, RefusedError):
            # "completed" is for a leg in progress. A leg that rings may refuse it; a leg that has ended refuses both.
            with suppress(LegGoneError, RefusedError):
                self._ask(lambda twilio: twilio.calls(sid).update(status="canceled"))

    def delete_call(self, sid: str) -> None:
        self._ask(lambda twilio: twilio.calls(sid).delete())

    def webhook_urls(self) -> WebhookUrls:
        number = self._own_number()
        return WebhookUrls(
            voice=number.voice_url or "",
            fallback=number.voice_fallback_url or "",
            status=number.status_callback or "",
            ignored_for=_ignored_for(number),
            methods=(number.voice_method, number.voice_fallback_method, number.status_callback_method),
        )

    def set_webhook_urls(self, urls: WebhookUrls, *, take_over: bool = False) -> None:
        number_sid = self._own_number().sid
        # An empty SID takes the application or the trunk away.
        nobody_else = {"voice_application_sid": "", "trunk_sid": "", "voice_receive_mode": "voice"}
        self._ask(
            lambda twilio: twilio.incoming_phone_numbers(number_sid).update(
                voice_url=urls.voice,
                voice_method="POST",
                voice_fallback_url=urls.fallback,
                voice_fallback_method="POST",
                status_callback=urls.status,
                status_callback_method="POST",
                **(nobody_else if take_over else {}),
            )
        )

    def _own_number(self) -> Any:
        numbers = self._ask(
            lambda twilio: twilio.incoming_phone_numbers.list(phone_number=self._number, limit=1)
        )
        if not numbers:
            raise LegGoneError("21404")
        return numbers[0]

    def conference(self, room: str) -> str | None:
        found = self._ask(
            lambda twilio: twilio.conferences.list(friendly_name=room, status="in-progress", limit=1)
        )
        return str(found[0].sid) if found else None

    def hold(self, conference_sid: str, sid: str, *, on: bool, music: str) -> None:
        how = {"hold": True, "hold_url": music, "hold_method": "POST"} if on else {"hold": False}
        self._ask(lambda twilio: twilio.conferences(conference_sid).participants(sid).update(**how))

    def announce(self, conference_sid: str, url: str) -> None:
        how = {"announce_url": url, "announce_method": "POST"}
        self._ask(lambda twilio: twilio.conferences(conference_sid).update(**how))


def _ignored_for(number: Any) -> tuple[str, ...]:
    """Say what has the calls of this number in place of its URLs (Twilio, IncomingPhoneNumber resource)."""
    others = (
        (number.voice_application_sid, f"the TwiML application {number.voice_application_sid}"),
        (number.trunk_sid, f"the SIP trunk {number.trunk_sid}"),
        (number.voice_receive_mode == "fax", "the fax mode"),
    )
    return tuple(words for there, words in others if there)
