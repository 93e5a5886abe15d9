"""Whether the clock and the time zones are right: hours, links, codes and signatures depend on them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from sqlalchemy import func, select

from ivr.backoffice.checks.finding import Finding, ok, unknown, warning, wrong
from ivr.company.hours import service as hours
from ivr.company.hours import zones
from ivr.core import clock
from ivr.core.db import is_on_postgres, session
from ivr.services import Services

#: Seconds. The network tells whole ones, and an answer takes a while.
_SMALL, _LARGE = 5.0, 60.0
_TIMEOUT: Final = 5
_REMEDY: Final = "Have the machine set its clock by the network (NTP): timedatectl set-ntp true."


def check_clock(ours: Services) -> Iterator[Finding]:
    """Compare this machine's clock with the database's and the phone network's."""
    if ours.config.clock_file:
        yield ok("The clock is the demonstration's (CLOCK_FILE).")
        return
    with ours.database.reading():
        if is_on_postgres():
            theirs = session.scalar(select(func.clock_timestamp()))
            if theirs is not None:
                yield of_difference("the database's", (clock.now() - theirs).total_seconds())
    if ours.config.is_simulated:
        yield ok("The simulator has this machine's clock.")
        return
    told = _network_says(ours.config.twilio_api_url)
    if told is None:
        yield unknown("The phone network does not tell the time.", "Check again in a while.")
    else:
        yield of_difference("the phone network's", (clock.now() - told).total_seconds())


def of_difference(whose: str, seconds: float) -> Finding:
    """Return what a clock means that is ahead of theirs by so many seconds; behind, when it is negative."""
    words = f"This machine's clock is {abs(seconds):.0f} seconds {'ahead of' if seconds > 0 else 'behind'} {whose}."
    if abs(seconds) > _LARGE:
        return wrong(words, _REMEDY)
    if abs(seconds) > _SMALL:
        return warning(words, _REMEDY)
    return ok(f"This machine's clock agrees with {whose}.")


def check_zone(ours: Services) -> Iterator[Finding]:
    """Look whether the office's time zone is known, and how old the rules of the time zones are."""
    with ours.database.reading():
        zone = hours.calendar().zone
    if not zones.is_known(zone):
        yield wrong(
            f"The time zone {zone} is not known here.", "Set the hours again.", "console.opening_hours"
        )
        return
    yield of_zone_data(zone, zones.data_version(), clock.now())


def of_zone_data(zone: str, version: str, at: datetime) -> Finding:
    """Return what zone data of this version means, such as ``2026a``. Governments change the rules each year."""
    words = f"Time zone {zone}, by the rules of {version}."
    if int(version[:4]) < at.year - 1:
        return warning(f"{words} They are old.", "Install a newer release of this service.")
    return ok(words)


def _network_says(url: str) -> datetime | None:
    import requests  # noqa: PLC0415  # no web needs it for anything else

    try:
        date = requests.head(url, timeout=_TIMEOUT).headers.get("Date", "")
        return parsedate_to_datetime(date).astimezone(UTC)
    except (requests.RequestException, ValueError, TypeError):
        return None
