"""Of the last two who miss a call at the same moment one stays available, whoever is slower to commit."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update

from ivr.callcenter.calls.outcomes import Outcome
from ivr.callcenter.calls.service import new_intake
from ivr.callcenter.routing import unanswered
from ivr.callcenter.routing.models import Offer
from ivr.company.policy import service as policy
from ivr.company.policy.service import Command
from ivr.company.staff import roster
from ivr.company.staff.models import Staff
from ivr.core.db import session
from tests.support.world import World


def misses(name: str) -> None:
    """In the open transaction."""
    staff = roster.by_name_or_phone(name)
    offer = Offer(intake_id=new_intake("+14155552671").id, staff=staff)
    session.execute(
        update(Staff).where(Staff.id == staff.id).values(unanswered.after(offer, Outcome.NO_ANSWER))
    )


def test_the_second_waits_for_the_first_and_stays(world: World) -> None:
    with world.database.transaction():
        policy.change("languages", "en", Command("the owner"))
        for name in ("dana", "tomas"):
            misses(name)

    def tomas_misses() -> None:
        with world.database.transaction():
            misses("tomas")

    with ThreadPoolExecutor(1) as another:
        with world.database.transaction():
            misses("dana")
            second = another.submit(tomas_misses)
            with pytest.raises(TimeoutError):
                second.result(timeout=0.3)
        second.result(timeout=30)

    with world.database.reading():
        found = {name: roster.by_name_or_phone(name) for name in ("dana", "tomas")}
        assert [one.is_available for one in found.values()] == [False, True]
        assert found["tomas"].unanswered == 2
