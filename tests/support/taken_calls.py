"""Calls that are offered to Tara, as rows: for her page, which only reads them."""

from sqlalchemy import update

from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing.models import Offer
from ivr.core import clock
from ivr.core.db import Database
from ivr.platform.timeline import service as timeline
from tests.support.console import TARA
from tests.support.intake_rows import an_intake


def takes(database: Database, number: int, *, rings: bool = False) -> None:
    """The line offers Tara the intake of this number, and she takes it unless it still rings."""
    with database.transaction() as session:
        ended = update(Offer).where(Offer.staff_id == TARA, Offer.ended_at.is_(None))
        session.execute(ended.values(ended_at=clock.now()))
        if session.get(Intake, number) is None:
            session.add(an_intake(number, state="with_technician", kind="onsite"))
            session.flush()
        state, accepted_at = ("ringing", None) if rings else ("accepted", clock.now())
        offer = Offer(intake_id=number, staff_id=TARA, role="technician", state=state, language="en")
        offer.made_at, offer.accepted_at = clock.now(), accepted_at
        session.add(offer)
        timeline.append(
            number, "offer_made" if rings else "offer_accepted", staff="Tara Nguyen", staff_id=TARA
        )
