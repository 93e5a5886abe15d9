"""The small world in which stories happen: the line, the network it is on, and five people with telephones."""

import json
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytz
import time_machine
from flask import Flask
from sqlalchemy import select
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.intake.models import Intake
from ivr.company.policy import service as policy
from ivr.company.policy.service import Command
from ivr.company.staff import changes, roster
from ivr.core.config import SIMULATED_ACCOUNT, SIMULATED_TOKEN
from ivr.core.db import Database, transaction_is_open
from ivr.operations.export import exported
from ivr.platform.providers.outbox import Outbox, SavedLetter
from ivr.services import install, services
from ivr.worker import ROUTINES
from tests.support.hashes import cheaply_hashed
from tests.support.kept import kept_application
from twilio_simulator import Exchange, Handset, HeldClock, InProcessTwilio, InProcessWeb, Switches

LINE = "+18779437675"
ADDRESS = "https://line.test"
PACIFIC = pytz.timezone("America/Los_Angeles")
#: A Monday, well within hours.
MONDAY_MORNING = "2026-11-23 09:00:00"

PEOPLE = {
    "dana": ("Dana", "technician", "+14155550111", ["en"]),
    "tomas": ("Tomas", "technician", "+14155550112", ["es", "en"]),
    "olive": ("Olive", "operator", "+14155550121", ["en"]),
    "pedro": ("Pedro", "operator", "+14155550122", ["es", "en"]),
    "ruth": ("Ruth", "owner", "+14155550131", ["en"]),
}


def pacific(wall_clock: str) -> datetime:
    """A moment by the clock on the company's wall: ``2026-11-30 09:00:00``."""
    return PACIFIC.localize(datetime.fromisoformat(wall_clock), is_dst=None)


class FaultyDatabase(Database):
    """A database whose transactions are begun by somebody else."""

    def __init__(self, healthy: Database, begin: Callable[[], AbstractContextManager[Any]]) -> None:
        vars(self).update(vars(healthy))
        self._begin = begin

    def transaction(self) -> AbstractContextManager[Any]:
        return self._begin()


@dataclass
class Everybody:
    """The telephones."""

    customer: Handset
    dana: Handset
    tomas: Handset
    olive: Handset
    pedro: Handset


