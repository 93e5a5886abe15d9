"""Who changed what, and when."""

from flask import abort, request

from ivr.company.hours import service as hours
from ivr.company.policy import service as policy
from ivr.services import services
from ivr.web.console.common.gate import blueprint
from ivr.web.console.settings.pages import owners_only, shown

PAGE = 50


@blueprint.get("/settings/changes")
@owners_only
def audit() -> str:
    """Shows the changes, latest first, a page at a time."""
    before = request.args.get("before", "")
    if before and not (before.isdecimal() and before.isascii() and len(before) < 10):
        abort(404)
    with services().database.reading():
        calendar = hours.calendar()
        lines = policy.audit(before=int(before) if before else None, limit=PAGE + 1)
    older = lines[PAGE - 1].id if len(lines) > PAGE else None
    return shown("audit.html", title="Changes", lines=lines[:PAGE], older=older, calendar=calendar)
