"""Health: what all checks found the last time, with what to do. An owner has everything checked again."""

from typing import Final

from flask import flash, redirect, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from ivr.backoffice.checks import service as checks
from ivr.backoffice.checks.checkup import Checkup, of_json, state_of
from ivr.backoffice.checks.finding import State
from ivr.company.hours import service as hours
from ivr.services import services
from ivr.web.console.common.gate import blueprint
from ivr.web.console.settings.pages import button, shown
from ivr.web.once import once

#: By state: the tone of its mark.
TONES: Final = {State.OK: "done", State.WRONG: "owed", State.WARNING: "owed", State.UNKNOWN: "live"}
_SUMMARY: Final = {
    State.OK: "All is well.",
    State.UNKNOWN: "Something couldn't be checked.",
    State.WARNING: "Calls are taken. Something needs attention.",
    State.WRONG: "Something is wrong.",
}


@blueprint.get("/settings/health")
def health_page() -> str:
    """Show the last report. It asks nobody."""
    with services().database.reading():
        report = checks.last()
        calendar = hours.calendar()
    results = of_json(report.results) if report else []
    worst_first = sorted(results, key=lambda one: list(State).index(one.finding.state), reverse=True)
    return shown(
        "health.html",
        title="Health",
        report=report,
        amiss=[one for one in worst_first if one.finding.state != State.OK],
        well=[one for one in results if one.finding.state == State.OK],
        summary=_SUMMARY[state_of(results)],
        tones=TONES,
        calendar=calendar,
    )


@blueprint.post("/settings/health")
def check_health() -> Response:
    """Check everything, and keep what was found. No letter is sent, and nothing outside is changed."""
    button("check", "all")
    ours = services()
    results = ours.find(Checkup).results(ours)  # in no transaction: it waits for others
    with once():
        checks.keep(results, by=current_user.name)
    flash(f"Checked. {_SUMMARY[state_of(results)]}")
    return redirect(url_for("console.health_page"), 303)
