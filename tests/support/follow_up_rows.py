"""Follow-ups to look at in the console."""

from datetime import timedelta

from ivr.backoffice.follow_ups.models import FollowUp
from ivr.core import clock
from ivr.core.db import Database
from tests.support.console import OMAR, TARA
from tests.support.intake_rows import an_intake


def add_follow_ups(database: Database) -> None:
    """Tara has a call to wrap up, Omar an estimate to ask about, which is overdue, and his colleague another."""
    now = clock.now()
    hour = timedelta(hours=1)
    with database.transaction() as session:
        for number, name in ((1, "Rosa Diaz"), (2, "Maria Lopez"), (3, "Elena Ruiz")):
            session.add(an_intake(number, contact_name=name, contact_number="+14155552671", state="closed"))
        session.flush()
        for number, cause, owner, due in (
            (1, "no_wrap_up", TARA, now + hour),
            (2, "unpaid", OMAR, now - hour),
            (3, "unpaid", OMAR + 2, now + hour),
        ):
            cents = None if number == 1 else 650_00
            made = {"made_at": now - 2 * hour, "due_at": due, "cents": cents, "wants_no_letters": False}
            session.add(FollowUp(intake_id=number, cause=cause, subject_id=number, owner_id=owner, **made))
