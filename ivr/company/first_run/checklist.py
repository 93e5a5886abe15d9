"""What a new line still needs. Each item looks at itself (``items``), or at what the last check outside has found.

The list begins with the first owner who is made in a browser. It ends when everything is done, and is back when
something is missing again: the last operator has left, or has another telephone.
"""

from typing import Any, Final, cast

from sqlalchemy import Table, select

from ivr.company.first_run.items import LOOKS, Item, Said, Standing
from ivr.company.first_run.models import SetupCheck
from ivr.company.policy import service as policy
from ivr.company.policy.trail import Somebody
from ivr.core import clock
from ivr.core.config import Config
from ivr.core.db import insert_of, is_on_postgres, session

_BEGUN: Final = "begun"
_LONGEST: Final = 1000
_CONFIRMED: Final = {
    Said.COMPANY: "name and greeting are right",
    Said.HOURS: "the hours are right",
    Said.NO_PAYMENTS: "nobody pays online",
}


def begin(owner: Somebody) -> None:
    """Begin the list. Safe to repeat."""
    note(_BEGUN, is_well=True, words="", by=owner)


def is_begun() -> bool:
    return session.get(SetupCheck, _BEGUN) is not None


def note(name: str, *, is_well: bool, words: str, by: Somebody) -> None:
    """Keep what was found, in place of what was found before. Two may look at the same moment."""
    found: dict[str, Any] = {"is_well": is_well, "words": words[:_LONGEST]}
    found |= {"checked_at": clock.now(), "checked_by": by.name[:100]}
    adding = insert_of(cast("Table", SetupCheck.__table__), is_on_postgres()).values(name=name, **found)
    session.execute(adding.on_conflict_do_update(index_elements=["name"], set_=found))


def say(said: Said, by: Somebody) -> None:
    """Note that an owner has confirmed this."""
    note(said, is_well=True, words="", by=by)
    policy.record("Set-up checklist", "", _CONFIRMED[said], by)


def standings(config: Config) -> list[Standing]:
    """Return how each item stands now. It only reads."""
    kept = {one.name: one for one in session.scalars(select(SetupCheck))}
    return [LOOKS[item](config, kept) for item in Item]


def left(config: Config) -> list[Item]:
    """Return what is still to be done; nothing where no list has begun."""
    return [one.item for one in standings(config) if not one.is_done] if is_begun() else []
