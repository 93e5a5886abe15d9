"""What every URL of an estimate checks: which intake it belongs to."""

from flask import abort
from sqlalchemy import select

from ivr.backoffice.estimates import queries as estimates_queries
from ivr.callcenter.intake.models import Intake
from ivr.core.db import session
from ivr.web.console.intake.record import known


def intake_of(reference: str) -> Intake:
    intake = session.scalar(select(Intake).where(Intake.reference == known(reference)))
    return intake if intake is not None else abort(404)


def quote_of(intake: Intake, quote_id: int) -> int:
    """Return ``quote_id`` again if it belongs to this intake."""
    if quote_id >= 2**31 or estimates_queries.get(quote_id).intake_id != intake.id:
        abort(404)
    return quote_id
