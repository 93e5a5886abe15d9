"""Whoever reads a copy of the database, without SECRET_KEY, finds no link in it that opens a page."""

from urllib.parse import urlsplit

from sqlalchemy import MetaData, select

from ivr.core.db import Seal
from tests.support.shop import Shop


def everything(sandbox: Shop) -> str:
    """Every column of every row, as the database has it: no type of ours opens it."""
    with sandbox.database.engine.connect() as connection:
        tables = MetaData()
        tables.reflect(connection)
        return "\n".join(
            str(row) for table in tables.sorted_tables for row in connection.execute(select(table)).all()
        )


def test_no_link_of_a_customer_is_kept_in_clear(sandbox: Shop) -> None:
    sandbox.client.get(f"/pay/{sandbox.quote}")
    page = sandbox.page()
    sandbox.client.post(f"/pay/{sandbox.quote}/again", data={"form_id": "a-form", "lang": "en"})
    sandbox.client.post(f"/sandbox-till/{page}", data={"form_id": "another-form", "press": "pay"})
    sandbox.work()

    assert any(f"/pay/{sandbox.quote}" in letter.text for letter in sandbox.outbox.letters()), (
        "the letter has it"
    )
    kept = everything(sandbox)
    assert page in kept, "the order is kept"
    _, _, secret = sandbox.quote.partition(".")
    assert sandbox.quote not in kept
    assert secret not in kept


def test_an_estimate_whose_letter_is_sealed_is_mailed_again(sandbox: Shop) -> None:
    sandbox.client.post(f"/pay/{sandbox.quote}/again", data={"lang": "en"})
    sandbox.work()

    latest = sandbox.outbox.letters()[0]
    assert urlsplit(sandbox.settings.public_url).netloc in latest.text
    assert f"/pay/{sandbox.quote}" in latest.text


def test_a_key_that_is_gone_opens_nothing_and_breaks_nothing(sandbox: Shop) -> None:
    sandbox.page()
    with sandbox.database.transaction():
        sandbox.database.engine.dialect.seal = Seal(["another key, and the first one is forgotten"])  # type: ignore[attr-defined]
    try:
        assert sandbox.client.post(f"/pay/{sandbox.quote}/again").status_code < 500
        assert sandbox.to_the_till().status_code == 303, "a new order"
    finally:
        sandbox.database.engine.dialect.seal = Seal(sandbox.settings.secret_keys)  # type: ignore[attr-defined]


def test_while_the_key_is_changed_both_are_read() -> None:
    before, both = Seal(["old" * 12]), Seal(["old" * 12, "new" * 12])

    assert both.opened(before.seal("the link")) == "the link"
    assert before.opened(both.seal("the link")) is None, "the new one seals"
    assert both.opened("gAAAAA-nothing-of-ours") is None
