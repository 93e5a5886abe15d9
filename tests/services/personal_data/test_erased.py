"""One person is in every table, in files and at the network; once they are erased nothing of them is left anywhere."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, select, text

from ivr.backoffice.personal_data import archive, holds, rows, subject
from ivr.backoffice.personal_data import service as personal_data
from ivr.backoffice.personal_data.models import PersonRequest, RequestState
from ivr.backoffice.personal_data.registry import RULES
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.calls import service as calls
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.stages import Stage
from ivr.company.policy import service as policy
from ivr.company.staff import roster
from ivr.company.staff.models import Staff
from ivr.core.db import Base, SealedJSON
from ivr.platform.idempotency import service as idempotency
from ivr.platform.idempotency.requests import WebhookRequest
from ivr.platform.jobs import enqueue
from ivr.services import services
from tests.support.canaries import EMAIL, NUMBER, Planted, plant
from tests.support.openings import accepts, are_talking, gets_in_line
from tests.support.sales import Desk
from tests.support.world import Everybody, World

#: What is known of Rosa, who rang, was recorded, paid and had her visit.
ROSA = (
    "Rosa Diaz",
    "rosa@example.com",
    "1 Main St",
    "handsets are dead",
    "front desk are dead",
    "+14155552671",
)
#: What the databases differ in is told by the first two stories.
SQLITE_ALONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MONEY = ("ledger_entry", "payment_event", "payment_task")


def whole_story(world: World, people: Everybody) -> None:
    """Rosa's call is recorded; she gets an estimate, pays, and has her visit."""
    world.records_calls()
    gets_in_line_recorded(world, people)
    Desk(world).sends_the_estimate()
    Desk(world).is_paid()
    Desk(world).books()
    world.is_now("2026-11-24 12:00:00")
    Desk(world).notes_that_the_visit_is_done()


def gets_in_line_recorded(world: World, people: Everybody) -> None:
    customer = people.customer.dials("+18779437675")
    customer.hears("For an onsite visit, press 1").presses("1")
    customer.hears("may we call you back at").presses("1")
    customer.hears("what is going wrong").says("the phones at the front desk are dead")
    accepts(people.dana)
    are_talking(people.dana, people.customer)
    people.customer.says("It is the handsets that Rosa Diaz bought").waits(3)
    people.customer.hangs_up()
    world.advance(120)


#: What a scan of the rows does not see into.
SEALED = [
    column
    for table in Base.metadata.sorted_tables
    for column in table.columns
    if isinstance(column.type, SealedJSON)
]


def everything(world: World) -> str:
    """All rows of all tables of both engines, what is sealed opened, and all of the files."""
    engine = world.database.engine
    with engine.connect() as connection:
        names = inspect(connection).get_table_names()
        opened = repr([connection.execute(select(column)).all() for column in SEALED])
        found = repr([connection.execute(text(f'SELECT * FROM "{name}"')).all() for name in names])  # noqa: S608
    files = [*world.letters_folder.glob("*")]
    if engine.dialect.name == "sqlite":
        database = Path(engine.url.database or "")
        files += [
            database,
            *(file for file in database.parent.glob(f"{database.name}-*") if file.suffix != ".lock"),
        ]
    return found + opened + "".join(file.read_bytes().decode("latin-1") for file in files if file.is_file())


def at_the_network(world: World) -> str:
    """What the REST API of the network shows of calls and sounds."""
    legs = repr([(leg.from_number, leg.to_number) for leg in world.exchange.legs.values()])
    return legs + repr([clip.words for clip in world.exchange.recordings.clips.values()])


def ruth() -> Staff:
    return roster.by_name_or_phone("ruth")


def sums(world: World) -> dict[str, list[Any]]:
    """Every row of money, and what is kept of estimates."""
    with world.database.reading() as session:
        found = {name: session.execute(select(Base.metadata.tables[name])).all() for name in MONEY}
        quote = Base.metadata.tables["quote"]
        kept = [quote.c[name] for name in RULES["quote"].kept.split()]
        return {**{name: [*rows] for name, rows in found.items()}, "quote": [*session.execute(select(*kept))]}


def state(world: World, number: int = 1) -> RequestState:
    with world.database.reading() as session:
        return session.get_one(PersonRequest, number).state


def planted_in(world: World) -> Planted:
    with world.database.transaction():
        planted = plant()
        enqueue("no.such.job", email=EMAIL)
    world.advance(1)
    return planted


