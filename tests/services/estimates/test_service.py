"""An estimate is prepared, sent once, superseded, opened, paid; and never edited after it was sent."""

from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, update

from ivr.backoffice.estimates import draft
from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates import rules as estimates_rules
from ivr.backoffice.estimates import service as estimates
from ivr.backoffice.estimates.draft import EstimateDraft
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import EstimateKind
from ivr.backoffice.estimates.service import SomebodyWasFasterError
from ivr.callcenter.intake import rules as intake_rules
from ivr.callcenter.intake import service as intakes
from ivr.company.policy import service as policy
from ivr.company.staff.models import Staff
from ivr.core.db import Database
from ivr.platform.timeline.models import CallEvent
from tests.support.estimates import LINKS, prepared, sent
from tests.support.world import pacific


def row(database: Database, quote_id: int) -> dict[str, Any]:
    with database.reading() as session:
        return dict(
            session.execute(select(*Estimate.__table__.columns).where(Estimate.id == quote_id)).one()._mapping
        )


def told(database: Database) -> list[str]:
    with database.reading() as session:
        return [
            kind for kind in session.scalars(select(CallEvent.kind).order_by(CallEvent.id)) if "quote" in kind
        ]


def test_an_estimate_goes_out_and_the_link_leads_back_to_it(
    database: Database, intake_id: int, olive: Staff
) -> None:
    quote_id, token = sent(database, intake_id, olive)

    kept = row(database, quote_id)
    assert (kept["version"], kept["state"], kept["total_cents"], kept["units"]) == (1, "sent", 650_00, 12)
    assert kept["valid_until"] == date(2026, 12, 7)
    assert token not in str(kept)
    with database.reading():
        found = estimates_queries.by_token(LINKS, token)
        assert found is not None
        assert found.id == quote_id
        assert intakes.get(intake_id).state == "quoted"
        for wrong in (token[:-1], token + "A", "", "1.x", "a" * 5000, LINKS.path(quote_id, "guess")[5:]):
            assert estimates_queries.by_token(LINKS, wrong) is None


def test_a_sent_estimate_is_never_edited_only_superseded(
    database: Database, intake_id: int, olive: Staff
) -> None:
    first, token = sent(database, intake_id, olive)
    before = row(database, first)

    second = prepared(database, intake_id, olive, EstimateDraft(extra_hours=3), seen=1)
    third = prepared(database, intake_id, olive, EstimateDraft(extra_hours=4), seen=2)

    assert second == third != first, "a draft is worked over; what was sent is not"
    assert row(database, first) == before
    with database.transaction():
        estimates.send(second, links=LINKS, by=olive)
    assert row(database, first) == {**before, "state": "superseded"}
    assert row(database, second)["total_cents"] == 950_00
    with database.reading():
        assert (old := estimates_queries.by_token(LINKS, token)) is not None
        assert estimates_queries.state_today(old) == "superseded"
    with pytest.raises(SomebodyWasFasterError), database.transaction():
        estimates.send(first, links=LINKS, by=olive)
    assert told(database) == ["quote_sent", "quote_superseded", "quote_sent"]


