"""Closes the service by hand with a click, and reopens it."""

from datetime import datetime
from typing import Any, Final

from flask import flash, request
from flask_login import current_user

from ivr.backoffice.line_closing import closures
from ivr.company.hours import rules as hours_rules
from ivr.company.hours import service as hours
from ivr.core.errors import Refusal
from ivr.web.console.common import time_format

#: For the audit.
IN_CONSOLE: Final = "in the console"


class NotATimeError(Refusal):
    message = "Enter a date and a time, such as 2026-12-24T13:30."


def section() -> dict[str, Any]:
    """Return what the page shows of the closing, in the open transaction: its state, and the usual ends besides it."""
    calendar = hours.calendar()
    closing = closures.in_force()
    return {
        "until": time_format.moment(closing.until_at, calendar) if closing else None,
        "has_message": closures.message_url() is not None,
        "ways": [
            (time_format.typed(one, calendar), time_format.moment(one, calendar))
            for one in closures.usual_end_times()
            if closing is None or one != closing.until_at
        ],
        "typed": request.form.get("until", ""),
    }


def act() -> None:
    """Do what was clicked, in the open transaction. Raises NotATimeError, NotAheadError."""
    if request.form.get("do") == "open":
        closures.reopen(current_user, IN_CONSOLE)
        flash("The line follows its usual hours again.")
        return
    until_at = _moment(request.form.get("at") or request.form.get("until", ""))
    closures.close(until_at, current_user, IN_CONSOLE)
    flash(f"The line is closed manually until {time_format.moment(until_at, hours.calendar())}.")


def _moment(typed: str) -> datetime:
    try:
        return hours_rules.moment(hours.calendar(), datetime.fromisoformat(typed.strip()[:19]))
    except (ValueError, OverflowError) as error:
        raise NotATimeError from error