def test_one_person_in_every_table_is_exported_and_erased(world: World, people: Everybody) -> None:
    world.faults_expected = True  # the planted job has no handler
    planted = planted_in(world)
    before = everything(world)
    assert not {words for words in planted.words.values() if words not in before}, "not planted"
    money = sums(world)

    with world.database.reading():
        person = subject.find([NUMBER, EMAIL])
        found = archive.read(person)
    file = io.BytesIO()
    archive.write(found, services(world.app).telephone, file)
    with zipfile.ZipFile(file) as whole:
        data = whole.read("data.json").decode()
        sounds = "".join(
            whole.read(name).decode("latin-1") for name in whole.namelist() if name != "data.json"
        )
    shown = {
        (table, column): words
        for (table, column), words in planted.words.items()
        if column not in RULES[table].hidden.split() or column == "audio"
    }
    assert not {where for where, words in shown.items() if words not in data + sounds}, "not exported"
    assert json.loads(data)["intake"][0]["contact_email"] == EMAIL

    with world.database.transaction():
        number = personal_data.erase(person, by=ruth(), force=True).id
    world.advance(60)

    assert state(world, number) == RequestState.DONE
    after = everything(world)
    gone = {where: words for where, words in planted.words.items() if where != ("call", "sid")}
    assert not {where for where, words in gone.items() if words in after}
    assert NUMBER.removeprefix("+1") not in after, "it is a word of the search"
    assert sums(world) == money
    with world.database.reading():
        assert rows.counts(subject.find([NUMBER, EMAIL])) == {}


def test_a_customer_is_erased_here_and_at_the_network_and_the_sums_stay(
    world: World, people: Everybody
) -> None:
    whole_story(world, people)
    money = sums(world)
    assert all(words in everything(world) for words in ROSA)
    assert "+14155552671" in at_the_network(world)
    assert world.exchange.recordings.clips

    world.exchange.trouble.fail_rest("DELETE", "*/Calls/*", 503, "before")
    with world.database.transaction():
        request = personal_data.erase(subject.find(["Rosa Diaz"]), by=ruth(), force=True)
        assert request.counts["intakes"] == 1
    world.advance(1)
    assert state(world) == RequestState.WORKING, "the network did not delete the call: nothing is half-told"
    with world.database.transaction():
        late = WebhookRequest("CA" + 32 * "0", "/voice/status", {"From": "+14155552671"})
        idempotency.note("a report of another leg", late, "")
    world.advance(180)

    assert state(world) == RequestState.DONE
    assert not [words for words in ROSA if words in everything(world)]
    assert not world.exchange.recordings.clips
    assert "+14155552671" not in at_the_network(world)
    assert sums(world) == money
    with world.database.reading() as session:
        done = session.scalars(select(PersonRequest)).one()
        assert (done.words, done.left, done.matters) == ([], [], [[1, intakes.get(1).reference]])
        assert done.counts["emails"] == 2
        assert personal_data.erased()[0]["matters"] == done.matters


@SQLITE_ALONE
def test_a_worker_that_dies_in_the_middle_is_made_up_for(world: World, people: Everybody) -> None:
    whole_story(world, people)

    def dies() -> None:
        raise KeyboardInterrupt

    with world.database.transaction():
        personal_data.erase(subject.find(["rosa@example.com"]), by=ruth(), force=True)
    for _ in range(3):
        world.asked.meanwhile = dies
        with pytest.raises(KeyboardInterrupt):
            world.advance(15)
        assert state(world) == RequestState.WORKING
    world.advance(60)
    assert state(world) == RequestState.DONE
    assert not world.exchange.recordings.clips
    assert not [words for words in ROSA if words in everything(world)]


@SQLITE_ALONE
def test_what_is_open_must_be_ended_and_what_is_held_or_paid_stays(world: World, people: Everybody) -> None:
    gets_in_line(people.customer)
    with world.database.transaction(), pytest.raises(personal_data.InTheWayError, match="on the phone"):
        personal_data.erase(subject.find(["+14155552671"]), by=ruth(), force=True)
    people.customer.hangs_up()
    world.off_shift("dana", "tomas", "olive", "pedro", "ruth")
    Desk(world)
    with world.database.transaction():
        person = subject.find(["(415) 555-2671"])
        with pytest.raises(personal_data.InTheWayError, match=r"It is open\..*A callback is scheduled"):
            personal_data.erase(person, by=ruth())
        with pytest.raises(personal_data.OtherCountsError):
            personal_data.erase(person, by=ruth(), force=True, seen=1)
    Desk(world).sends_the_estimate()
    Desk(world).is_paid()
    with world.database.transaction(), pytest.raises(personal_data.InTheWayError, match="has paid"):
        personal_data.erase(person, by=ruth(), force=True)


