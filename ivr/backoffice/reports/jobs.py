"""The jobs that count the days that are over, and write the letter of Monday."""

from datetime import date
from typing import Final

from ivr.backoffice.reports import counting, monday_letter, stored_days
from ivr.company.hours import service as hours
from ivr.company.hours.rules import Calendar
from ivr.company.policy import service as policy
from ivr.core import clock
from ivr.core.db import Database
from ivr.platform.jobs import Job
from ivr.platform.jobs.context import JobContext

#: In one run: a worker has other things to do.
_MOST: Final = 10


def count_days(context: JobContext, _job: Job) -> None:
    """Store the counts of the latest days that are over and not stored."""
    with context.database.reading():
        calendar = hours.calendar()
        days = stored_days.missing(calendar, most=_MOST)
    for one in days:
        count_day(context.database, calendar, one)


def count_day(database: Database, calendar: Calendar, day: date) -> bool:
    """Store what this day comes to. Returns False where a call of that day changed meanwhile: nothing is stored."""
    with database.transaction():
        row_id = stored_days.begin(calendar, day)
    if row_id is None:
        return False
    with database.reading():
        counted, ids = counting.counted(calendar, day)
    with database.transaction():
        return stored_days.keep(row_id, counted, ids)


def mail_week(context: JobContext, _job: Job) -> None:
    """Write to owners how last week went, once, on Monday from 7 AM on."""
    with context.database.reading():
        calendar = hours.calendar()
        monday = monday_letter.due(calendar, clock.now())
        if monday is None or not policy.current().monday_letter or not monday_letter.waiting(monday):
            return
        week = monday_letter.told(calendar, monday)
    with context.database.transaction():
        monday_letter.post(monday, week)
