"""What every address of the estimate shares: whose it is, who may change it, and the page that is shown again."""

import re
from typing import Any, Final

from flask import abort, redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from ivr import clock
from ivr.console import words
from ivr.console.estimate.section import Section
from ivr.db import session
from ivr.intake.models import Intake
from ivr.quotes import queries

_REFERENCE: Final = re.compile(r"[A-Z0-9]{1,12}", re.ASCII)


def page(found: Section, problem: str | None = None, **more: Any) -> str:
    return part("console/estimate.html", found, problem=problem, **more)


def part(template: str, found: Section, **more: Any) -> str:
    return render_template(
        template,
        estimate=found,
        intake=found.intake,
        calendar=found.calendar,
        now=clock.now(),
        words=words,
        **more,
    )


def intake_of(reference: str) -> Intake:
    if not _REFERENCE.fullmatch(reference.upper()):
        abort(404)
    intake = session.scalar(select(Intake).where(Intake.reference == reference.upper()))
    return intake if intake is not None else abort(404)


def quote_of(intake: Intake, quote_id: int) -> int:
    """Its id again, when it is one of this intake's."""
    if quote_id >= 2**31 or queries.of(quote_id).intake_id != intake.id:
        abort(404)
    return quote_id


def may_edit() -> None:
    if not current_user.may_edit:
        abort(403)


def back(reference: str) -> Response:
    return redirect(url_for("console.estimate", reference=reference), 303)
