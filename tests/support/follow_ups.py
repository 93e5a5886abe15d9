"""What happens around an estimate, a call and a message, and what the service follows up."""

from datetime import datetime, timedelta
from itertools import count

import time_machine
from sqlalchemy import select, update

from ivr.backoffice.follow_ups import jobs as follow_ups_jobs
from ivr.backoffice.follow_ups.models import FollowUp
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.calls.rules import CallStatus
from ivr.callcenter.intake import clips
from ivr.callcenter.routing.models import Offer
from ivr.callcenter.routing.rules import OfferState
from ivr.company.mail import service as mail
from ivr.company.mail.models import Mail, MailState
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.core.db import Database

_numbers = count(1)


class Line:
    """The service as time passes."""

    def __init__(self, database: Database, traveller: time_machine.Traveller) -> None:
        self.database, self.traveller = database, traveller
        self.looks()

    def looks(self) -> None:
        """The worker looks what is to be followed up."""
        follow_ups_jobs.look_through(self.database)

    def later(self, **more: float) -> None:
        """Time passes, and the worker looks."""
        self.traveller.shift(timedelta(**more))
        self.looks()

    def is_at(self, at: datetime) -> None:
        """It is that moment, and the worker looks."""
        self.traveller.move_to(at)
        self.looks()

    def follow_ups(self, *, open_only: bool = True) -> list[FollowUp]:
        with self.database.reading() as session:
            every = session.scalars(select(FollowUp).order_by(FollowUp.id))
            return [one for one in every if not (open_only and one.closed_at)]

    def causes(self) -> list[str]:
        """Of the open ones."""
        return [str(one.cause) for one in self.follow_ups()]

    def endings(self) -> list[str | None]:
        """Of all, the first one first."""
        return [one.closed_because and str(one.closed_because) for one in self.follow_ups(open_only=False)]

    def reminders(self) -> list[Mail]:
        with self.database.reading() as session:
            reminding = select(Mail).where(Mail.kind == "estimate_reminder").order_by(Mail.id)
            return list(session.scalars(reminding))

    def post_is_taken(self, *, bounces: bool = False) -> None:
        """The mail server takes, or refuses, whatever waits."""
        with self.database.transaction() as session:
            waiting = list(session.scalars(select(Mail.id).where(Mail.state == MailState.QUEUED)))
            for mail_id in waiting:
                if bounces:
                    mail.bounced(mail_id, "550 no such mailbox")
                else:
                    mail.sent(mail_id)

    def talks(
        self, intake_id: int, staff: Staff, *, seconds: float = 120, direction: str = "inbound"
    ) -> None:
        """A call of the customer's with this member of staff has just ended."""
        ended, number = clock.now(), next(_numbers)
        began = ended - timedelta(seconds=seconds)
        span = {"answered_at": began, "ended_at": ended}
        with self.database.transaction() as session:
            call = {"sid": f"CA{number:032}", "direction": direction, "status": CallStatus.COMPLETED}
            session.add(CustomerCall(intake_id=intake_id, started_at=began, **call, **span))
            offer = {"role": staff.role, "state": OfferState.ACCEPTED, "language": "en", "made_at": began}
            session.add(Offer(intake_id=intake_id, staff_id=staff.id, accepted_at=began, **offer, **span))

    def leaves_a_message(self, intake_id: int) -> int:
        """The caller leaves a message: its id."""
        with self.database.transaction():
            return clips.recorded(intake_id, f"https://api.twilio.com/{next(_numbers)}", seconds=20)

    def leaves_the_company(self, *staff: Staff) -> None:
        with self.database.transaction() as session:
            session.execute(
                update(Staff).where(Staff.id.in_([one.id for one in staff])).values(is_active=False)
            )