@SQLITE_ALONE
def test_who_shares_a_number_keeps_what_is_theirs(world: World, people: Everybody) -> None:
    whole_story(world, people)
    now = world.clock.now()
    with world.database.transaction() as session:
        other = calls.new_intake("+14155552671")
        other.contact_name, other.contact_email, other.stage = "Luis Diaz", "luis@example.com", Stage.CLOSED
        due = {"due_at": now, "arrived_at": now, "created_at": now}
        session.add(
            Callback(intake_id=other.id, number="+14155552671", reason="dropped", state="done", **due)
        )
        theirs = other.id
    with world.database.transaction():
        assert len(subject.find(["+14155552671"]).intake_ids) == 2, "both are shown"
        hers = subject.of_references([intakes.get(1).reference])
        personal_data.erase(hers, by=ruth(), force=True)
    world.advance(60)
    assert state(world) == RequestState.DONE
    with world.database.reading() as session:
        other = intakes.get(theirs)
        assert (other.caller_number, other.contact_name) == ("+14155552671", "Luis Diaz")
        kept = select(Callback.number).where(Callback.intake_id == theirs)
        assert session.scalars(kept).one() == "+14155552671"
        assert intakes.get(1).caller_number is None


@SQLITE_ALONE
def test_the_address_for_callers_messages_finds_nobody(world: World, people: Everybody) -> None:
    with world.database.transaction():
        policy.change("operations_email", "office@example.com", policy.Command("tests"))
    world.is_now("2026-11-23 18:30:00")
    people.customer.dials("+18779437675").hears("To leave a message, press 2").presses("2")
    people.customer.hears("after the tone").says("the phones are dead").hears("Goodbye")
    world.advance(60)
    assert [letter.to for letter in world.letters()] == ["office@example.com"]
    with world.database.reading():
        assert subject.find(["office@example.com"]).intake_ids == ()
        with pytest.raises(subject.NobodyError):
            subject.find([" "])


@SQLITE_ALONE
def test_a_hold_keeps_a_matter_from_request_and_from_age(world: World, people: Everybody) -> None:
    whole_story(world, people)
    until = world.clock.now().replace(year=2030)
    with world.database.transaction():
        person = subject.find(["rosa@example.com"])
        holds.place(person.intake_ids, why="A dispute", until=until, by=ruth())
    with (
        world.database.transaction(),
        pytest.raises(personal_data.InTheWayError, match="It is held until 2030-11-24 by Ruth: A dispute"),
    ):
        personal_data.erase(person, by=ruth(), force=True)
    world.is_now("2029-01-08 09:00:00")
    purge = world.app.test_cli_runner().invoke(args=["purge"])
    assert "0  intakes" in purge.output
    with world.database.transaction():
        ((hold, _),) = holds.in_force()
        assert holds.lift(hold.id, by=ruth())
    world.is_now("2031-01-13 09:00:00")
    purge = world.app.test_cli_runner().invoke(args=["purge"])
    assert "1  intakes" in purge.output


@SQLITE_ALONE
def test_a_restored_backup_is_erased_again(world: World, people: Everybody, tmp_path: Path) -> None:
    whole_story(world, people)
    with world.database.reading():
        person = subject.find(["rosa@example.com"])
    kept = tmp_path / "erased.json"
    runner = world.app.test_cli_runner()
    reference = world.record()["reference"]
    kept.write_text(json.dumps([{"matters": [[1, reference], [1, "ZZZZZZ"], [77, reference]]}]))
    done = runner.invoke(args=["person", "again", str(kept), "--by", "ruth"])
    assert done.output == "Erased again: 1 intakes. The worker does the rest.\n"
    world.advance(120)
    assert person.intake_ids == (1,)
    assert "rosa@example.com" not in everything(world)


@SQLITE_ALONE
def test_the_command_finds_exports_asks_and_erases(world: World, people: Everybody, tmp_path: Path) -> None:
    whole_story(world, people)
    runner = world.app.test_cli_runner()

    def says(*words: str, **more: Any) -> str:
        done = runner.invoke(args=["person", *words], **more)
        assert done.exit_code == 0, done.output
        return done.output

    reference = world.record()["reference"]
    assert f"{reference}  2026-11-23  Rosa Diaz" in says("find", "415-555-2671")
    assert "Request 1, to be answered by 2027-01-08." in says(
        "asked", "rosa@example.com", "--kind", "erase", "--by", "ruth"
    )
    zipped = tmp_path / "rosa.zip"
    says("export", "rosa@example.com", "--to", str(zipped), "--by", "ruth")
    with zipfile.ZipFile(zipped) as whole:
        assert any(name.startswith("sounds/call-") for name in whole.namelist())
    assert zipped.stat().st_mode & 0o077 == 0

    refused = runner.invoke(args=["person", "erase", "rosa@example.com", "--by", "ruth"], input="n\n")
    assert "Erase this?" in refused.output
    assert "rosa@example.com" in everything(world)
    says("erase", "rosa@example.com", "--by", "ruth", "--yes", "--force")
    world.advance(120)
    receipt = says("requests", "1")
    assert "Request 1: erase, done." in receipt
    assert "1  intakes" in receipt
    assert not [words for words in ROSA if words in receipt]
