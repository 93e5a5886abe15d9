"""The page of all payment tasks, and the button that closes one."""

from flask import abort, render_template
from flask_login import current_user
from werkzeug.wrappers import Response

from ivr.backoffice.payments import queries as payments_queries
from ivr.backoffice.payments import service as payments
from ivr.company.hours import service as hours
from ivr.services import services
from ivr.web.console.common import words
from ivr.web.console.common.gate import ROW_ID, blueprint
from ivr.web.console.intake.answers import done
from ivr.web.once import once


@blueprint.get("/money")
def money() -> str:
    """Shows the open tasks, oldest first."""
    config = services().config
    with services().database.reading():
        calendar = hours.calendar()
        tasks = payments_queries.open_tasks()
    return render_template(
        "console/money.html",
        tasks=tasks,
        calendar=calendar,
        words=words,
        takes_payments=config.takes_payments,
    )


@blueprint.post("/money/<task>")
def close_money_task(task: str) -> Response:
    """Closes a task that a person has dealt with. Repeating it changes nothing."""
    if not ROW_ID.fullmatch(task):
        abort(404)
    with once():
        reference = payments.close_task(int(task), by=current_user.name)
    if reference is None:
        abort(404)
    return done(reference, "money", "Marked as done.")
