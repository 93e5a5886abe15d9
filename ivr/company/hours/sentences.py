"""The opening hours in words, English ("en") and Spanish ("es"). Pure.

Every sentence is made from the calendar, so that no text can contradict it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from babel.dates import get_day_names
from babel.lists import format_list

from ivr.company.hours.rules import Calendar, Status, Window, local
from ivr.company.hours.wording import WORDINGS, Wording

#: Days after today whose names are not today's.
_A_WEEK: Final = 7


def spoken_moment(calendar: Calendar, at: datetime, *, now: datetime, language: str) -> str:
    """Return a future moment for use within a sentence: "tomorrow, Tuesday, at 7 a.m. Pacific"."""
    tongue = WORDINGS[language]
    there = local(calendar, at)
    away = (there.date() - local(calendar, now).date()).days
    day = tongue.day(there.date(), away=away)
    return tongue.moment.format(day=day, at=tongue.at(there.time()), zone=tongue.zone(calendar.zone))


def spoken_end(calendar: Calendar, at: datetime, *, now: datetime, language: str) -> str:
    """Return a future moment to follow "until": "4 p.m. Pacific"; another day than today is named."""
    tongue = WORDINGS[language]
    last = local(calendar, at - timedelta(seconds=1)).date()  # midnight ends today
    if last != local(calendar, now).date():
        return spoken_moment(calendar, at, now=now, language=language)
    return tongue.end.format(clock=tongue.clock(local(calendar, at).time()), zone=tongue.zone(calendar.zone))


def spoken_day(calendar: Calendar, at: datetime, *, now: datetime, language: str) -> str:
    """Return a future moment in a word or two, to follow "until": the time of today, or the shortest name of a day."""
    tongue = WORDINGS[language]
    there = local(calendar, at)
    away = (there.date() - local(calendar, now).date()).days
    if away == 0:
        return tongue.clock(there.time())
    if away == 1:
        return tongue.tomorrow
    return tongue.weekday(there.date()) if away < _A_WEEK else tongue.month_day(there.date())


def spoken_reason(calendar: Calendar, status: Status, language: str) -> str:
    """Say in whole sentences until when the company is open, or why it is closed, with the hours that explain it."""
    tongue = WORDINGS[language]
    if status.closes_at:
        until = tongue.clock(local(calendar, status.closes_at).time())
        return tongue.open_until.format(clock=until, zone=tongue.zone(calendar.zone))
    if status.reason == "closure":
        return tongue.closed_by_hand
    window, why, name, spanish = status.today
    occasion = tongue.occasion(name) if name else None
    if language == "es":
        occasion = spanish or occasion
    if window is None and occasion:
        return tongue.closed_for.format(occasion=occasion)
    closed = tongue.closed_now if window else tongue.closed_today
    if why == "closed_day":
        return f"{closed} {spoken_week(calendar, language)}".strip()
    return f"{closed} {_special_hours(calendar, window, occasion, tongue)}" if window else closed


def spoken_week(calendar: Calendar, language: str) -> str:
    """Return one sentence of the weekly hours, grouping days with equal hours; empty when no weekday is open."""
    tongue = WORDINGS[language]
    hours = [f"{_days(days, tongue)}, {tongue.window(window)}" for window, days in _alike(calendar.week)]
    if not hours:
        return ""
    return tongue.week.format(hours="; ".join(hours), zone=tongue.zone(calendar.zone))


def _special_hours(calendar: Calendar, window: Window, occasion: str | None, tongue: Wording) -> str:
    sentence = tongue.today_for if occasion else tongue.today
    return sentence.format(hours=tongue.window(window), zone=tongue.zone(calendar.zone), occasion=occasion)


def _alike(week: Mapping[int, Window]) -> Iterable[tuple[Window, list[int]]]:
    alike: dict[Window, list[int]] = {}
    for weekday, window in sorted(week.items()):
        alike.setdefault(window, []).append(weekday)
    return alike.items()


def _days(weekdays: list[int], tongue: Wording) -> str:
    if len(weekdays) == 7:
        return tongue.every_day
    names = get_day_names(locale=tongue.locale)
    said: list[str] = []
    for run in _runs(weekdays):
        first_to_last = [tongue.days(names[run[0]], names[run[-1]])]
        said += first_to_last if len(run) > 2 else [names[weekday] for weekday in run]
    return format_list(said, locale=tongue.locale)


def _runs(weekdays: list[int]) -> list[list[int]]:
    """Group consecutive days: [0, 1, 2, 4] is [[0, 1, 2], [4]]."""
    runs: list[list[int]] = []
    for weekday in weekdays:
        if runs and runs[-1][-1] == weekday - 1:
            runs[-1].append(weekday)
        else:
            runs.append([weekday])
    return runs
