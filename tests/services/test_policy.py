"""What the owner may set: kept, refused in words, and written down."""

from collections.abc import Iterator

import pytest
from sqlalchemy import event

from ivr.company.policy import rules as policy_rules
from ivr.company.policy import service as policy
from ivr.company.policy import trail
from ivr.company.staff import roster
from ivr.company.staff.models import Staff
from ivr.core.db import Database
from ivr.core.errors import Refusal


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.engine.dispose()


@pytest.fixture
def ruth(database: Database) -> Staff:
    with database.transaction():
        return roster.add("Ruth", "owner", "+14155550131", "ruth@example.com")


def test_as_it_comes_it_is_what_the_company_says(database: Database) -> None:
    with database.reading():
        current = policy.current()

    assert (current.base_fee_cents, current.increment_cents, current.hourly_rate_cents) == (
        350_00,
        25_00,
        None,
    )
    assert (current.ring_seconds, current.longest_wait_seconds) == (20, 600)
    assert not current.recording_of_calls


def test_a_change_holds_from_then_on_and_is_written_down(database: Database, ruth: Staff) -> None:
    with database.transaction():
        assert policy.change("base_fee_cents", "$375", ruth)
        assert policy.current().base_fee_cents == 375_00
        assert not policy.change("base_fee_cents", "375", ruth)

    with database.reading():
        assert policy.current().base_fee_cents == 375_00
        (line,) = trail.lines(trail.Wanted(), limit=9)
    assert (line.staff_id, line.staff_name) == (ruth.id, "Ruth")
    assert (line.subject, line.before, line.after) == ("Onsite support fee", "$350", "$375")


def test_of_several_values_all_are_kept_or_none(database: Database, ruth: Staff) -> None:
    with database.transaction(), pytest.raises(policy.BadValuesError) as refused:
        policy.change_all({"base_fee_cents": "400", "ring_seconds": "soon", "retention_days": "1"}, ruth)

    assert refused.value.errors == {
        "ring_seconds": "Enter a whole number from 5 to 60.",
        "retention_days": "Enter a whole number from 30 to 3650.",
    }
    with database.reading():
        assert policy.current() == policy_rules.Policy()
        assert trail.lines(trail.Wanted(), limit=9) == []


def test_the_rate_stays_a_multiple_of_the_increment(database: Database, ruth: Staff) -> None:
    with database.transaction():
        with pytest.raises(policy.BadValuesError, match="multiple of the increment"):
            policy.change("hourly_rate_cents", "160", ruth)
        policy.change("hourly_rate_cents", "150", ruth)
        with pytest.raises(policy.BadValuesError) as refused:
            policy.change("increment_cents", "40", ruth)
        assert refused.value.errors.keys() == {"increment_cents"}
        assert policy.change_all({"increment_cents": "40", "hourly_rate_cents": "160"}, ruth)


def test_a_transaction_reads_it_once(database: Database) -> None:
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *seen: statements.append(seen[2]))

    with database.reading():
        policy.current()
        policy.current()

    assert sum("policies" in statement for statement in statements) == 1


@pytest.mark.parametrize("name", policy_rules.VALUES)
def test_what_is_written_can_be_read_again(name: str) -> None:
    kind = policy_rules.VALUES[name].kind
    default = policy_rules.VALUES[name].default

    assert kind.read(kind.write(default)) == default
    assert kind.show(default)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("base_fee_cents", "-5"),
        ("base_fee_cents", "350.50"),
        ("base_fee_cents", "٣٥٠"),
        ("hourly_rate_cents", "1e9"),
        ("ring_seconds", "20.5"),
        ("ring_seconds", "9" * 400),
        ("recording_of_calls", "perhaps"),
        ("company_name", " "),
        ("company_name", "n" * 81),
        ("company_address", "n" * 161),
        ("company_phone", "none"),
        ("company_phone", "877-943-7675 x2"),
        ("operations_email", "a@b"),
        ("languages", "en xx"),
    ],
)
def test_nonsense_is_refused_in_words(name: str, typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        policy_rules.value(name).kind.read(typed)

    assert refused.value.shown


def test_a_value_that_nobody_declared_cannot_be_set(database: Database, ruth: Staff) -> None:
    with database.transaction(), pytest.raises(policy_rules.UnknownValueError):
        policy.change("colour", "blue", ruth)
