"""A person's calendar at its secret address, for the calendar program of their telephone or computer."""

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from ivr.backoffice.staff_calendar import file
from ivr.backoffice.staff_calendar import queries as staff_calendar_queries
from ivr.company.policy import service as policy
from ivr.company.staff.calendar_links import CalendarLinks
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.services import services
from ivr.web import bad_links
from ivr.web.headers import protect

blueprint = Blueprint("staff_calendar", __name__)


def links() -> CalendarLinks:
    config = services().config
    return CalendarLinks(config.secret_keys, config.public_url)


def address_of(staff: Staff) -> str:
    """Return the address at which this person's calendar is now."""
    return links().url(staff.id, staff.calendar_version)


@blueprint.get("/calendar/<token>.ics")
def calendar(token: str) -> AnyResponse:
    """Return shifts, leave, turn on call and visits: the last 7 days and the next 90. 404 once it is revoked."""
    found = links().read(token)
    if found is None:  # nothing is read for what we have not signed
        return _lost(bad_links.status())
    with services().database.reading():
        staff = staff_calendar_queries.holder(*found)
        if staff is None:
            return _lost(404)
        entries = staff_calendar_queries.entries(staff, services().public_url)
        name = f"{policy.current().company_name}: {staff.name}"
    # Once a day, so that a calendar that has changed in nothing else has the same tag.
    stamp = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    answer = Response(file.calendar_file(name, entries, stamp=stamp), mimetype="text/calendar")
    answer.add_etag()
    return answer.make_conditional(request)


@blueprint.after_request
def with_headers(response: Response) -> Response:
    """Only whoever asks keeps it, and asks each time whether it has changed. The address leaves in no referrer."""
    protect(response, scripts=False, referrer="no-referrer", is_indexed=False)
    if "ETag" in response.headers:
        response.headers["Cache-Control"] = "private, no-cache"
    return response


def _lost(status: int) -> Response:
    words = "Too many tries. Wait 15 minutes." if status == 429 else "There is no calendar at this address."
    return Response(words, status, mimetype="text/plain")
