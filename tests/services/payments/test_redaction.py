"""A customer is erased at the payment provider, which takes its time, and only then the request is done."""

from datetime import timedelta

import pytest
import time_machine

from ivr.backoffice.personal_data import service as personal_data
from ivr.backoffice.personal_data import subject
from ivr.backoffice.personal_data.models import PersonRequest, RequestState
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.stages import Stage
from ivr.core import clock
from ivr.platform.providers.checkout import Order, PaymentRefusedError
from ivr.platform.providers.stripe import StripeProvider
from tests.support.fake_stripe import FakeStripe
from tests.support.shop import Shop


def test_a_job_of_stripes_is_made_once_run_once_and_waited_for(
    payments: StripeProvider, provider: FakeStripe, order: Order
) -> None:
    page = payments.open_checkout(order)
    job = payments.redact([page.id], key="k", under_way=None)
    assert payments.redact([page.id], key="k", under_way=None) == job, (
        "the answer was lost, and it is asked again"
    )
    looks = [payments.redact([page.id], key="k", under_way=job) for _ in range(4)]

    assert looks == [job, job, job, None]
    assert [one["status"] for one in provider.redactions.values()] == ["succeeded"]
    assert provider.sessions[page.id]["customer_email"] == "[redacted]"


def test_what_stripe_does_not_redact_is_refused(payments: StripeProvider, provider: FakeStripe) -> None:
    with pytest.raises(PaymentRefusedError):
        payments.redact(["cs_of_another"], key="k", under_way=None)
    provider.redactions["prj_1"] = {"id": "prj_1", "status": "failed", "sessions": []}
    with pytest.raises(PaymentRefusedError):
        payments.redact(["cs_1"], key="k", under_way="prj_1")


#: What the databases differ in is told elsewhere.
SQLITE_ALONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def state(shop: Shop) -> PersonRequest:
    with shop.database.reading() as session:
        return session.get_one(PersonRequest, 1)


@SQLITE_ALONE
def test_the_request_is_done_when_the_provider_is(shop: Shop, provider: FakeStripe) -> None:
    shop.deliver(provider.pay(shop.page()))
    shop.work()
    ledger = shop.ledger()
    assert not shop.tasks()
    with shop.database.transaction():
        intakes.get(shop.intake_id).stage = Stage.DONE
        found = subject.find(["rosa@example.com"])
        request = personal_data.erase(found, by=shop.olive, force=True)
        assert request.state == RequestState.WORKING
    shop.work()
    waits = [task["what"] for task in state(shop).left]
    assert waits == ["payments", "remains"]

    hours = 0
    while state(shop).state != RequestState.DONE and hours < 200:
        hours += 1
        with time_machine.travel(clock.now() + timedelta(hours=hours)):
            shop.work()
    assert state(shop).state == RequestState.DONE
    assert state(shop).words == []
    assert [one["status"] for one in provider.redactions.values()] == ["succeeded"]
    assert shop.ledger() == ledger


@SQLITE_ALONE
def test_a_refusal_begins_another_job_the_next_time(shop: Shop, provider: FakeStripe) -> None:
    page = shop.page()
    with shop.database.transaction():
        personal_data.erase(subject.find(["rosa@example.com"]), by=shop.olive, force=True)
    shop.work()
    for job in provider.redactions.values():
        job["status"] = "failed"
    with time_machine.travel(clock.now() + timedelta(days=1)):
        shop.work()
    (task, _) = state(shop).left
    assert (task["ids"], task["under_way"], task["tries"]) == ([page], None, 1)
    with time_machine.travel(clock.now() + timedelta(days=3)):
        shop.work()
    assert len(provider.redactions) == 2
    with shop.database.transaction():
        assert personal_data.done_by_hand(1, "payments", by=shop.olive), "in the provider's dashboard"
        assert not personal_data.done_by_hand(1, "payments", by=shop.olive)
        assert not personal_data.done_by_hand(1, "remains", by=shop.olive), "nobody's hand does that"
    shop.work()
    assert state(shop).state == RequestState.DONE
