"""What must hold when the calls are over, whoever was killed meanwhile."""

from collections import Counter
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import TRIES, CallbackState
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.calls.outcomes import Outcome
from ivr.callcenter.intake import stages
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing.models import Offer, StaffCall
from ivr.callcenter.transfers.models import Transfer
from ivr.company.dialing.models import Dial
from ivr.company.staff.models import Staff
from ivr.core.db import Database
from ivr.platform import jobs
from tests.support.robots import may_be_robot


class Journal:
    """The network's own journal. It keeps the newest 500, so ``read`` is called often."""

    def __init__(self, network: str) -> None:
        self._network = network
        self._last = self.missed = 0
        self.rung: Counter[str] = Counter()
        self.figures: Counter[str] = Counter()
        self._session = requests.Session()
        self._session.trust_env = False

    def read(self) -> None:
        path = f"{self._network}/requests.json?after={self._last}"
        for request in self._session.get(path, timeout=10).json()["requests"]:
            self.missed += request["id"] - self._last - 1
            self._last = request["id"]
            self._count(request)

    def _count(self, request: dict[str, Any]) -> None:
        if request["kind"] != "rest":
            self.figures["webhooks"] += 1
            self.figures["webhooks without an answer"] += bool(request["error"])
            self.figures["webhooks answered 5xx"] += request["status"] >= 500
            self.figures["fallbacks"] += request["kind"] == "voice.fallback"
        elif (
            request["method"] == "POST" and request["url"].endswith("/Calls.json") and request["status"] < 400
        ):
            asked = urlsplit(request["params"]["Url"])
            about = parse_qs(asked.query)
            self.rung.update(
                f"{name} {about[name][0]}" for name in ("offer", "callback", "site_call") if name in about
            )


def breaches(database: Database, journal: Journal, dialled: set[str]) -> list[str]:
    """Every law that does not hold now, in words."""
    journal.read()
    found = [f"{journal.missed} requests were never looked at"] if journal.missed else []
    with database.reading() as session:
        most = Most(session)
        found += [
            f"{what}: rung {times} times" for what, times in journal.rung.items() if times > most.of(what)
        ]
        intakes = list(session.scalars(select(Intake)))
        not_kept_yet = Callback.state.in_([CallbackState.PROMISED, CallbackState.PLACED, CallbackState.TASK])
        owed = Counter(session.scalars(select(Callback.intake_id).where(not_kept_yet)))
        found += [
            f"intake {one.id} is {one.state} and nothing is promised"
            for one in intakes
            if one.call_state in stages.GOES_ON and one.id not in owed and not may_be_robot(one)
        ]
        known = {one.caller_number for one in intakes}
        found += [f"{number} rang and is not known" for number in dialled - known]
        found += [f"intake {one} has {count} open promises" for one, count in owed.items() if count > 1]
        for kind in (CustomerCall, StaffCall, Offer, Transfer):
            open_ones = session.scalars(select(kind.id).where(kind.ended_at.is_(None))).all()
            found += [f"{kind.__tablename__} {one} is open" for one in open_ones]
        found += [
            f"{one.name} is engaged with nobody"
            for one in session.scalars(select(Staff).where(Staff.offer_id.is_not(None)))
        ]
        legs = session.execute(
            text("SELECT offer_id, count(*) FROM leg GROUP BY offer_id HAVING count(*) > 1")
        )
        found += [f"offer {one} has {count} legs" for one, count in legs.all()]
        backlog = jobs.backlog()
    if backlog.dead or backlog.running or backlog.oldest_seconds > 5:
        found.append(f"jobs: {backlog}")
    return found


class Most:
    """How often whoever was rung for something may have been rung."""

    def __init__(self, session: Session) -> None:
        self._intakes = {one.id: one.intake_id for one in session.scalars(select(Callback))}
        rung_back = CustomerCall.direction == "callback", CustomerCall.outcome == Outcome.REACHED
        self._reached = Counter(session.scalars(select(CustomerCall.intake_id).where(*rung_back)))
        self._permits = Counter(key.partition("-")[0] for key in session.scalars(select(Dial.key)))

    def of(self, what: str) -> int:
        """One leg an offer; whoever is asked about time on site is tried twice.

        So is a customer for one promise, where nobody answers; who answers may ask to be called again, and it is the
        same promise, renewed. No attempt rings twice.
        """
        kind, number = what.split()
        if kind != "callback":
            return 1 if kind == "offer" else 2
        return min(self._permits[number], TRIES + self._reached[self._intakes.get(int(number), 0)])
