"""Callbacks and follow-ups come a page at a time, and each page says of how many."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from ivr.backoffice.follow_ups.models import FollowUp
from ivr.callcenter.callbacks.models import Callback
from ivr.core.db import Database
from tests.support.console import OMAR, TARA, send
from tests.support.intake_rows import NOON, an_intake

CALLBACKS = re.compile(r'id="callback-(\d+)"')
FOLLOW_UPS = re.compile(r'id="follow-up-(\d+)"')


@pytest.fixture
def sixty(database: Database) -> None:
    """Sixty intakes, each with a callback and a follow-up; one of two is the operator's."""
    with database.transaction() as session:
        session.add_all([an_intake(number, state="message", operator_id=OMAR) for number in range(1, 61)])
        session.flush()
        for number in range(1, 61):
            due = NOON + timedelta(minutes=number)
            session.add(
                Callback(
                    intake_id=number,
                    number="+14155552671",
                    reason="message",
                    state="promised",
                    due_at=due,
                    arrived_at=NOON,
                    created_at=NOON,
                )
            )
            session.add(
                FollowUp(
                    intake_id=number,
                    cause="no_wrap_up",
                    subject_id=number,
                    owner_id=OMAR if number % 2 else TARA,
                    made_at=NOON,
                    due_at=due,
                )
            )


@pytest.mark.usefixtures("sixty")
def test_each_callback_is_on_one_page_the_longest_due_first(operator: FlaskClient) -> None:
    pages = [operator.get(f"/callbacks?page={number}").text for number in (1, 2, 3)]
    found = [int(one) for page in pages for one in CALLBACKS.findall(page)]
    assert found == list(range(1, 61))
    assert "60 to call" in pages[0]
    assert "Page 2 of 3" in pages[1]
    assert 'data-live="/callbacks/list?page=2"' in pages[1]
    assert "Page 2 of 3" in operator.get("/callbacks/list?page=2").text
    assert CALLBACKS.findall(operator.get("/callbacks?page=9").text) == [str(one) for one in range(51, 61)]
    assert operator.get("/callbacks?page=x").status_code == 404


@pytest.mark.usefixtures("sixty")
def test_what_is_refused_is_shown_on_its_own_page(operator: FlaskClient) -> None:
    refused = send(operator, "/callbacks/30/end", seen_on="/callbacks?page=2", reason="", page="2")
    assert refused.status_code == 422
    assert 'id="callback-30"' in refused.text


@pytest.mark.usefixtures("sixty")
def test_ones_own_follow_ups_come_first_on_all_pages(operator: FlaskClient) -> None:
    pages = [operator.get(f"/follow-ups?page={number}").text for number in (1, 2, 3)]
    found = [int(one) for page in pages for one in FOLLOW_UPS.findall(page)]
    assert found == [*range(1, 61, 2), *range(2, 61, 2)]
    assert "30 of yours" in pages[2]
    assert 'href="/callbacks">60 callbacks' in pages[0]
    assert "Page 3 of 3" in pages[2]
