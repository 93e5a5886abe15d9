"""After its time nothing of a person is left anywhere, and every figure is."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import inspect, select, text

from ivr.backoffice.checks.finding import State
from ivr.backoffice.estimates.bookings.models import Booking
from ivr.backoffice.payments.models import PaymentTask
from ivr.backoffice.personal_data import service as personal_data
from ivr.backoffice.personal_data.models import PersonRequest
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.calls import service as calls
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.models import Clip
from ivr.callcenter.intake.stages import Stage
from ivr.company.policy import service as policy
from ivr.core import clock
from ivr.operations.checks.database import check_retention
from ivr.platform.idempotency import service as idempotency
from ivr.platform.idempotency.requests import WebhookRequest
from ivr.platform.jobs import Worker, enqueue
from ivr.platform.timeline.service import append
from ivr.services import services
from ivr.worker import ROUTINES
from tests.support.shop import Shop

#: All that the line knows of Rosa. Her number is the one that the shop's intake rang from.
KNOWN = {
    "contact_name": "Rosa Diaz",
    "contact_number": "+14155552671",
    "callback_number": "+14155552671",
    "callback_extension": "9876540",
    "issue": "The fax burns",
    "transcript": "It is burning now",
    "site_address": "1 Main Street",
    "system_number": "+15105550199",
    "detailed_issue": "It really burns",
    "issue_recording_url": "https://network.test/recording",
}
SECRETS = (*KNOWN.values(), "rosa@example.com", "smoke everywhere", "a voice", "a favour to Rosa")


@pytest.fixture
def shop(database_url: str) -> Iterator[Shop]:
    """A matter that went all the way: said, rung back, estimated, paid, booked."""
    shop = Shop(database_url, None)
    shop.customer(**KNOWN)
    number, now = KNOWN["contact_number"], clock.now()
    with shop.database.transaction() as session:
        intake = intakes.get(shop.intake_id)
        append(intake.id, "number_keyed", key=number, number=number)
        append(intake.id, "issue_heard", key="smoke everywhere", words="smoke everywhere", seconds=40)
        callback = Callback(
            intake_id=intake.id, number=number, reason="dropped", due_at=now, arrived_at=now, created_at=now
        )
        clip = Clip(
            intake_id=intake.id,
            url="https://network.test/recording",
            token="t",
            content_type="audio/mpeg",
            audio=b"a voice",
            transcript="It is burning now",
            made_at=now,
        )
        visit = Booking(
            intake_id=intake.id,
            starts_at=now + timedelta(days=3),
            ends_at=now + timedelta(days=3, hours=2),
            booked_by=shop.olive.id,
            booked_at=now,
            reason="a favour to Rosa",
        )
        session.add_all([callback, clip, visit])
        idempotency.keep(
            "a webhook", WebhookRequest("CA1", "/voice/incoming", {}), "<Say>The fax burns</Say>"
        )
        enqueue("no.such.job", email="rosa@example.com")
    shop.client.post(f"/sandbox-till/{shop.page()}", data={"press": "pay"})
    with shop.database.transaction():
        intakes.get(shop.intake_id).stage = Stage.BOOKED
    assert len(shop.receipts()) == 1
    yield shop
    shop.close()


def everything(shop: Shop) -> str:
    """All rows of all tables."""
    with shop.database.engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        rows = [connection.execute(text(f'SELECT * FROM "{table}"')).all() for table in tables]  # noqa: S608
    return repr(rows)


def left(shop: Shop) -> set[str]:
    whole = everything(shop)
    return {one for one in SECRETS if one in whole}


def searched(shop: Shop) -> set[str]:
    """Every word by which the search finds an intake."""
    with shop.database.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(
                "CREATE VIRTUAL TABLE temp.known USING fts5vocab(main, intake_search, row)"
            )
            found = connection.exec_driver_sql("SELECT term FROM known")
        else:
            found = connection.exec_driver_sql("SELECT word FROM ts_stat('SELECT words FROM intake_search')")
        return set(found.scalars())


def purges(shop: Shop, at: datetime, *words: str) -> dict[str, int]:
    """The command at that moment: its counts."""
    with time_machine.travel(at):
        done = shop.app.test_cli_runner().invoke(args=["purge", *words])
    assert done.exit_code == 0, done.output
    return {name: int(count) for count, name in map(str.split, done.output.splitlines()[1:])}


def test_nothing_of_a_person_is_left_and_the_figures_stay(shop: Shop) -> None:
    assert left(shop) == {*SECRETS}
    ledger, timeline = shop.ledger(), shop.timeline()
    later = clock.now() + timedelta(days=740)
    with time_machine.travel(later - timedelta(days=100)), shop.database.transaction():
        calls.new_intake("+14155550177").contact_name = "Somebody Else"

    planned = purges(shop, later, "--dry-run")
    assert left(shop) == {*SECRETS}, "a dry run deletes nothing"
    done = purges(shop, later)

    assert left(shop) == set()
    assert done == planned
    assert (done["intakes"], done["recordings"], done["letters"], done["answers"]) == (1, 1, 2, 1)
    assert done["events"] == len(timeline)
    assert done["jobs"] >= 1
    assert (shop.ledger(), shop.quote_state()) == (ledger, "paid")
    assert shop.timeline() == [*timeline, "purged"]
    assert "Somebody Else" in everything(shop)
    assert shop.client.get(f"/pay/{shop.quote}").status_code == 404, "the link in her mailbox leads nowhere"
    assert set(purges(shop, later).values()) == {0}, "again is no harm"
    assert purges(shop, later + timedelta(days=1000))["intakes"] == 1, "the other one, in its turn"


def test_doctor_tells_what_should_have_been_deleted(shop: Shop) -> None:
    ours, later = services(shop.app), clock.now() + timedelta(days=740)
    assert [one.state for one in check_retention(ours)] == [State.OK]
    with time_machine.travel(later):
        assert [one.state for one in check_retention(ours)] == [State.WRONG]
    purges(shop, later)
    with time_machine.travel(later):
        assert [one.state for one in check_retention(ours)] == [State.OK]


def test_what_was_asked_about_personal_data_goes_after_three_years(shop: Shop) -> None:
    with shop.database.transaction():
        personal_data.exported({}, by=shop.olive)
    assert purges(shop, clock.now() + timedelta(days=1090))["records"] == 0
    assert purges(shop, clock.now() + timedelta(days=1100))["records"] == 1
    assert shop.count(PersonRequest) == 0


def test_the_search_knows_none_of_her_words(shop: Shop) -> None:
    hers = {"rosa", "burns", "main", "4155552671", "5105550199", "0199"}
    assert hers <= searched(shop)
    purges(shop, clock.now() + timedelta(days=740))
    assert not hers & searched(shop)


def test_the_index_itself_keeps_none_of_her_words(shop: Shop) -> None:
    if shop.database.engine.dialect.name == "postgresql":
        pytest.skip("VACUUM does it")

    def index() -> bytes:
        with shop.database.engine.connect() as connection:
            return b"".join(connection.scalars(text("SELECT block FROM intake_search_data")))

    assert b"eally" in index(), "an index that leaves out the beginning which two words share"
    purges(shop, clock.now() + timedelta(days=740))
    assert b"eally" not in index()


def test_what_is_not_over_is_left_alone(shop: Shop) -> None:
    assert purges(shop, clock.now() + timedelta(days=720))["intakes"] == 0
    with shop.database.transaction():
        policy.change("retention_days", "30", policy.Command("test"))
    with shop.database.transaction() as session:
        visit = session.get_one(Booking, shop.intake_id)
        visit.ends_at += timedelta(days=60)
    assert purges(shop, clock.now() + timedelta(days=40))["intakes"] == 0, "a visit is ahead"
    assert "Rosa Diaz" in left(shop)
    assert purges(shop, clock.now() + timedelta(days=100))["intakes"] == 1


def test_a_visit_that_was_canceled_keeps_nothing_back(shop: Shop) -> None:
    with shop.database.transaction() as session:
        policy.change("retention_days", "30", policy.Command("test"))
        visit = session.get_one(Booking, shop.intake_id)
        visit.ends_at += timedelta(days=60)
        visit.cancelled_at, visit.cancelled_words = clock.now(), "Rosa moves house"
    assert purges(shop, clock.now() + timedelta(days=40))["intakes"] == 1
    assert "Rosa moves house" not in everything(shop)


def test_an_estimate_that_can_be_paid_is_not_over(database_url: str) -> None:
    shop = Shop(database_url, None)
    with shop.database.transaction():
        policy.change_all({"retention_days": "30", "estimate_valid_days": "90"}, policy.Command("test"))
    shop.estimate()
    assert purges(shop, clock.now() + timedelta(days=40))["intakes"] == 0
    assert purges(shop, clock.now() + timedelta(days=130))["intakes"] == 1
    shop.close()


def test_money_that_waits_for_a_visit_or_a_person_is_never_purged(shop: Shop) -> None:
    long_after = clock.now() + timedelta(days=2000)
    with shop.database.transaction():
        intakes.get(shop.intake_id).stage = Stage.PAID
    assert purges(shop, long_after)["intakes"] == 0, "paid, and never booked"

    with shop.database.transaction() as session:
        intakes.get(shop.intake_id).stage = Stage.DONE
        issue = PaymentTask(
            intake_id=shop.intake_id, kind="refunded", ref="re_1", cents=350_00, opened_at=clock.now()
        )
        session.add(issue)
    assert purges(shop, long_after)["intakes"] == 0, "a payment issue"

    with shop.database.transaction() as session:
        session.get_one(PaymentTask, issue.id).closed_at = clock.now()
    assert purges(shop, long_after)["intakes"] == 1


def test_a_promise_that_was_due_lately_is_not_purged(shop: Shop) -> None:
    with shop.database.transaction() as session:
        policy.change("retention_days", "30", policy.Command("test"))
        session.scalars(select(Callback)).one().due_at += timedelta(days=30)
    assert purges(shop, clock.now() + timedelta(days=50))["intakes"] == 0
    assert purges(shop, clock.now() + timedelta(days=70))["intakes"] == 1


def test_each_night_it_is_done_once_however_many_workers_there_are(shop: Shop) -> None:
    def a_worker_starts() -> Worker:
        with shop.database.transaction():
            for routine in ROUTINES:
                if routine.name == "retention.purge":
                    routine.plan()
        worker: Worker = services(shop.app).worker
        return worker

    with time_machine.travel(datetime(2028, 12, 5, 9, 59, tzinfo=UTC)) as traveller:
        workers = [a_worker_starts() for _ in range(3)]
        for worker in workers:
            worker.run_due()
        assert left(shop) == {*SECRETS}, "not yet"
        traveller.move_to(datetime(2028, 12, 5, 10, 0, 1, tzinfo=UTC))
        workers.append(a_worker_starts())
        for worker in workers:
            worker.run_due()
        assert left(shop) == set()
        assert shop.timeline().count("purged") == 1
        assert {worker.next_due() for worker in workers} == {datetime(2028, 12, 6, 10, tzinfo=UTC)}
