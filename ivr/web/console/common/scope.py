"""Which matters whoever is logged in may see. Every page that lists matters, or opens one, asks here."""

from collections.abc import Collection
from typing import Any

from flask_login import current_user
from sqlalchemy import Select, or_, select

from ivr.backoffice.estimates.bookings import visible
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing import visible_matters
from ivr.core.db import session
from ivr.web.console.common import permissions
from ivr.web.console.common.permissions import Action


def may(action: str) -> bool:
    """Whether whoever is logged in does this: a word of ``Action``."""
    return permissions.may(current_user.role, Action(action))


def among() -> Select[Any] | None:
    """Select the ids of the matters that they may see; None when they see all."""
    return None if may(Action.ALL_MATTERS) else visible.visible_to(current_user.id)


def hears(intake_id: int) -> bool:
    """Whether they may hear the recordings of this matter's calls."""
    if may(Action.ALL_MATTERS):
        return True
    mine = visible_matters.taken_by(current_user.id)
    return session.scalar(select(Intake.id).where(Intake.id == intake_id, Intake.id.in_(mine))) is not None


def seen(references: Collection[str]) -> Collection[str]:
    """Return those of the references whose matters they may see."""
    shown = among()
    if shown is None or not references:
        return references
    wanted = select(Intake.reference).where(Intake.reference.in_(references), Intake.id.in_(shown))
    return set(session.scalars(wanted))


def is_open(values: dict[str, Any]) -> bool:
    """Whether they may see the matter that a URL names, by its reference or by one of its callbacks.

    What does not exist is open: its page says so. So is a callback that a colleague has claimed: whoever was a moment
    slower is told who has it, and that is all.
    """
    shown = among()
    if shown is None:
        return True
    if "reference" in values:
        named = select(Intake.id).where(Intake.reference == str(values["reference"]).upper())
    elif "callback_id" in values:
        is_free = or_(Callback.claimed_by.is_(None), Callback.claimed_by == current_user.id)
        named = select(Callback.intake_id).where(Callback.id == values["callback_id"], is_free)
    else:
        return True
    # In one statement: between two of them a colleague may claim it.
    hidden = select(Intake.id).where(Intake.id.in_(named), Intake.id.not_in(shown))
    return session.scalar(hidden) is None
