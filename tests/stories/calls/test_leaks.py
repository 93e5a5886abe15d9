"""A whole matter, from the first ring to the payment, in which the database fails once, at any statement.

Its fault quotes the values, as PostgreSQL's do. The log tells of it, and of nobody who was in it.
"""

import json
import logging
import re
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import Any, Self

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import event, select

from ivr.backoffice.payments.models import Checkout
from ivr.company.mail.models import Mail
from ivr.company.policy import service as policy
from ivr.company.staff.models import Staff
from ivr.core.config import SIMULATED_TOKEN
from tests.support.console import token_in
from tests.support.kept import copied
from tests.support.logs import logs_go_to
from tests.support.openings import accepts
from tests.support.windows import let_in
from tests.support.world import LINE, World

#: In every field of the matter. The numbers are the customer's own, and one that they key.
CANARIES = {
    "contact_name": "Rosalinda Secretname",
    "contact_email": "rosalinda@private.example",
    "contact_number": "(415) 555-2672",
    "site_address": "77 Hiddenharbor Lane",
    "system_number": "+1 415.555.2673",
    "detailed_issue": "the pacemaker hums",
    "notes": "the key is under the doormat",
}
WORDS = "my pacemaker hums, ring 415 555 2674, card 4111 1111 1111 1111"
LEAKS = re.compile(
    r"Rosalinda|Secretname|private\.example|Hiddenharbor|pacemaker|doormat|555\W{0,3}267|4111|one one one",
    re.IGNORECASE,
)
#: So many of the statements in ``make test``; all of them with ``--whole``.
SAMPLES = 8


class Faults:
    """Fails the statement whose turn has come, once. A fault of the program's own every third time."""

    def __init__(self, world: World) -> None:
        self._engine = world.database.engine
        self.count = 0
        self.at = 0
        self.said = ""

    def __enter__(self) -> Self:
        event.listen(self._engine, "do_execute", self._execute)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "do_execute", self._execute)

    def _execute(self, _cursor: Any, statement: str, parameters: Any, _context: Any) -> None:
        self.count += 1
        if self.count == self.at:
            self.said = statement
            kind = (sqlite3.IntegrityError, sqlite3.ProgrammingError, ValueError)[self.at % 3]
            raise kind(f"Key (issue)=({parameters!r}) of {CANARIES} already exists")


def test_a_fault_at_any_statement_tells_of_nobody(
    sqlite_template: Path, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    def played(at: int) -> tuple[int, list[dict[str, Any]]]:
        return told_once(copied(sqlite_template, tmp_path / "line.db"), at)

    count, lines = played(0)
    assert count > 300, "the story is not told to its end"
    assert [line for line in lines if line["level"] in {"error", "critical"}] == []
    step = 1 if pytestconfig.getoption("--whole") else count // SAMPLES
    told = 0
    for at in range(step // 2 + 1, count, step):
        _, lines = played(at)
        told += any({"exception", "where"} & line.keys() for line in lines)
    assert told >= SAMPLES // 3, "the faults are not in the log"


def told_once(file: Path, at: int) -> tuple[int, list[dict[str, Any]]]:
    """Tell the story, in which the statement of this number fails. Returns the number of statements, and the log."""
    written = StringIO()
    broken = [Exception] if at else []
    with time_machine.travel(0, tick=False) as traveller, logs_go_to(written):
        logging.getLogger().setLevel(logging.DEBUG)
        world = World(f"sqlite:///{file}", traveller, address="http://localhost")
        world.app.testing = False  # a fault is answered and logged, as in production
        with Faults(world) as faults:
            faults.at = at
            for part in (calls, is_sold, pays):
                with suppress(*broken):  # a fault may end its part of the story
                    part(world)
            with suppress(*broken):
                world.advance(20)
        secrets = [*links(world), SIMULATED_TOKEN, "a secret of the tests"]
        world.database.engine.dispose()
    logging.getLogger().setLevel(logging.WARNING)
    text = written.getvalue()
    assert not LEAKS.search(text), (LEAKS.search(text), faults.said, text)
    assert not [one for one in secrets if one in text], faults.said
    return faults.count, [json.loads(line) for line in text.splitlines()]


def calls(world: World) -> None:
    """The customer says what is wrong, with all that should not be said, and talks with Dana."""
    people = world.people
    people.customer.dials(LINE).hears("For an onsite visit, press 1").presses("1")
    people.customer.hears("may we call you back").presses("2")
    people.customer.hears("Please enter the ten digits").presses("4155552674")
    people.customer.hears("If that is right, press 1").presses("1")
    people.customer.hears("what is going wrong").says(WORDS).hears("Please hold")
    accepts(people.dana)
    world.advance(5)


def is_sold(world: World) -> None:
    """Ruth fills in the intake, and sends the estimate."""
    with world.database.transaction():
        policy.change("hourly_rate_cents", "150", policy.Command("tests"))
    desk = logged_in(world)
    path = f"/intakes/{world.record()['reference']}"
    sent(desk, path, path, **CANARIES)
    sent(desk, path, f"{path}/estimate", extra_hours="2", do="send")
    desk.get(path)
    desk.get("/search", query_string={"q": "Secretname"})
    world.advance(5)


def pays(world: World) -> None:
    """The customer opens the link and pays."""
    customer = world.app.test_client()
    with world.database.reading() as session:
        link = session.scalars(select(Mail).where(Mail.kind == "estimate")).one().values["url"]
    path = link.removeprefix(world.address)
    customer.get(path)
    customer.post(f"{path}/checkout")
    with world.database.reading() as session:
        page = session.scalars(select(Checkout.page_id)).one()
    assert customer.post(f"/sandbox-till/{page}", data={"press": "pay"}).status_code == 303
    world.people.customer.hangs_up()


def sent(desk: FlaskClient, page: str, action: str, **fields: str) -> None:
    opened = desk.get(page).text
    form_id = re.findall('name="form_id" value="([^"]+)"', opened)
    told = desk.post(action, data={**fields, "csrf_token": token_in(opened), "form_id": form_id[0]})
    assert told.status_code == 303, told.text


def logged_in(world: World) -> FlaskClient:
    """The browser of the owner."""
    client = world.app.test_client()
    with world.database.reading() as session:
        ruth = session.scalars(select(Staff.id).where(Staff.name == "Ruth")).one()
    let_in(world.database, client, ruth)
    return client


def links(world: World) -> Iterator[str]:
    """What opens a page by itself."""
    with world.database.reading() as session:
        for mail in session.scalars(select(Mail)):
            yield from re.findall(r"/(?:pay|t)/([^\"'/]{13,})", json.dumps(mail.values))
        yield from filter(None, session.scalars(select(Checkout.page_id)))
