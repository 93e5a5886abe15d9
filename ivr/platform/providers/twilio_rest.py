"""The one way to Twilio's REST API: every request goes through ``TwilioRest.ask``."""

import re
from collections.abc import Callable
from time import perf_counter
from typing import Any, Final, TypeVar

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

from ivr.platform.providers.circuit_breaker import CircuitBreaker
from ivr.platform.providers.telephone import LegGoneError, OutcomeUnknownError, RefusedError, TryLaterError
from ivr.platform.providers.twilio_log import tell

T = TypeVar("T")

#: Not in progress; not found.
_GONE: Final = frozenset({21220, 20404})
#: A call or a recording that is to be deleted is not complete yet.
_NOT_COMPLETE: Final = 20009
#: The SID of what Twilio has made, in its answer.
_MADE: Final = re.compile(r'"sid": ?"([A-Z]{2}[0-9a-f]{32})"', re.ASCII)


class TwilioRest:
    """An account at Twilio. Only ``ask`` hands out its client, so no request can bypass the circuit breaker."""

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        http_client: HttpClient,
        breaker: CircuitBreaker | None = None,
    ) -> None:
        self.account_sid = account_sid
        self._client = LoggedClient(account_sid, auth_token, http_client=http_client)
        self._breaker = breaker

    def ask(self, request: Callable[[Any], T]) -> T:
        """Call the request with Twilio's client and return its answer.

        Raises LegGoneError, TryLaterError, OutcomeUnknownError, RefusedError; NotAskedError while the breaker is open.
        """
        if self._breaker is None:
            return self._answer_to(request)
        return self._breaker.ask(lambda: self._answer_to(request))

    def _answer_to(self, request: Callable[[Any], T]) -> T:
        try:
            return request(self._client)
        except TwilioRestException as answer:
            raise _meaning(answer) from answer
        except (requests.RequestException, TwilioException) as lost:
            raise OutcomeUnknownError(type(lost).__name__) from lost


class LoggedClient(Client):  # type: ignore[misc]  # twilio ships no types
    """Twilio's own client, which logs each request."""

    def request(self, method: str, uri: str, *args: Any, **kwargs: Any) -> Response:
        began = perf_counter()
        try:
            answer = super().request(method, uri, *args, **kwargs)
        except Exception as fault:
            tell(method, uri, began, error=type(fault).__name__)
            raise
        made = _MADE.search(answer.text or "") if answer.status_code == requests.codes.created else None
        theirs = (answer.headers or {}).get("Twilio-Request-Id")
        tell(method, uri, began, status=answer.status_code, made=made and made[1], their_id=theirs)
        return answer


def _meaning(answer: TwilioRestException) -> Exception:
    if answer.status == requests.codes.too_many_requests or answer.code == _NOT_COMPLETE:
        return TryLaterError(str(answer.code))
    if answer.code in _GONE or answer.status == requests.codes.not_found:
        return LegGoneError(str(answer.code))
    if answer.status >= requests.codes.internal_server_error:
        return OutcomeUnknownError(str(answer.status))
    return RefusedError(f"{answer.code}: {answer.msg}"[:200])
