"""What unfolds moves nothing under the pointer, and the settings unfold on a telephone only."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import CallbackReason, CallbackState
from ivr.core import clock
from ivr.core.db import Database
from tests.support.browser import violations, without_browser
from tests.support.console_pages import Visit
from tests.support.intake_rows import an_intake

pytestmark = without_browser


@pytest.mark.parametrize("width", [360, pytest.param(1280, marks=pytest.mark.whole)])
def test_no_button_moves_when_one_unfolds(visit: Visit, database: Database, width: int) -> None:
    owes_a_call(database)
    page = visit("/callbacks", width=width, bypass_csp=True)
    before = places(page)
    for name in ("Postpone", "Close"):
        page.get_by_role("button", name=name).first.click()
    expect(page.get_by_role("button", name="In an hour")).to_be_visible()
    expect(page.get_by_label("Why no callback is needed")).to_be_visible()
    assert places(page) == before
    assert violations(page) == []
    page.get_by_role("button", name="In an hour").click()
    expect(page.get_by_role("button", name="In an hour")).to_be_hidden()  # it is done: it folds


def test_the_settings_are_a_list_at_the_side_and_a_fold_on_a_telephone(visit: Visit) -> None:
    page = visit("/settings/prices", role="owner")
    its = page.get_by_role("navigation", name="Settings")
    expect(its.get_by_role("link", name="Health")).to_be_visible()
    expect(its.locator("[aria-current]")).to_have_text("Prices")
    page.set_viewport_size({"width": 360, "height": 740})
    expect(its.get_by_role("link", name="Health")).to_be_hidden()
    its.locator("summary").click()
    its.get_by_role("link", name="Health").click()
    expect(its.locator("summary")).to_contain_text("Health")


def places(page: Page) -> list[Any]:
    rows = page.locator(".owed .buttons > form button, .owed .buttons > details > summary")
    return [one.bounding_box() for one in rows.all()]


def owes_a_call(database: Database) -> None:
    now = clock.now()
    with database.transaction() as session:
        session.add(an_intake(1, state="closed"))
        session.flush()
        kept: dict[str, Any] = dict.fromkeys(("due_at", "arrived_at", "created_at"), now)
        kept |= {"reason": CallbackReason.ASKED, "state": CallbackState.TASK, "number": "+14155552671"}
        session.add(Callback(intake_id=1, **kept))
