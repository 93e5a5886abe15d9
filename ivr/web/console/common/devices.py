"""The browsers that a person has logged in from: a signed cookie tells them from a stranger's.

It opens nothing. Whoever has it is not shut out by what others type for the same account.
"""

import secrets
from datetime import timedelta
from typing import Any, Final, NamedTuple

from flask import after_this_request, request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from ivr.services import services

LASTS: Final = timedelta(days=180)
#: The accounts that one browser is known for, the latest first: a desk may be shared.
_MOST: Final = 10


class _Device(NamedTuple):
    name: str
    staff_ids: list[int]


def known_for(staff_id: int) -> str | None:
    """Return this browser's name if that person has logged in from it, else None."""
    device = _read()
    return device.name if device and staff_id in device.staff_ids else None


def remember(staff_id: int) -> None:
    """Have this request's answer make the browser known for that person, in place of the one known longest ago."""
    device = _read() or _Device(secrets.token_urlsafe(12), [])
    others = [one for one in device.staff_ids if one != staff_id]
    value = _signer().dumps([device.name, [staff_id, *others][:_MOST]])

    @after_this_request
    def keep(response: Any) -> Any:
        _keep(response, value)
        return response


def _keep(response: Response, value: str) -> None:
    lasts = int(LASTS.total_seconds())
    is_secure = services().config.is_https
    response.set_cookie(_name(), value, max_age=lasts, secure=is_secure, httponly=True, samesite="Lax")


def _read() -> _Device | None:
    try:
        name, staff_ids = _signer().loads(
            request.cookies.get(_name(), ""), max_age=int(LASTS.total_seconds())
        )
        return _Device(str(name), [int(one) for one in staff_ids])
    except (BadData, TypeError, ValueError):
        return None


def _name() -> str:
    return "__Host-device" if services().config.is_https else "device"


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(services().config.secret_keys, salt="device")
