"""An estimate that was sent, the till it is paid at, and the people on both sides of it."""

import shutil
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select
from werkzeug.test import TestResponse

from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates import service as estimates
from ivr.backoffice.estimates.customer_links import Links
from ivr.backoffice.estimates.draft import EstimateDraft
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import EstimateKind, EstimateState
from ivr.backoffice.payments import queries as payments_queries
from ivr.backoffice.payments.models import Checkout, LedgerEntry, PaymentEvent, PaymentTask
from ivr.backoffice.payments.rules import CheckoutState
from ivr.callcenter.calls import service as calls
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.stages import CallState
from ivr.company.mail.models import Mail
from ivr.company.policy import service as policy
from ivr.company.staff import roster
from ivr.core import clock
from ivr.core.config import DESK, Config, from_environment
from ivr.core.db import Database
from ivr.platform.providers.outbox import Outbox, SavedLetter
from ivr.platform.timeline.models import CallEvent
from ivr.services import services
from tests.support.fake_stripe import KEY, SECRET, Delivery, FakeStripe
from tests.support.kept import kept_app, mail_goes_by

TOTAL = 450_00


class Shop:
    """The application with one intake. ``provider`` is Stripe's fake; without it the till is the sandbox."""

    def __init__(self, database_url: str, provider: FakeStripe | None, **environment: str) -> None:
        stripes = (
            {
                "STRIPE_API_KEY": KEY,
                "STRIPE_WEBHOOK_SECRET": SECRET,
                "STRIPE_API_URL": provider.url,
            }
            if provider
            else {}
        )
        self.settings: Config = from_environment(
            {**DESK, "DATABASE_URL": database_url, **stripes, **environment}
        )
        self.letters_folder = Path(mkdtemp(prefix="letters-"))
        self.outbox = Outbox(self.letters_folder, "line@example.com")
        mail_goes_by(self.outbox)
        self.app: Flask = kept_app(self.settings)
        self.database: Database = services(self.app).database
        self.client: FlaskClient = self.app.test_client()
        self.provider = provider
        with self.database.transaction():
            intake = calls.new_intake("+14155552671")
            intake.call_state = CallState.FINISHED
            intake.contact_name = "Rosa Diaz"
            intake.contact_number = intake.system_number = "+14155552671"
            intake.contact_email = "rosa@example.com"
            intake.site_address = "1 Main St, Oakland"
            intake.detailed_issue = "Half the phones are dead."
            policy.change("hourly_rate_cents", "150", policy.Command("test"))
            self.olive = roster.add("Olive", "operator", "+14155550121", "olive@example.com")
            self.intake_id, self.reference = intake.id, intake.reference
        self.quote = self.estimate()

    def estimate(self, units: int = 4, kind: EstimateKind = EstimateKind.VISIT) -> str:
        """An estimate is sent; its token. One that stood before is superseded."""
        with self.database.transaction():
            intake = intakes.get(self.intake_id)
            newest = estimates_queries.latest(self.intake_id, kind)
            wanted = EstimateDraft(surcharge_cents=units * 25_00, surcharge_reason="Far away")
            if kind == EstimateKind.MORE_TIME:
                wanted = EstimateDraft(kind, extra_hours=1, agreed_by="Rosa Diaz")
            quote = estimates.prepare(intake, wanted, seen=newest.version if newest else 0, by=self.olive)
            links = Links(self.settings.secret_key, self.settings.public_url)
            token = estimates.send(quote.id, links=links, by=self.olive).rsplit("/", 1)[1]
        self.work()  # the letter with the link
        return token

    # The customer

    def to_the_till(self, token: str | None = None) -> TestResponse:
        """Press the button that leads to the payment page."""
        return self.client.post(f"/pay/{token or self.quote}/checkout")

    def page(self, token: str | None = None) -> str:
        """The provider's page that this leads to, by its id."""
        answer = self.to_the_till(token)
        assert answer.status_code == 303, answer.text
        return answer.location.rsplit("/", 1)[1]

    # The provider

    def deliver(self, delivery: Delivery, status: int = 204) -> None:
        """Stripe posts an event."""
        body, headers = delivery
        answer = self.client.post("/payments/stripe", data=body, headers=headers)
        assert answer.status_code == status, answer.text

    def withdraw(self) -> None:
        """The estimate is not to be paid any more."""
        with self.database.transaction() as session:
            estimates.withdraw(session.scalars(select(Estimate.id)).one(), by=self.olive)
        self.work()

    def work(self) -> None:
        """The worker does what is due."""
        services(self.app).worker.run_due()

    def match_late(self) -> None:
        """The worker does what is due in two minutes."""
        with time_machine.travel(clock.now() + timedelta(minutes=2)):
            self.work()

    # What is seen

    def ledger(self) -> list[tuple[str, int]]:
        """Kind and cents of each line, in no order that matters."""
        with self.database.reading() as session:
            rows = session.scalars(select(LedgerEntry).order_by(LedgerEntry.kind, LedgerEntry.cents))
            return [(row.kind, row.cents) for row in rows]

    def balance(self) -> int:
        with self.database.reading():
            return payments_queries.balance(self.intake_id)

    def tasks(self) -> list[tuple[str, int]]:
        """What a person must look at."""
        with self.database.reading():
            return sorted((task.kind, task.cents) for task in payments_queries.open_tasks())

    def quote_state(self) -> EstimateState:
        """Of the newest estimate."""
        with self.database.reading() as session:
            return session.scalars(select(Estimate.state).order_by(Estimate.id.desc()).limit(1)).one()

    def checkouts(self) -> list[Checkout]:
        with self.database.reading() as session:
            return list(session.scalars(select(Checkout).order_by(Checkout.id)))

    def count(self, model: Any) -> int:
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(model)) or 0

    def timeline(self) -> list[str]:
        with self.database.reading() as session:
            return list(session.scalars(select(CallEvent.kind).order_by(CallEvent.id)))

    def receipts(self) -> list[SavedLetter]:
        """Those that customers have been sent, oldest first."""
        self.work()
        with self.database.reading() as session:
            names = [
                f"letter.{number}." for number in session.scalars(select(Mail.id).filter_by(kind="receipt"))
            ]
        return [one for one in self.outbox.letters()[::-1] if one.name.startswith(tuple(names))]

    def customer(self, **known: Any) -> None:
        """What the desk has written down of them."""
        with self.database.transaction():
            intake = intakes.get(self.intake_id)
            for name, value in known.items():
                setattr(intake, name, value)

    def forget_money(self) -> None:
        """As if nothing had been told yet."""
        with self.database.transaction() as session:
            for model in (PaymentTask, LedgerEntry, PaymentEvent, Mail):
                session.execute(delete(model))
            for checkout in session.scalars(select(Checkout)):
                checkout.state = CheckoutState.OPEN
            for quote in session.scalars(select(Estimate)):
                quote.state = EstimateState.SENT

    def close(self) -> None:
        """Nothing is left behind."""
        self.database.engine.dispose()
        shutil.rmtree(self.letters_folder)
