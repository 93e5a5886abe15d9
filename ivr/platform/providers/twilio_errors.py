"""What Twilio's answers mean to us."""

from collections.abc import Callable
from typing import Final, TypeVar

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException

from ivr.platform.providers.telephone import LegGoneError, OutcomeUnknownError, RefusedError, TryLaterError

T = TypeVar("T")

#: Not in progress; not found.
_GONE: Final = frozenset({21220, 20404})


def asked(request: Callable[[], T]) -> T:
    """The answer to this request. Raises LegGoneError, TryLaterError, OutcomeUnknownError, RefusedError."""
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
