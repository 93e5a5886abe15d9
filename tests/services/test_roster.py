"""The roster, as a service and from the command line, on a database of its own."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

import ivr.cli.staff_changes  # noqa: F401  # it adds to the group
from ivr.cli.staff import staff as staff_group
from ivr.company.mail.models import Mail
from ivr.company.policy import service as policy
from ivr.company.policy.service import Command
from ivr.company.staff import passwords, roster
from ivr.company.staff.models import Staff
from ivr.company.staff.second_factor import service as second_factor
from ivr.company.staff.second_factor.models import OneTimeCodes
from ivr.core import clock
from ivr.core.config import DESK, from_environment
from ivr.core.db import Database
from ivr.core.errors import Refusal
from ivr.core.phone_numbers import BadNumberError
from ivr.operations.schema import metadata
from ivr.platform.jobs.embedded import EmbeddedQueue
from ivr.services import Services, install

MARIA: dict[str, Any] = {
    "name": "Maria Lopez",
    "role": "technician",
    "phone": "(415) 555-2671",
    "email": "Maria@Example.com",
    "languages": ["es", "en"],
    "password": "a long enough one",
}

Run = Callable[..., Result]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/line.db", queue=EmbeddedQueue())
    metadata.create_all(database.engine)
    yield database
    database.engine.dispose()


@pytest.fixture
def run(database: Database) -> Run:
    app = Flask(__name__)
    install(app, Services(from_environment(DESK | {"SECRET_KEY": "k" * 40}), database))
    app.cli.add_command(staff_group)
    runner = app.test_cli_runner()
    return lambda *words, **more: runner.invoke(args=["staff", *words], **more)


def test_somebody_new_is_available_and_free(database: Database) -> None:
    before = clock.now()
    with database.transaction():
        roster.add(**MARIA)
    with database.reading():
        [maria] = roster.everyone()
    assert (maria.name, maria.role) == ("Maria Lopez", "technician")
    assert (maria.phone, maria.email) == ("+14155552671", "maria@example.com")
    assert maria.languages == ["es", "en"]
    assert (maria.is_available, maria.offer_id) == (True, None)
    assert before <= maria.idle_since == maria.created_at <= clock.now()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("415\N{NON-BREAKING HYPHEN}555\N{EN DASH}2671", "+14155552671"),
        ("tel:+1-415-555-2671", "+14155552671"),
        ("\N{LEFT-TO-RIGHT EMBEDDING}+52 55 1234 5678\N{POP DIRECTIONAL FORMATTING}", "+525512345678"),
    ],
)
def test_a_telephone_in_any_shape_is_kept_and_found(database: Database, typed: str, kept: str) -> None:
    with database.transaction():
        policy.change("dial_countries", "US, Mexico", Command("the owner"))
        roster.add(**{**MARIA, "phone": typed})
    with database.reading():
        assert roster.by_name_or_phone(typed).phone == kept


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"name": "  "}, roster.BadNameError),
        ({"name": "Maria\x00"}, roster.BadNameError),
        ({"name": "M" * 101}, roster.BadNameError),
        ({"role": "boss"}, roster.UnknownRoleError),
        ({"phone": "555 0100"}, BadNumberError),
        ({"phone": "anonymous"}, BadNumberError),
        ({"phone": "415-555-2671 x12"}, BadNumberError),
        ({"phone": "(510) 155-0100"}, BadNumberError),
        ({"email": "maria"}, roster.BadEmailError),
        ({"email": "maria@example"}, roster.BadEmailError),
        ({"email": "maria@example.com\nBcc: all@example.com"}, roster.BadEmailError),
        ({"email": "maria\x00@example.com"}, roster.BadEmailError),
        ({"email": "m" * 64 + "@" + "example." * 30 + "com"}, roster.BadEmailError),
        ({"languages": ["en", "fr"]}, roster.UnknownLanguageError),
        ({"password": "short"}, passwords.ShortPasswordError),
        ({"password": ""}, passwords.ShortPasswordError),
        ({"email": "other@example.com"}, roster.PhoneTakenError),
        ({"phone": "+15105550100"}, roster.EmailTakenError),
    ],
)
def test_what_is_refused(database: Database, change: dict[str, str], refusal: type[Refusal]) -> None:
    with database.transaction():
        roster.add(**MARIA)
    with database.transaction(), pytest.raises(refusal) as refused:
        roster.add(**{**MARIA, **change})
    assert refused.value.shown.endswith(".")
    with database.reading():
        assert len(roster.everyone()) == 1


def test_the_right_password_opens_and_no_other(database: Database) -> None:
    with database.transaction():
        roster.add(**MARIA)
        roster.add(name="Bo", role="operator", phone="+15105550100", email="bo@example.com", password=None)
    with database.reading():
        maria, bo = roster.by_email(" MARIA@example.com"), roster.by_email("bo@example.com")
        assert passwords.check_password(maria, "a long enough one")
        assert not passwords.check_password(maria, "a long enough two")
        assert not passwords.check_password(bo, "")
        assert not passwords.check_password(None, "a long enough one")
        assert roster.by_email("nobody@example.com") is None
        assert roster.by_email("maria\x00@example.com") is None
    assert maria is not None
    assert maria.password_hash is not None
    assert maria.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_nobody_and_somebody_take_equally_long(database: Database) -> None:
    with database.transaction():
        maria = roster.add(**MARIA)
        passwords.check_password(None, "warm")

        def fastest(who: Staff | None) -> float:
            times = []
            for _ in range(5):
                begun = time.perf_counter()
                passwords.check_password(who, "a wrong password")
                times.append(time.perf_counter() - begun)
            return min(times)

        assert fastest(None) > fastest(maria) / 3


def test_from_the_command_line(run: Run, database: Database) -> None:
    added = run(
        *("add", "Maria Lopez", "--role", "owner", "--phone", "4155552671", "--email", "maria@example.com"),
        *("--language", "en", "--language", "es", "--password-stdin"),
        input="a long enough one\n",
    )
    assert added.exit_code == 0, added.output
    assert "Maria Lopez is on the team: owner, +14155552671" in added.output
    with database.reading():
        assert passwords.check_password(roster.by_email("maria@example.com"), "a long enough one")

    assert json.loads(run("list", "--format", "json").output) == [
        {
            "name": "Maria Lopez",
            "role": "owner",
            "phone": "+14155552671",
            "email": "maria@example.com",
            "languages": ["en", "es"],
            "is_available": True,
            "can_log_in": True,
        }
    ]


def test_the_table_is_aligned(run: Run) -> None:
    assert "No one is on the team yet" in run("list").output
    run("add", "Maria Lopez", "--role", "owner", "--phone", "4155552671", "--email", "maria@example.com")
    run("add", "Bo", "--role", "technician", "--phone", "5105550100", "--email", "bo@example.com")
    lines = run("list").output.splitlines()
    assert " ".join(lines[0].split()) == "name role phone email languages is available can log in"
    assert [line.index("+1") for line in lines[1:]] == [lines[0].index("phone")] * 2
    assert [line.split()[0] for line in lines[1:]] == ["Bo", "Maria"]
    assert lines[1].endswith("yes           no"), "no password: no log-in"


def test_a_refusal_is_a_message_not_a_traceback(run: Run) -> None:
    refused = run("add", "Bo", "--role", "boss", "--phone", "5105550100", "--email", "bo@example.com")
    assert refused.exit_code == 1
    assert refused.output == "Error: There is no such role. Choose technician, field, operator or owner.\n"


RUTH: dict[str, Any] = {"name": "Ruth", "role": "owner", "phone": "+14155550131", "email": "ruth@example.com"}


@pytest.mark.parametrize("who", ["ruth", "+14155550131", "(415) 555-0131"])
def test_an_owner_has_a_pin_and_only_its_hash_is_kept(database: Database, run: Run, who: str) -> None:
    with database.transaction():
        roster.add(**RUTH)
    done = run("pin", who, "--pin-stdin", input="481516\n")
    assert (done.exit_code, "481516" in done.output) == (0, False)

    with database.reading():
        ruth = roster.by_name_or_phone("Ruth")
        assert ruth.pin_hash is not None
        assert "481516" not in ruth.pin_hash
        assert passwords.check_pin(ruth, "481516")
        assert not passwords.check_pin(ruth, "481517")
        assert not passwords.check_pin(ruth, "")


@pytest.mark.parametrize(
    ("who", "pin", "words"),
    [
        ("Ruth", "48151", "6 to 10 digits"),
        ("Ruth", "48151623421", "6 to 10 digits"),
        ("Ruth", "48151a", "6 to 10 digits"),
        ("Ruth", "४८१५१६", "6 to 10 digits"),
        ("Ruth", "777777", "not all the same"),
        ("Ruth", "123456", "not in a row"),
        ("Ruth", "987654", "not in a row"),
        ("Nobody", "481516", "No one has that name"),
    ],
)
def test_a_pin_that_cannot_be_is_refused_in_words(
    database: Database, run: Run, who: str, pin: str, words: str
) -> None:
    with database.transaction():
        roster.add(**RUTH)
        roster.add(**MARIA)
    refused = run("pin", who, "--pin-stdin", input=f"{pin}\n")
    assert refused.exit_code == 1
    assert words in refused.output


def test_a_pin_is_never_a_word_of_the_command(run: Run) -> None:
    assert run("pin", "Ruth").exit_code == 2
    assert run("pin", "Ruth", "--pin-stdin", "--clear").exit_code == 2


def test_a_pin_is_taken_away(database: Database, run: Run) -> None:
    with database.transaction():
        roster.add(**RUTH)
    run("pin", "ruth", "--pin-stdin", input="481516\n")
    assert run("pin", "ruth", "--clear").output == "Ruth has no PIN anymore.\n"
    none = run("pin", "ruth", "--clear")
    assert (none.exit_code, "They have no PIN." in none.output) == (1, True)


def test_a_link_is_printed_until_it_is_revoked(database: Database, run: Run) -> None:
    run(
        "add", "Ruth Owner", "--role", "owner", "--phone", "+14155550188", "--email", "ruth.owner@example.com"
    )
    done = run("link", "ruth owner")
    assert done.exit_code == 0, done.output
    assert "/t/" in done.output
    closed = run("link", "+14155550188", "--revoke")
    assert closed.output == "Every link of Ruth Owner is closed.\n"
    with database.transaction():
        ruth = roster.by_name_or_phone("Ruth Owner")
        assert ruth.link_version == 1
        ruth.is_active = False
    refused = run("link", "Ruth Owner")
    assert refused.exit_code == 1
    assert "They've left" in refused.output


def test_a_lost_second_factor_is_taken_away(database: Database, run: Run) -> None:
    with database.transaction() as session:
        roster.add(**MARIA)
        maria = roster.by_name_or_phone("Maria Lopez").id
        session.add(OneTimeCodes(staff_id=maria, secret="x", last_step=0, created_at=clock.now()))
    assert run("factor", "maria lopez").exit_code == 2, "not by mistake"
    done = run("factor", "maria lopez", "--take-away")
    assert done.output.startswith("Maria Lopez logs in with the password alone.")
    with database.reading() as session:
        assert not second_factor.is_on(maria)
        assert [one.to for one in session.scalars(select(Mail))] == ["maria@example.com"]
    none = run("factor", "Maria Lopez", "--take-away")
    assert (none.exit_code, "no second factor" in none.output) == (1, True)


def test_a_command_changes_what_it_names_and_nothing_else(database: Database, run: Run) -> None:
    with database.transaction():
        roster.add(**MARIA)
    done = run("change", "maria lopez", "--role", "operator", "--phone", "(415) 555-2672")
    assert done.output == "Maria Lopez: operator, +14155552672, maria@example.com, es en.\n"
    refused = run("change", "Maria Lopez", "--role", "queen")
    assert (refused.exit_code, "There is no such role" in refused.output) == (1, True)
    with database.reading() as session:
        assert [one.values["what"] for one in session.scalars(select(Mail))] == ["role"]


def test_a_command_sets_a_password_or_has_a_letter_do_it(database: Database, run: Run) -> None:
    with database.transaction():
        roster.add(**MARIA)
    for wrong in ([], ["--letter", "--password-stdin"]):
        assert run("password", "maria lopez", *wrong).exit_code == 2
    done = run("password", "maria lopez", "--password-stdin", input="another long one\n")
    assert (done.exit_code, "another" in done.output) == (0, False)
    with database.reading():
        assert passwords.check_password(roster.by_name_or_phone("maria lopez"), "another long one")
    assert "A link is on its way to maria@example.com." in run("password", "maria lopez", "--letter").output
    with database.reading() as session:
        letter = session.scalars(select(Mail).where(Mail.kind == "password_invitation")).one()
        assert (letter.to, letter.values["by"]) == ("maria@example.com", "Onsite Support")


def test_a_command_has_somebody_leave_and_come_back(database: Database, run: Run) -> None:
    with database.transaction():
        roster.add(**MARIA)
    assert run("log-out", "maria lopez").output == "There was nothing to end.\n"
    assert run("test-ring", "maria lopez").output == "Ringing (415) 555-2671 now.\n"
    assert run("leave", "maria lopez").output == "Maria Lopez has left.\n"
    with database.reading():
        assert not roster.by_name_or_phone("maria lopez").is_active
    assert run("password", "maria lopez", "--letter").exit_code == 1
    assert run("available", "maria lopez").output == "Error: Maria Lopez has left. Bring them back first.\n"
    assert run("back", "maria lopez").exit_code == 0
    with database.reading():
        maria = roster.by_name_or_phone("maria lopez")
        assert (maria.is_active, maria.is_available) == (True, False)
    assert run("available", "maria lopez").output == "Maria Lopez takes calls.\n"
    with database.reading():
        assert roster.by_name_or_phone("maria lopez").is_available
    assert run("available", "maria lopez", "--off").output == "Maria Lopez is away.\n"