def test_two_operators_send_at_once_and_one_wins(database: Database, intake_id: int, olive: Staff) -> None:
    barrier, outcomes = Barrier(2), list[str]()

    def operator(hours: int) -> None:
        barrier.wait()
        try:
            with database.transaction():
                quote = estimates.prepare(
                    intakes.get(intake_id), EstimateDraft(extra_hours=hours), seen=0, by=olive
                )
                estimates.send(quote.id, links=LINKS, by=olive)
        except SomebodyWasFasterError:
            outcomes.append("refused")
        else:
            outcomes.append(f"sent {hours}")

    threads = [Thread(target=operator, args=(hours,)) for hours in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(outcomes) == 2
    (winner,) = [one for one in outcomes if one != "refused"]
    with database.reading() as session:
        (quote,) = session.scalars(select(Estimate))
        assert f"sent {quote.extra_hours}" == winner


def test_the_database_itself_keeps_one_payable_estimate(
    database: Database, intake_id: int, olive: Staff
) -> None:
    first, _ = sent(database, intake_id, olive)
    sent(database, intake_id, olive, EstimateDraft(extra_hours=1), seen=1)
    with pytest.raises(Exception, match=r"(?i)unique"), database.transaction() as session:
        session.execute(update(Estimate).where(Estimate.id == first).values(state="sent"))


@pytest.mark.parametrize(
    ("want", "field"),
    [
        (EstimateDraft(extra_hours=1, surcharge_cents=25_00), "surcharge_reason"),
        (EstimateDraft(extra_hours=1, rate_cents=175_00), "rate_reason"),
        (EstimateDraft(extra_hours=41), "extra_hours"),
        (EstimateDraft(surcharge_cents=12_00, surcharge_reason="far"), "surcharge"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    database: Database, intake_id: int, olive: Staff, want: EstimateDraft, field: str
) -> None:
    with pytest.raises(estimates_rules.BadPriceError) as refused:
        prepared(database, intake_id, olive, want)
    assert refused.value.field == field
    with database.reading():
        assert estimates_queries.versions(intake_id) == []


def test_without_a_rate_there_is_no_estimate(database: Database, intake_id: int, olive: Staff) -> None:
    with database.transaction():
        policy.change("hourly_rate_cents", "", policy.Command("test"))
    with pytest.raises(draft.RateNotSetError):
        prepared(database, intake_id, olive)


@pytest.mark.parametrize("name", intake_rules.ASKED_FOR)
def test_without_all_six_nothing_is_sent(database: Database, intake_id: int, olive: Staff, name: str) -> None:
    quote_id = prepared(database, intake_id, olive)
    with database.transaction():
        setattr(intakes.get(intake_id), name, None)
    refused = f"Still missing: {intake_rules.ASKED_FOR[name]}. Ask"
    with pytest.raises(estimates.NotAllAskedError, match=refused), database.transaction():
        estimates.send(quote_id, links=LINKS, by=olive)
    assert row(database, quote_id)["state"] == "draft"


def test_opened_and_paid_count_once(
    database: Database, intake_id: int, olive: Staff, clock: time_machine.Traveller
) -> None:
    quote_id, _ = sent(database, intake_id, olive)
    for _ in range(2):
        clock.shift(60)
        with database.transaction():
            estimates.opened(quote_id)
            estimates.paid(quote_id)

    kept = row(database, quote_id)
    assert kept["opened_at"] == kept["paid_at"] == pacific("2026-11-23 09:01:00")
    assert told(database) == ["quote_sent", "quote_opened", "quote_paid"]
    with database.reading():
        assert intakes.get(intake_id).state == "paid"


def test_money_that_comes_for_a_withdrawn_estimate_counts(
    database: Database, intake_id: int, olive: Staff
) -> None:
    quote_id, _ = sent(database, intake_id, olive)
    with database.transaction():
        estimates.withdraw(quote_id, by=olive)
        assert estimates_queries.state_today(estimates_queries.get(quote_id)) == "withdrawn"
        estimates.paid(quote_id)
    assert row(database, quote_id)["state"] == "paid"
    with pytest.raises(SomebodyWasFasterError), database.transaction():
        estimates.withdraw(quote_id, by=olive)


def test_it_can_be_paid_to_the_end_of_its_last_day_by_the_wall_clock(
    database: Database, intake_id: int, olive: Staff, clock: time_machine.Traveller
) -> None:
    quote_id, _ = sent(database, intake_id, olive)
    for moment, standing in (("2026-12-07 23:59:59", "sent"), ("2026-12-08 00:00:00", "expired")):
        clock.move_to(pacific(moment))
        with database.reading():
            assert estimates_queries.state_today(estimates_queries.get(quote_id)) == standing


def test_more_time_is_at_the_rate_of_the_visit_as_often_as_needed(
    database: Database, intake_id: int, olive: Staff
) -> None:
    more = EstimateDraft(kind=EstimateKind.MORE_TIME, extra_hours=2, agreed_by="Maria Lopez")
    with pytest.raises(estimates.NotYetError):
        prepared(database, intake_id, olive, more)
    visit, _ = sent(
        database, intake_id, olive, EstimateDraft(rate_cents=125_00, rate_reason="agreed for the year")
    )
    with database.transaction():
        estimates.paid(visit)
    with pytest.raises(draft.NotAgreedError):
        prepared(database, intake_id, olive, EstimateDraft(kind=EstimateKind.MORE_TIME, extra_hours=2))

    seen = 0
    for version in (2, 3):
        quote_id, _ = sent(database, intake_id, olive, more, seen=seen)
        kept = row(database, quote_id)
        assert (kept["version"], kept["base_cents"], kept["total_cents"], kept["units"]) == (
            version,
            0,
            250_00,
            10,
        )
        assert kept["agreed_at"] == pacific("2026-11-23 09:00:00")
        with database.transaction():
            estimates.paid(quote_id)
            assert intakes.get(intake_id).state == "paid"
        seen = version
    assert row(database, visit)["state"] == "paid"