class World:
    """The line with its staff, on a network whose clock is in the hand."""

    def __init__(
        self,
        database_url: str,
        traveller: time_machine.Traveller,
        switches: Switches | None = None,
        address: str = ADDRESS,
    ) -> None:
        #: Where the line is on the web.
        self.address = address
        #: Set by a story that means something of ours to break.
        self.faults_expected = False
        #: Made when the first letter is sent.
        self.letters_folder = Path(tempfile.gettempdir()) / f"letters-{uuid4().hex}"
        self.clock = HeldClock(pacific(MONDAY_MORNING))
        self.clock.on_move.append(traveller.move_to)
        traveller.move_to(self.clock.now())
        self.app = self._application(database_url, switches)
        self.database = services(self.app).database
        with self.database.transaction():
            for name, role, phone, languages in PEOPLE.values():
                roster.add(name, role, phone, f"{name.lower()}@example.com", languages, None)
        self.people = Everybody(
            customer=self.handset("+14155552671", "Customer"),
            **{
                key: self.handset(PEOPLE[key][2], PEOPLE[key][0])
                for key in ("dana", "tomas", "olive", "pedro")
            },
        )

    def _application(self, database_url: str, switches: Switches | None) -> Flask:
        self.exchange = Exchange(
            account_sid=SIMULATED_ACCOUNT,
            auth_token=SIMULATED_TOKEN,
            web=InProcessWeb({self.address: self._answer}),
            clock=self.clock,
            switches=switches,
        )
        self.asked = _OutsideTransactions(self.exchange.rest)
        app, worker = kept_application(
            database_url, self.address, self.asked, Outbox(self.letters_folder, "line@example.com")
        )
        app.testing = True  # what a notification breaks, the story sees
        self.exchange.add_number(
            LINE,
            voice_url=f"{self.address}/voice/incoming",
            voice_fallback_url=f"{self.address}/voice/fallback",
            status_callback=f"{self.address}/voice/status",
        )
        self.exchange.backgrounds.append(worker)
        return app

    def _answer(self, environ: dict[str, Any], start: Any) -> Any:
        return self.app(environ, start)

    def handset(self, number: str, name: str) -> Handset:
        """A telephone in somebody's hand."""
        return Handset(self.exchange.phone(number, name), self.exchange)

    def owner(self, pin: str) -> Handset:
        """The telephone of the owner, who has this PIN."""
        self.has_pin("ruth", pin)
        return self.handset(PEOPLE["ruth"][2], "Ruth")

    def has_pin(self, name: str, pin: str) -> None:
        """One of staff has this PIN."""
        with self.database.transaction():
            person = roster.by_name_or_phone(name)
            changes.set_pin(Command("tests"), person, pin)
            person.pin_hash = cheaply_hashed(pin)

    def is_now(self, wall_clock: str) -> None:
        """Move the clock on to this Pacific wall-clock time."""
        self.clock.move_to(pacific(wall_clock))

    def off_shift(self, *names: str) -> None:
        """These people are not to be rung."""
        self._rung(names, on=False)

    def on_shift(self, *names: str) -> None:
        """These people are to be rung again."""
        self._rung(names, on=True)

    def _rung(self, names: Collection[str], *, on: bool) -> None:
        with self.database.transaction():
            for staff in roster.everyone():
                if staff.name.lower() in names:
                    staff.is_available = on

    def records_calls(self, *, needs_yes: bool = False) -> None:
        """The owner has switched it on. Where no yes is needed, silence is one."""
        with self.database.transaction():
            policy.change("recording_of_calls", "yes", Command("the owner"))
            policy.change("recording_needs_yes", "yes" if needs_yes else "", Command("the owner"))

    def records(self) -> list[dict[str, Any]]:
        """All intakes as ``export intakes`` prints them, oldest first."""
        with self.database.reading():
            return [json.loads(json.dumps(record, default=str)) for _, record in exported()]

    def record(self) -> dict[str, Any]:
        """The only intake."""
        (record,) = self.records()
        return record

    def state(self) -> str:
        """The state of the only intake."""
        with self.database.reading() as session:
            return session.scalars(select(Intake.state)).one()

    def callbacks(self) -> list[Callback]:
        """Every callback ever promised."""
        with self.database.reading() as session:
            return list(session.scalars(select(Callback).order_by(Callback.id)))

    def letters(self) -> list[SavedLetter]:
        """Every letter that was sent, oldest first."""
        return Outbox(self.letters_folder, "").letters()[::-1]

    def signed(self, path: str, **form: str) -> dict[str, Any]:
        """What Twilio would post to ``path``: keyword arguments of a test client's ``post``."""
        form = {"AccountSid": SIMULATED_ACCOUNT} | form
        signature = RequestValidator(SIMULATED_TOKEN).compute_signature(self.address + path, form)
        return {"data": form, "headers": {"X-Twilio-Signature": signature}}

    def breaks(self, begin: Callable[[], AbstractContextManager[Any]]) -> None:
        """From now on every webhook's transaction is what ``begin`` makes of it."""
        install(self.app, replace(services(self.app), database=FaultyDatabase(self.database, begin)))

    def mends(self) -> None:
        """The database is itself again."""
        install(self.app, replace(services(self.app), database=self.database))

    @contextmanager
    def always_fails(self) -> Iterator[None]:
        """A transaction on a database that is not there."""
        raise ConnectionError("the database is not there")
        yield

    def fails_once(self) -> Callable[[], Any]:
        """A transaction that fails the first time and is healthy from then on."""
        healthy = self.database.transaction
        tries = iter([self.always_fails])

        def transaction() -> AbstractContextManager[Any]:
            return next(tries, healthy)()

        return transaction

    def end_conference(self) -> None:
        """Somebody ends every conference through the provider's own console."""
        client = Client(SIMULATED_ACCOUNT, SIMULATED_TOKEN, http_client=InProcessTwilio(self.exchange.rest))
        for conference in client.conferences.list(status="in-progress"):
            conference.update(status="completed")
        self.exchange.settle()

    def is_reconciled(self) -> None:
        """From now on the line looks for what was lost, each minute. Long stories are told without."""
        self.does_routinely("calls.reconcile")

    def does_routinely(self, name: str) -> None:
        """From now on this routine runs whenever it is due."""
        with self.database.transaction():
            next(one for one in ROUTINES if one.name == name).plan()

    def lose_next_status(self) -> None:
        """The next report that an inbound call has ended never arrives."""
        self.exchange.trouble.drop("number.status_callback")

    @contextmanager
    def jobs_held_back(self) -> Iterator[None]:
        """The worker does nothing meanwhile: two people act before the network has been moved."""
        workers, self.exchange.backgrounds[:] = list(self.exchange.backgrounds), []
        yield
        self.exchange.backgrounds[:] = workers
        self.exchange.settle()

    def is_far_away(self, seconds: float) -> None:
        """From now on each request to the network, and each answer of it, is so long on its way."""
        self.asked.travels = lambda: self.clock.move_to(self.clock.now() + timedelta(seconds=seconds))

    def another_rings(self, *numbers: str) -> None:
        """Another program of the company rings these numbers from ours, and the account's creates queue."""
        client = Client(SIMULATED_ACCOUNT, SIMULATED_TOKEN, http_client=InProcessTwilio(self.exchange.rest))
        for number in numbers:
            client.calls.create(to=number, from_=LINE, twiml="<Response><Hangup/></Response>")

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.exchange.advance(seconds)


class _OutsideTransactions(InProcessTwilio):
    """The way to the network, watched: nobody may be asked while a transaction is open."""

    def __init__(self, rest: Any) -> None:
        super().__init__(rest)
        #: Every number that the network was asked to ring, and for how many seconds the call may last.
        self.dialed: list[tuple[str, int]] = []
        #: Every request: its method and its address.
        self.requests: list[tuple[str, str]] = []

    #: Happens once, when the network has done what it was asked next and before the answer has come back.
    meanwhile: Callable[[], None] | None = None
    #: Lets the time pass that a request is on its way, and the answer on its way back.
    travels: Callable[[], None] | None = None

    def request(self, *args: Any, **kwargs: Any) -> Any:
        assert not transaction_is_open(), "a provider was called inside a transaction"
        travels = self.travels or (lambda: None)
        travels()
        self.requests.append((args[0], args[1]))
        if args[0] == "POST" and args[1].endswith("/Calls.json"):
            data = kwargs["data"]
            self.dialed.append((data["To"], data["TimeLimit"]))
        answer = super().request(*args, **kwargs)
        travels()
        if meanwhile := self.meanwhile:
            self.meanwhile = None
            meanwhile()
        return answer

    def download(self, *args: Any) -> tuple[int, bytes]:
        assert not transaction_is_open(), "a provider was called inside a transaction"
        return super().download(*args)
