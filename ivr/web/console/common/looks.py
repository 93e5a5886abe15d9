"""Notes in the audit trail what whoever is logged in has heard, read or taken out. Each opens its own transaction."""

from flask_login import current_user

from ivr.company.policy import trail
from ivr.company.policy.trail import Kind
from ivr.services import services


def looked(kind: Kind, subject: str) -> None:
    """Note that they heard or read it, once an hour: a player asks for one sound many times."""
    database = services().database
    with database.reading():  # takes no lock
        is_noted = trail.is_noted(kind, subject, current_user)
    if not is_noted:
        with database.transaction():
            trail.note_hourly(kind, subject, current_user)


def took_out(what: str, which: str) -> None:
    """Note that they took data out as a file."""
    with services().database.transaction():
        trail.note(Kind.EXPORT, what, current_user, after=which)
