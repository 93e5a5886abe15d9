"""Thirty days go by: customers open, pay, ring, ask for peace or stay silent; letters bounce; staff come and go.

Nobody who has settled is reminded, nobody is reminded a third time or at night, and no open follow-up is nobody's.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

import pytest
import time_machine
from sqlalchemy import select, update

from ivr.backoffice import closing
from ivr.backoffice.estimates import service as estimates
from ivr.backoffice.follow_ups import reminders
from ivr.backoffice.follow_ups.models import FollowUp
from ivr.callcenter.calls.service import new_intake
from ivr.callcenter.intake import clips
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import CallState
from ivr.company.hours import rules as hours_rules
from ivr.company.hours.rules import COMPANY
from ivr.company.mail import service as mail
from ivr.company.mail.models import Mail, MailState
from ivr.company.policy import service as policy
from ivr.company.staff import roster
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.core.db import Database
from ivr.web.console.intake import service as intake
from tests.support.estimates import LINKS, prepared
from tests.support.follow_ups import Line
from tests.support.kept import kept_database
from tests.support.world import pacific

BEGINS = pacific("2026-11-23 09:00:00")
#: What may happen to a customer's estimate, and how often of a hundred.
FATES = {"pays": 30, "calls": 12, "withdrawn": 6, "closed": 6, "asks for peace": 6, "never": 40}


@dataclass
class Customer:
    """What happens to one matter, and when."""

    intake_id: int
    sent_at: datetime
    opens_at: datetime | None
    settles_at: datetime
    fate: str
    bounces: bool
    is_wrapped_up: bool
    message: str | None
    estimate_id: int = 0
    settled_at: datetime | None = None
    done: set[str] = field(default_factory=set)


class Lapse:
    """Thirty days of the line."""

    def __init__(self, line: Line, luck: Random, customers: int) -> None:
        self.line, self.luck, self.database = line, luck, line.database
        with self.database.transaction():
            names = (("Olive", "operator"), ("Pedro", "operator"), ("Petra", "operator"), ("Ruth", "owner"))
            self.staff = [
                roster.add(name, role, f"+1415555012{n}", f"{name.lower()}@example.com")
                for n, (name, role) in enumerate(names)
            ]
        self.customers = [self._customer() for _ in range(customers)]
        self.checked: set[int] = set()

    def goes_by(self, step: timedelta) -> None:
        while clock.now() < BEGINS + timedelta(days=30):
            for one in self.customers:
                self._live(one)
            self._staff_changes()
            self.line.looks()
            self._look()
            self._post()
            self.line.traveller.shift(step)

    def _customer(self) -> Customer:
        luck = self.luck
        with self.database.transaction():
            matter = new_intake("+14155552671")
            matter.call_state, matter.kind = CallState.FINISHED, "onsite"
            matter.contact_name, matter.contact_number = "Maria Lopez", "+14155552671"
            matter.contact_email, matter.site_address = "maria@example.com", "1 Main St"
            matter.system_number, matter.detailed_issue = "+15105550100", "It is dead."
            intake_id = matter.id
        sent_at = BEGINS + timedelta(days=luck.randrange(12), hours=luck.uniform(0, 6))
        return Customer(
            intake_id,
            hours_rules.within_hours(COMPANY, sent_at),
            sent_at + timedelta(hours=luck.expovariate(1 / 20)) if luck.random() < 0.6 else None,
            sent_at + timedelta(days=luck.uniform(0, 12)),
            luck.choices(list(FATES), list(FATES.values()))[0],
            bounces=luck.random() < 0.1,
            is_wrapped_up=luck.random() < 0.7,
            message=luck.choice((None, None, "heard", "unheard")),
        )

    def _live(self, one: Customer) -> None:
        now = clock.now()
        if now >= one.sent_at and "sent" not in one.done:
            one.done.add("sent")
            self._is_sent(one)
            return
        if "sent" not in one.done:
            return
        if one.opens_at and now >= one.opens_at and "opened" not in one.done:
            one.done.add("opened")
            with self.database.transaction():
                estimates.opened(one.estimate_id)
        if now >= one.settles_at and one.settled_at is None and one.fate != "never":
            one.settled_at = now
            self._settles(one)

    def _is_sent(self, one: Customer) -> None:
        by = next(person for person in self.staff if person.is_active)
        if one.message:
            clip_id = self.line.leaves_a_message(one.intake_id)
            if one.message == "heard":
                with self.database.transaction():
                    clips.heard(one.intake_id, [clip_id], by="Olive")
        else:
            self.line.talks(one.intake_id, by)
        if one.is_wrapped_up and not one.message:
            with self.database.transaction():
                reference = intakes.get(one.intake_id).reference
                intake.fill_in(reference, {"wrap_up": "other"}, by=by.name)
        one.estimate_id = prepared(self.database, one.intake_id, by)
        with self.database.transaction():
            estimates.send(one.estimate_id, links=LINKS, by=by)

    def _settles(self, one: Customer) -> None:
        by = next(person for person in self.staff if person.is_active)
        if one.fate == "calls":
            self.line.talks(one.intake_id, by, seconds=1)
            return
        with self.database.transaction() as session:
            state = intakes.get(one.intake_id).stage
            match one.fate:
                case "pays":
                    estimates.paid(one.estimate_id)
                case "withdrawn":
                    estimates.withdraw(one.estimate_id, by=by)
                case "closed" if state != "closed":
                    closing.close(one.intake_id, "They went elsewhere", by=by)
                case "asks for peace":
                    # Without a reminder there is no button to press.
                    reminded = select(FollowUp.id).where(
                        FollowUp.subject_id == one.estimate_id, FollowUp.reminded_at.is_not(None)
                    )
                    if session.scalar(reminded.limit(1)):
                        reminders.stop(one.estimate_id)
                    else:
                        one.settled_at = None

    def _staff_changes(self) -> None:
        """Now and then an operator leaves, and another is back."""
        if self.luck.random() > 0.2:
            return
        who = self.luck.choice(self.staff[:3])
        who.is_active = not who.is_active
        with self.database.transaction() as session:
            session.execute(update(Staff).where(Staff.id == who.id).values(is_active=who.is_active))

    def _look(self) -> None:
        """Looks at every letter that is new, and at whose everything is."""
        by_intake = {one.intake_id: one for one in self.customers}
        for letter in self.line.reminders():
            one = by_intake[letter.intake_id or 0]
            if letter.id in self.checked:
                continue
            self.checked.add(letter.id)
            assert one.settled_at is None, f"reminded though: {one.fate}"
            assert not one.bounces, "reminded at an address that does not exist"
            assert hours_rules.is_open(COMPANY, letter.created_at), "reminded at night"
        with self.database.reading() as session:
            owners = select(Staff.is_active).join(FollowUp, FollowUp.owner_id == Staff.id)
            assert all(session.scalars(owners.where(FollowUp.closed_at.is_(None)))), "nobody's"

    def _post(self) -> None:
        by_intake = {one.intake_id: one for one in self.customers}
        with self.database.transaction() as session:
            waiting = session.scalars(select(Mail).where(Mail.state == MailState.QUEUED)).all()
            for letter in waiting:
                if by_intake[letter.intake_id or 0].bounces:
                    mail.bounced(letter.id, "550 no such mailbox")
                else:
                    mail.sent(letter.id)


@pytest.fixture
def size(pytestconfig: pytest.Config) -> tuple[int, timedelta]:
    """How many customers, and how often the worker looks."""
    whole = pytestconfig.getoption("--whole")
    return (1000, timedelta(hours=3)) if whole else (14, timedelta(hours=6))


def test_thirty_days_go_by(sqlite_alone: str, size: tuple[int, timedelta]) -> None:
    customers, step = size
    with time_machine.travel(BEGINS, tick=False) as traveller:
        database = kept_database(sqlite_alone)
        with database.transaction():
            policy.change("hourly_rate_cents", "150", policy.Command("test"))
        lapse = Lapse(Line(database, traveller), Random(21), customers)  # noqa: S311  # no secret
        lapse.goes_by(step)

        letters = Counter(letter.intake_id for letter in lapse.line.reminders())
        assert letters, "nobody was reminded at all"
        assert max(letters.values()) == 2
        _nothing_is_forgotten(database, lapse)
        database.engine.dispose()


def _nothing_is_forgotten(database: Database, lapse: Lapse) -> None:
    """All estimates are over by now: paid, or followed up and lost."""
    with database.reading() as session:
        every = list(session.scalars(select(FollowUp).order_by(FollowUp.id)))
        stages = dict(session.execute(select(Intake.id, Intake.stage)).all())
    of_estimates = {one.subject_id for one in every if one.cents is not None}
    for one in lapse.customers:
        is_left = one.fate == "never"
        if is_left:
            assert one.estimate_id in of_estimates, "an estimate that nobody paid was forgotten"
    left_open = [one for one in every if one.closed_at is None]
    assert {str(one.cause) for one in left_open} <= {"no_wrap_up", "unheard"}
    assert all(stages[one.intake_id] != "closed" for one in left_open)
    unwritten = {one.intake_id for one in every if one.cause == "no_wrap_up"}
    assert not unwritten & {one.intake_id for one in lapse.customers if one.is_wrapped_up}
    unheard = {one.intake_id for one in every if one.cause == "unheard"}
    assert not unheard & {one.intake_id for one in lapse.customers if one.message == "heard"}
